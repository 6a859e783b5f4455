// Says so while the browser has no network, and how old the page is by then.
import { deskTime } from "./clock.js";
import { around, every, first } from "./page.js";

const notice = document.getElementById("offline");

if (notice) {
  const place = first(notice, "[data-as-of]", HTMLElement);
  let heard = deskTime();
  const tell = () => {
    if (place) place.textContent = `This page is as of ${heard}.`;
    notice.hidden = navigator.onLine;
  };
  document.addEventListener("htmx:after:swap", () => {
    heard = deskTime();
  });
  addEventListener("offline", tell);
  addEventListener("online", tell);
  tell();
}

/**
 * @param {HTMLElement} button
 * @param {boolean} rests without the network; the desk may have put it out of use itself
 */
function rest(button, rests) {
  if (rests && !button.hasAttribute("aria-disabled")) {
    button.setAttribute("aria-disabled", "true");
    button.dataset.rests = "yes";
  } else if (!rests && button.dataset.rests) {
    button.removeAttribute("aria-disabled");
    delete button.dataset.rests;
  }
}

/**
 * Without the network these buttons do nothing, and leave nothing to be done later. The
 * window hears of a press first: nobody else waits with it for the connection.
 * @param {HTMLElement} area
 * @param {string} buttons
 */
export function restsOffline(area, buttons) {
  const tell = () => {
    for (const button of every(area, buttons, HTMLElement)) rest(button, !navigator.onLine);
    const place = first(area, "[data-offline]", HTMLElement);
    if (place) place.textContent = navigator.onLine ? "" : (place.dataset.offline ?? "");
  };
  addEventListener(
    "click",
    (event) => {
      const button = around(event, buttons);
      if (navigator.onLine || !button || !area.contains(button)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
    },
    { capture: true },
  );
  addEventListener("offline", tell);
  addEventListener("online", tell);
  tell();
}

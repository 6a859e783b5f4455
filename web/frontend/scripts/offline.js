// Says so while the browser has no network, and how old the page is by then.
import { deskTime } from "./clock.js";
import { first } from "./page.js";

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

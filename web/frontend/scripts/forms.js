// What every form sent by htmx has in common: the token, and being busy.
import { renew, token } from "./signing.js";

document.addEventListener("htmx:config:request", (event) => {
  event.detail.ctx.request.headers["X-CSRFToken"] = token();
});

document.addEventListener("htmx:before:request", (event) => {
  if (event.target instanceof HTMLFormElement) event.target.classList.add("busy");
});

document.addEventListener("htmx:finally:request", (event) => {
  if (event.target instanceof HTMLFormElement) event.target.classList.remove("busy");
});

// The page is older than the sign-in: what was pressed goes once more, with a new token.
const again = new WeakSet();

/**
 * @param {HTMLElement} pressed
 * @param {HTMLElement | null} submitter
 */
async function goAgain(pressed, submitter) {
  again.add(pressed);
  if ((await renew()) === "in") {
    if (pressed instanceof HTMLFormElement) pressed.requestSubmit(submitter);
    else pressed.click();
  }
  setTimeout(() => again.delete(pressed), 1000);
}

document.addEventListener("htmx:after:request", (event) => {
  const { request, response, sourceElement } = event.detail.ctx;
  const pressed = sourceElement instanceof HTMLElement && sourceElement.matches("form, button");
  if (!pressed || !response?.headers.has("Desk-Form-Old") || again.has(sourceElement)) return;
  event.preventDefault();
  void goAgain(sourceElement, request.submitter);
});

// The network is gone, or the desk is: say so, and keep what was written.
document.addEventListener("htmx:error", (event) => {
  if (event.detail.ctx?.request?.method !== "POST") return;
  const toasts = document.getElementById("toasts");
  if (!toasts) return;
  const notice = document.createElement("div");
  notice.className = "notice bad";
  notice.setAttribute("role", "alert");
  const words = document.createElement("p");
  words.textContent =
    "The desk did not answer. What you wrote is still here: try again in a moment.";
  notice.append(words);
  toasts.replaceChildren(notice);
});

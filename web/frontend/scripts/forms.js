// What every form sent by htmx has in common: the token, and being busy.
const token = document.querySelector('meta[name="csrf-token"]')?.content;

document.addEventListener("htmx:config:request", (event) => {
  event.detail.ctx.request.headers["X-CSRFToken"] = token;
});

document.addEventListener("htmx:before:request", (event) => {
  if (event.target.matches?.("form")) event.target.classList.add("busy");
});

document.addEventListener("htmx:finally:request", (event) => {
  if (event.target.matches?.("form")) event.target.classList.remove("busy");
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

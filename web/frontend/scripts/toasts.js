// Toasts: good news goes by itself after 20 s, and waits while someone is at it.
// Bad news stays until it is closed.
const STAYS = 20_000;
const TICK = 250;
const box = document.getElementById("toasts");

document.documentElement.classList.add("has-script");

function closer(notice) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "toast-close";
  button.setAttribute("aria-label", "Close this message");
  button.innerHTML =
    '<svg class="icon small" aria-hidden="true"><use href="#i-cross"></use></svg>';
  button.addEventListener("click", () => notice.remove());
  return button;
}

// Being read, pointed at or tabbed into, or out of sight: the time stands still.
function attended() {
  return document.hidden || box.matches(":hover") || box.contains(document.activeElement);
}

function goesByItself(notice) {
  let left = STAYS;
  const timer = setInterval(() => {
    if (!attended()) left -= TICK;
    if (left <= 0) notice.remove();
    if (!notice.isConnected) clearInterval(timer);
  }, TICK);
}

// What goes out in ten seconds goes, whoever is reading: then there is no way back.
function undoEnds(form) {
  setTimeout(() => form.remove(), Number(form.dataset.undoFor) * 1000);
}

function take(notice) {
  if (notice.dataset.taken) return;
  notice.dataset.taken = "yes";
  notice.append(closer(notice));
  for (const form of notice.querySelectorAll("[data-undo-for]")) undoEnds(form);
  if (!notice.classList.contains("bad")) goesByItself(notice);
}

function takeAll() {
  for (const notice of box.querySelectorAll(":scope > .notice")) take(notice);
}

if (box) {
  takeAll();
  new MutationObserver(takeAll).observe(box, { childList: true });
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input, textarea, select");
    if (event.key === "Escape" && !typing) box.querySelector(".toast-close")?.click();
  });
}

// Focus: a browser that can't move an element whole (WebKit has no moveBefore) lets the
// focus go when a swap moves it. It is put back by name.
let held = "";

document.addEventListener("htmx:before:swap", () => {
  held = document.activeElement?.id || held;
});

document.addEventListener("htmx:after:swap", () => {
  const lost = !document.activeElement || document.activeElement === document.body;
  if (lost && held) document.getElementById(held)?.focus({ preventScroll: true });
  held = "";
});

// The paste field: Enter reads, Shift+Enter is a new line.
const form = document.querySelector("[data-paste]");

if (form) {
  const field = form.querySelector("textarea");
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    if (!form.classList.contains("busy")) form.requestSubmit();
  });
}

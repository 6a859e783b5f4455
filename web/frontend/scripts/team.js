// A link that is shown once is copied by a button; menus close when one looks away.
for (const button of document.querySelectorAll("[data-copies]")) {
  button.hidden = false;
  const field = document.getElementById(button.dataset.copies);
  const label = button.querySelector("span");
  field.addEventListener("focus", () => field.select());
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(field.value);
      label.textContent = "Copied";
    } catch {
      field.focus(); // no clipboard without https: the link is selected instead
      label.textContent = "Press Ctrl+C to copy";
    }
  });
}

const menus = document.querySelectorAll("details.member-more");

function closeMenus(but) {
  for (const menu of menus) if (menu !== but) menu.open = false;
}

if (menus.length) {
  document.addEventListener("click", (event) =>
    closeMenus(event.target.closest("details.member-more")),
  );
  document.addEventListener("keydown", (event) => {
    const open = event.key === "Escape" && document.querySelector(".member-more[open]");
    if (!open) return;
    open.open = false;
    open.querySelector("summary").focus();
  });
}

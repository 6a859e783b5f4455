// The list of zones narrows to what is typed; without JavaScript it is whole.
const form = document.querySelector("[data-zones]");

if (form) {
  const list = form.querySelector("select");
  const groups = [...list.querySelectorAll("optgroup")];
  const known = groups.map((group) => [group, [...group.children]]);
  const usual = list.options[0];
  const search = form.querySelector("[data-zone-search]");
  const field = search.querySelector("input");
  const told = form.querySelector("[data-zone-count]");

  const plain = (text) =>
    text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/[_/,]/g, " ");

  // Options are taken out and put back: browsers show hidden ones in lists.
  function narrow() {
    const words = plain(field.value).split(" ").filter(Boolean);
    const chosen = list.value;
    const kept = [];
    for (const [group, options] of known) {
      const fit = options.filter((option) => {
        const text = plain(`${option.value} ${option.textContent}`);
        return words.every((word) => text.includes(word));
      });
      group.replaceChildren(...fit);
      if (fit.length) kept.push(group);
    }
    list.replaceChildren(...(words.length ? kept : [usual, ...kept]));
    list.value = chosen;
    const found = kept.flatMap((group) => [...group.children]);
    if (words.length && found.length === 1) found[0].selected = true;
    told.textContent = !words.length
      ? ""
      : `${found.length || "No"} zone${found.length === 1 ? "" : "s"} found`;
  }

  search.hidden = false;
  field.addEventListener("input", narrow);
  field.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") {
      event.preventDefault();
      list.focus();
      if (list.selectedIndex < 0 && list.options.length) list.selectedIndex = 0;
    }
    if (event.key === "Enter" && list.selectedIndex < 0) event.preventDefault();
  });
}

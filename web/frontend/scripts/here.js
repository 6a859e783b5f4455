// Who else has this share open, by the live stream; and that one's own page is here. It
// speaks up every few seconds, and says when its person writes, and in which tab.
import { byId, every, first, isField } from "./page.js";
import { doing, doingWords, initialsOf, isNews, SPEAKS_EVERY } from "./rules/here.js";

const HUES = 4;
const list = byId("here", HTMLElement);
const { live } = document.body.dataset;

/**
 * @param {HTMLElement} shown the list of the others
 * @param {string} address
 */
function presence(shown, address) {
  const to = new URL("here", new URL(address, location.href));
  let seat = "";
  /** @type {{ at: number, tab: string } | null} */
  let typed = null;
  /** @type {import("./rules/here.js").Doing | null} */
  let said = null;
  /** @type {import("./rules/here.js").Someone[]} */
  let people = [];

  const does = () => {
    const open = first(document, "[data-share] input[name=open]", HTMLInputElement);
    return doing(open?.value ?? shown.dataset.tab ?? "0", typed, performance.now());
  };

  function speak() {
    if (!seat) return;
    said = does();
    const words = new URLSearchParams({ seat, tab: said.tab, writes: said.writes ? "1" : "" });
    // Whoever is not heard is not here: there is nobody to tell that it failed.
    fetch(to, { method: "POST", body: words, credentials: "omit" }).catch(() => undefined);
  }

  const draw = () => {
    shown.replaceChildren(...people.map(drawn));
    shown.hidden = !people.length;
    dots(people);
  };

  document.body.addEventListener("deskSeat", (event) => {
    seat = event.detail;
    speak();
  });
  document.body.addEventListener("deskHere", (event) => {
    people = JSON.parse(event.detail);
    draw();
  });
  document.addEventListener("htmx:after:swap", () => dots(people));
  document.addEventListener("input", ({ target }) => {
    if (!isField(target) || !target.closest("form:is([data-share], [data-post])")) return;
    const card = target.closest("[data-card]");
    typed = { at: performance.now(), tab: (card instanceof HTMLElement && card.dataset.card) || "0" };
    if (isNews(does(), said)) speak();
  });
  setInterval(speak, SPEAKS_EVERY);
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) seat = ""; // its stream ends, and the next one brings another
  });
}

/**
 * @param {number} tab
 * @returns {HTMLElement | null} where a dot of this tab stands
 */
function dotOf(tab) {
  return first(document, `[data-here-dot="${tab}"]`, HTMLElement);
}

/** @param {import("./rules/here.js").Someone} one */
function drawn(one) {
  const item = document.createElement("li");
  const face = document.createElement("span");
  face.className = `initial hue-${(one.id % HUES) + 1}`;
  face.setAttribute("aria-hidden", "true");
  face.textContent = initialsOf(one.name);
  const says = document.createElement("span");
  says.className = "here-say";
  const name = document.createElement("b");
  name.textContent = one.name;
  says.append(name, ` ${doingWords(one, dotOf(one.tab)?.dataset.name)}`);
  item.title = says.textContent ?? "";
  item.append(face, says);
  return item;
}

/**
 * A dot at each tab that somebody writes in.
 * @param {import("./rules/here.js").Someone[]} people
 */
function dots(people) {
  for (const dot of every(document, "[data-here-dot]", HTMLElement)) {
    const writers = people.filter((one) => one.writes && String(one.tab) === dot.dataset.hereDot);
    dot.hidden = !writers.length;
    const words = writers.map((one) => `${one.name} is writing here`).join(", ");
    dot.title = words;
    const unseen = first(dot, ".unseen", HTMLElement);
    if (unseen) unseen.textContent = words;
  }
}

if (list && live) presence(list, live);

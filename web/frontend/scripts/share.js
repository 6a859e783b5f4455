// Compose: a share on one page, with a tab for each channel. Times, counts and words come
// from the desk: this only shows, hides and asks.
import htmx from "htmx.org";
import { restsOffline } from "./offline.js";
import { around, byId, every, first, isField, the } from "./page.js";
import { readingWords, sharingCommandOf, tabAfter } from "./rules/sharing.js";
import { saveNow } from "./saving.js";
import { afterSaving, candidates, hashtags, saving, watch } from "./writing.js";

const PLAN_AFTER = 150;
const PLAN_TYPED = 400; // a time that is being typed
const GREY_AFTER = 300; // what takes less is not worth a sign
const LINES = ".sheet input, [data-times]"; // Enter in these sends nothing out
const DECLINED = "link-declined"; // in the session: the link that is no story
const MENUS = "details.when, details.drawer, details.sets";
const form = first(document, "form[data-share]", HTMLFormElement);

/** @param {HTMLFormElement} share */
function tabsOf(share) {
  return every(share, "[role=tab]", HTMLButtonElement);
}

/** @param {HTMLFormElement} share */
function openField(share) {
  return the(share, "input[name=open]", HTMLInputElement);
}

/**
 * @param {HTMLFormElement} share
 * @param {string} number the post whose preview is seen
 */
function look(share, number) {
  for (const one of every(share, "[data-preview]", HTMLElement)) {
    one.hidden = one.dataset.preview !== number;
    if (!one.hidden) the(share, "[data-look-name]", HTMLElement).textContent = one.dataset.name ?? "";
  }
}

/**
 * This tab is open, and no other, whatever the page shows.
 * @param {HTMLFormElement} share
 * @param {string} number of a post; "0": that of all
 */
function open(share, number) {
  openField(share).value = number;
  for (const tab of tabsOf(share)) {
    const chosen = tab.value === number;
    tab.setAttribute("aria-selected", String(chosen));
    tab.tabIndex = chosen ? 0 : -1;
    const panel = byId(tab.getAttribute("aria-controls") ?? "", HTMLElement);
    if (panel) panel.hidden = !chosen;
    if (chosen) tab.scrollIntoView({ block: "nearest", inline: "nearest" });
  }
  if (number !== "0") look(share, number);
}

/**
 * @param {HTMLFormElement} share
 * @param {string | undefined} number
 */
function tabOf(share, number) {
  return tabsOf(share).find((tab) => tab.value === number);
}

/** @param {HTMLFormElement} share */
function tabs(share) {
  share.addEventListener("click", (event) => {
    const tab = around(event, "[role=tab]");
    if (!(tab instanceof HTMLButtonElement)) return;
    event.preventDefault();
    open(share, tab.value);
  });
  the(share, "[role=tablist]", HTMLElement).addEventListener("keydown", (event) => {
    const its = tabsOf(share);
    const to = tabAfter(event.key, its.findIndex((tab) => tab === event.target), its.length);
    if (to === null) return;
    event.preventDefault();
    open(share, its[to]?.value ?? "0");
    its[to]?.focus();
  });
  document.addEventListener("htmx:after:swap", () => open(share, openField(share).value));
  open(share, openField(share).value);
}

/** @param {HTMLFormElement} share */
function arrows(share) {
  const shown = () => every(share, "[data-preview]", HTMLElement);
  for (const button of every(share, "[data-look]", HTMLButtonElement)) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const its = shown();
      const at = its.findIndex((one) => !one.hidden);
      const to = its[(at + Number(button.dataset.look) + its.length) % its.length];
      look(share, to?.dataset.preview ?? "");
    });
  }
}

/**
 * What is to be mended opens its tab, and the field where that is done.
 * @param {HTMLFormElement} share
 */
function fixes(share) {
  share.addEventListener("click", (event) => {
    const fix = around(event, "[data-fix]");
    if (!(fix instanceof HTMLButtonElement)) return;
    event.preventDefault();
    mend(share, fix);
  });
}

/**
 * @param {HTMLFormElement} share
 * @param {HTMLButtonElement} fix
 */
function mend(share, fix) {
  const field = byId(fix.dataset.fix, HTMLElement);
  step(share, field?.closest(".wheres, .bar") ? "when" : "write");
  open(share, fix.value);
  const folded = field?.closest("details");
  if (folded) folded.open = true;
  field?.focus();
}

/**
 * Which channels, and when: the desk says what comes of it.
 * @param {HTMLFormElement} share
 */
function plans(share) {
  const place = byId("plan-say", HTMLElement);
  if (!place) return;
  let timer = 0;
  let keeps = false; // which channels are left out
  const ask = (after = PLAN_AFTER) => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const to = keeps ? share.dataset.channels : share.dataset.plan;
      keeps = false;
      void htmx.ajax("POST", to ?? "", { source: place, swap: "none" });
    }, after);
  };
  share.addEventListener("input", (event) => {
    const time = around(event, "[data-times]");
    if (time instanceof HTMLInputElement && time.type === "text") ask(PLAN_TYPED);
  });
  share.addEventListener("change", (event) => {
    const takes = around(event, "[data-takes]");
    if (takes instanceof HTMLInputElement) {
      tabOf(share, takes.value)?.classList.toggle("is-off", !takes.checked);
      keeps = true;
    }
    if (takes || around(event, "[data-times]")) ask();
  });
  share.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && around(event, "[data-times]")) ask();
  });
  document.addEventListener("htmx:after:request", (event) => {
    const { request, response } = event.detail.ctx;
    const { plan, channels } = share.dataset;
    const planned = [plan, channels].includes(request.action);
    if (request.method === "POST" && response && response.status < 400 && !planned) ask();
  });
}

/**
 * What was unfolded stays so, when the desk draws it anew.
 * @param {HTMLFormElement} share
 */
function unfolded(share) {
  /** @type {Map<string, boolean>} */
  const were = new Map();
  const its = () => every(share, "details.own-of", HTMLDetailsElement);
  document.addEventListener("htmx:before:swap", () => {
    for (const one of its()) were.set(one.id, one.open);
  });
  document.addEventListener("htmx:after:swap", () => {
    for (const one of its()) one.open ||= were.get(one.id) ?? false;
  });
}

/**
 * One press takes the channels of a set, and leaves the others out.
 * @param {HTMLFormElement} share
 */
function sets(share) {
  share.addEventListener("click", (event) => {
    const set = around(event, "[data-set]");
    if (!set) return;
    event.preventDefault();
    const its = (set.dataset.set ?? "").split(" ");
    for (const one of every(share, "[data-takes]", HTMLInputElement)) {
      if (one.checked === its.includes(one.value)) continue;
      one.checked = !one.checked;
      one.dispatchEvent(new Event("change", { bubbles: true }));
    }
  });
  share.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !around(event, "#set-name")) return;
    event.preventDefault();
    press(share, "[data-keep-set]");
  });
}

/** One menu of a time at once; it closes as a menu does.
 * @param {HTMLFormElement} share
 */
function menus(share) {
  const its = () => every(share, MENUS, HTMLDetailsElement);
  share.addEventListener(
    "toggle",
    ({ target }) => {
      if (!(target instanceof HTMLDetailsElement) || !target.open) return;
      if (!its().includes(target)) return;
      for (const other of its()) if (other !== target) other.open = false;
    },
    { capture: true },
  );
  document.addEventListener("click", ({ target }) => {
    for (const one of its()) {
      if (one.open && target instanceof Node && !one.contains(target)) one.open = false;
    }
  });
  share.addEventListener("click", (event) => {
    const why = around(event, "[data-why]");
    if (!why) return;
    event.preventDefault();
    event.stopPropagation(); // else it closes at once
    openTime(share, why.dataset.why);
  });
}

/**
 * @param {HTMLFormElement} share
 * @param {string | undefined} number
 */
function openTime(share, number) {
  const when = byId(`when-${number}`, HTMLDetailsElement);
  if (!when) return;
  step(share, "when");
  when.open = true;
  first(when, "summary", HTMLElement)?.focus();
}

/** @param {HTMLFormElement} share */
function closeMenu(share) {
  const menu = first(share, "details:is(.when, .drawer, .sets)[open]", HTMLDetailsElement);
  if (!menu) return false;
  menu.open = false;
  first(menu, "summary", HTMLElement)?.focus();
  return true;
}

/** @param {HTMLFormElement} share */
function nothingSaid(share) {
  return byId("share-text", HTMLTextAreaElement)?.value.trim() === "" && share.querySelector("[data-takes]:checked") !== null;
}

/**
 * Nothing goes out: the first thing to be mended is shown instead.
 * @param {HTMLFormElement} share
 */
function nothingGoes(share) {
  share.addEventListener(
    "submit",
    (event) => {
      const main = first(share, "[data-schedule]", HTMLButtonElement);
      if (event.submitter !== main || main?.dataset.good !== "0") return;
      event.preventDefault();
      event.stopImmediatePropagation();
      const fix = first(share, "[data-fix]", HTMLButtonElement);
      if (fix) mend(share, fix);
      else first(share, nothingSaid(share) ? "#share-text" : "details.when > summary", HTMLElement)?.focus();
    },
    { capture: true },
  );
}

/**
 * On a small screen: first the words, then where and when.
 * @param {HTMLFormElement} share
 * @param {"write" | "when"} to
 */
function step(share, to) {
  share.dataset.step = to;
}

/** @param {HTMLFormElement} share */
function steps(share) {
  const next = first(share, "[data-next]", HTMLElement);
  const back = first(share, "[data-to-text]", HTMLElement);
  if (!next || !back) return;
  let scrolled = 0;
  next.hidden = back.hidden = false;
  step(share, "write");
  next.addEventListener("click", () => {
    scrolled = scrollY;
    step(share, "when");
    scrollTo(0, 0);
    back.focus({ preventScroll: true });
  });
  back.addEventListener("click", () => {
    step(share, "write");
    scrollTo(0, scrolled);
    next.focus({ preventScroll: true });
  });
}

/**
 * @param {HTMLFormElement} share
 * @param {Event} event
 */
function goBack(share, event) {
  if (closeMenu(share)) return;
  const elsewhere = event.defaultPrevented || document.querySelector("dialog[open]");
  const toast = document.querySelector("#toasts .toast-close");
  if (elsewhere || toast || !share.dataset.back) return;
  location.assign(share.dataset.back);
}

/**
 * @param {HTMLFormElement} share
 * @param {number} digit
 */
function toTab(share, digit) {
  const tab = tabsOf(share)[digit];
  if (!tab) return;
  open(share, tab.value);
  const panel = byId(tab.getAttribute("aria-controls") ?? "", HTMLElement);
  if (panel) first(panel, "textarea", HTMLElement)?.focus();
}

/**
 * @param {HTMLFormElement} share
 * @param {string} selector of a button that sends the form
 */
function press(share, selector) {
  const button = first(share, selector, HTMLButtonElement);
  if (button && !button.disabled) button.click();
}

/** @param {HTMLFormElement} share */
function keys(share) {
  /** @type {Record<string, (event: KeyboardEvent) => void>} */
  const does = {
    schedule: () => press(share, "[data-schedule]"),
    publish: () => press(share, "[data-publish]"),
    save: () => saveNow(share),
    tab: (event) => toTab(share, Number(event.code.slice(-1))),
    time: () => openTime(share, openField(share).value),
    picture: () => first(share, ".pics :is(textarea, .file)", HTMLElement)?.focus(),
  };
  document.addEventListener("keydown", (event) => {
    const inLine = event.target instanceof Element && event.target.matches(LINES);
    const command = sharingCommandOf(event, inLine);
    if (command === "back") goBack(share, event);
    const act = command ? does[command] : undefined;
    if (!act) return;
    act(event);
    event.preventDefault();
  });
}

/**
 * A channel that says its own words is drawn so at the first letter.
 * @param {HTMLFormElement} share
 */
function ownWords(share) {
  share.addEventListener("input", ({ target }) => {
    if (!isField(target) || !target.name.startsWith("text-")) return;
    target.closest(".writer")?.classList.remove("is-following");
  });
}

/**
 * The desk offers once to read a link: whoever keeps it as text is asked no more.
 * @param {HTMLFormElement} share
 */
function offeredLink(share) {
  share.addEventListener("click", (event) => {
    const hint = around(event, "[data-declines]")?.closest("[data-link]");
    if (!(hint instanceof HTMLElement)) return;
    sessionStorage.setItem(DECLINED, hint.dataset.link ?? "");
    hint.hidden = true;
    byId("share-text", HTMLTextAreaElement)?.focus();
  });
  return () => {
    const hint = first(share, "[data-link]", HTMLElement);
    if (!hint) return;
    hint.hidden = hint.dataset.link === sessionStorage.getItem(DECLINED);
    the(hint, "[data-declines]", HTMLElement).hidden = false;
  };
}

/**
 * While a story is read, it is said for how long; what it will offer is grey till then.
 * @param {HTMLFormElement} share
 */
function tellsReading(share) {
  let timer = 0;
  let grey = 0;
  const hintOf = (/** @type {EventTarget | null} */ target) => target instanceof Element && target.matches("[data-reads]") ? first(share, "[data-link]", HTMLElement) : null;
  share.addEventListener("htmx:before:request", ({ target }) => {
    const hint = hintOf(target);
    if (!hint) return;
    const place = the(hint, "[data-reading]", HTMLElement);
    const began = performance.now();
    const say = () => {
      place.textContent = readingWords(Math.round((performance.now() - began) / 1000));
    };
    say();
    timer = setInterval(say, 1000);
    grey = setTimeout(() => hint.classList.add("is-reading"), GREY_AFTER);
  });
  share.addEventListener("htmx:finally:request", ({ target }) => {
    const hint = hintOf(target);
    if (!hint) return;
    clearInterval(timer);
    clearTimeout(grey);
    hint.classList.remove("is-reading");
  });
}

if (form) {
  const share = form;
  saving(share);
  watch(share, candidates(share), hashtags(share), offeredLink(share));
  tellsReading(share);
  restsOffline(share, "[data-schedule], [data-publish]");
  afterSaving(share);
  ownWords(share);
  if (share.querySelector("[role=tablist]")) {
    tabs(share);
    arrows(share);
    fixes(share);
    plans(share);
    menus(share);
    sets(share);
    unfolded(share);
    nothingGoes(share);
    steps(share);
  }
  keys(share);
}

// Compose: candidates, the main button, the keys, and two steps on a small screen.
import { saveNow, settle, typed } from "./saving.js";

const forms = document.querySelectorAll("[data-compose], [data-post]");

function saving(form) {
  form.addEventListener("input", (event) => {
    const card = event.target.closest("[data-card]");
    if (card && event.target.matches("textarea, input:not([type])")) typed(card);
  });
  form.addEventListener("change", (event) => {
    const card = event.target.closest("[data-card]");
    if (card && event.target.matches("input[type=url]")) typed(card, 0);
    if (event.target.matches("input[type=file]")) {
      event.target.closest(".upload").querySelector("[data-uploads]").click();
    }
  });
}

// A form is sent after the savings on their way: they raise the revision it names.
function afterSaving(form) {
  const wait = (event, again) => {
    const waits = settle();
    if (!waits) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    waits.then(again);
  };
  form.addEventListener(
    "submit",
    (event) => wait(event, () => form.requestSubmit(event.submitter)),
    { capture: true },
  );
  document.addEventListener( // a button of this form may stand elsewhere
    "click",
    (event) => {
      const button = event.target.closest?.("[data-settles]");
      if (button?.form === form) wait(event, () => button.click());
    },
    { capture: true },
  );
}

// As if it were typed, so that Ctrl+Z brings back what stood there.
function write(field, text) {
  field.focus();
  field.select();
  if (!document.execCommand("insertText", false, text)) {
    field.value = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

function press(chips) {
  const field = document.getElementById(chips.dataset.candidates);
  for (const chip of chips.querySelectorAll("[data-text]")) {
    chip.setAttribute("aria-pressed", String(chip.dataset.text === field.value));
  }
}

// The hashtag as a word of its own: #Iran is not in #IranWar.
function found(tag) {
  return new RegExp(`[ ]?(?<![\\p{L}\\p{N}_])${tag}(?![\\p{L}\\p{M}\\p{N}_])`, "u");
}

function pressTags(chips) {
  const field = document.getElementById(chips.dataset.tags);
  for (const chip of chips.children) {
    chip.setAttribute("aria-pressed", String(found(chip.dataset.tag).test(field.value)));
  }
}

// Into the last line where that holds hashtags alone, else into one of its own.
function toggleTag(field, tag) {
  const text = field.value.trimEnd();
  if (found(tag).test(text)) {
    return write(field, text.replace(found(tag), "").replaceAll("\n ", "\n").trimEnd());
  }
  const joint = /(^|\n)(#\S+ ?)+$/.test(text) ? " " : text && "\n\n";
  write(field, `${text}${joint}${tag}`);
}

function hashtags(form) {
  const show = () => {
    for (const chips of form.querySelectorAll("[data-tags]")) {
      chips.hidden = false;
      pressTags(chips);
    }
  };
  form.addEventListener("input", show);
  form.addEventListener("click", (event) => {
    const chip = event.target.closest("[data-tag]");
    if (!chip) return;
    toggleTag(document.getElementById(chip.parentElement.dataset.tags), chip.dataset.tag);
  });
  return show;
}

function candidates(form) {
  const show = () => {
    for (const chips of form.querySelectorAll("[data-candidates]")) {
      chips.hidden = false;
      press(chips);
    }
  };
  form.addEventListener("input", show);
  form.addEventListener("click", (event) => {
    const chip = event.target.closest("[data-candidates] button");
    if (!chip) return;
    const chips = chip.parentElement;
    const field = document.getElementById(chips.dataset.candidates);
    const undo = chips.querySelector("[data-former]");
    const before = field.value;
    write(field, chip === undo ? undo.dataset.former : chip.dataset.text);
    undo.hidden = chip === undo;
    undo.dataset.former = before;
  });
  return show;
}

function ticked(card) {
  return card.querySelector("input[name=posts]")?.checked ?? true;
}

// What keeps a post from going out: its words, or a time that its channel doesn't have.
function hindered(form, card) {
  const when = form.querySelector("input[name=when]:checked")?.value;
  const slotless = when === "slot" && card.dataset.slot === "no";
  return Boolean(card.querySelector(".problems")) || slotless;
}

function showProblem(form) {
  const cards = [...form.querySelectorAll("[data-card]")].filter(ticked);
  const link = cards.map((card) => card.querySelector(".problems a")).find(Boolean);
  const field = link && document.getElementById(link.hash.slice(1));
  if (field) field.focus();
  else form.querySelector("input[name=when]:checked")?.focus();
}

// "Publish now on 4 channels": another button than the one that schedules.
function sayNow(button, good) {
  const [words, unit] = [`Publish now on ${good}`, ` channel${good === 1 ? "" : "s"}`];
  const said = button.querySelector("span");
  if (said.textContent !== words + unit) {
    said.firstChild.data = words;
    said.lastElementChild.textContent = unit;
  }
  button.disabled = !good;
}

// "Schedule on 4 channels", "Schedule 3 · fix 1", or "Fix 1" where none can go out.
function mainButton(form) {
  const button = form.querySelector("[data-schedule]");
  if (!button) return () => {};
  const { verb } = button.dataset;
  const now = form.querySelector("[data-publish]");
  const leftOut = new Set();
  const choose = () => {
    for (const box of form.querySelectorAll("input[name=posts]")) {
      if (box.checked) leftOut.delete(box.value);
      else leftOut.add(box.value);
    }
  };
  const say = () => {
    const cards = [...form.querySelectorAll("[data-card]")];
    for (const card of cards) {
      const box = card.querySelector("input[name=posts]");
      box.checked = !leftOut.has(box.value); // a card that was drawn anew is ticked
      card.dataset.off = String(!ticked(card));
      const jump = form.querySelector(`.strip [href="#${card.id}"]`);
      jump?.classList.toggle("is-off", !ticked(card));
    }
    const chosen = cards.filter(ticked);
    const bad = chosen.filter((card) => hindered(form, card)).length;
    const good = chosen.length - bad;
    const many = `${good} channel${good === 1 ? "" : "s"}`;
    const whole = verb === "Schedule" ? `${verb} on ${many}` : `${verb}: ${many}`;
    const partly = good ? `${verb} ${good} · fix ${bad}` : `Fix ${bad}`;
    const words = chosen.length ? (bad ? partly : whole) : "Tick a channel first";
    if (button.textContent !== words) button.textContent = words;
    button.dataset.good = String(good);
    button.setAttribute("aria-disabled", String(!chosen.length));
    if (now) sayNow(now, chosen.filter((card) => !card.querySelector(".problems")).length);
  };
  form.addEventListener("change", choose);
  form.addEventListener("change", say);
  form.addEventListener(
    "submit",
    (event) => {
      if (button.dataset.good !== "0") return;
      event.preventDefault();
      event.stopImmediatePropagation();
      showProblem(form);
    },
    { capture: true },
  );
  choose();
  return say;
}

// Cards are changed in place, by answers whose own button may be gone by then.
function watch(form, ...looks) {
  const all = () => looks.forEach((look) => look());
  new MutationObserver(all).observe(form, { childList: true, subtree: true });
  all();
}

function jump(form, number) {
  const card = form.querySelectorAll("[data-card]")[number - 1];
  card?.scrollIntoView({ block: "start" });
  card?.querySelector("textarea").focus({ preventScroll: true });
}

function toPicture(form) {
  const cards = [...form.querySelectorAll("[data-card]")];
  const at = cards.find((card) => card.contains(document.activeElement)) ?? cards[0];
  at?.querySelector(".picture :is(textarea, button, input)")?.focus();
}

function back(form, event) {
  const elsewhere = event.defaultPrevented || document.querySelector("dialog[open]");
  const toast = document.querySelector("#toasts .toast-close");
  if (elsewhere || toast || !form.dataset.back) return;
  location.assign(form.dataset.back);
}

function keys(form) {
  document.addEventListener("keydown", (event) => {
    const control = event.ctrlKey || event.metaKey;
    const digit = event.code.match(/^Digit([1-9])$/)?.[1];
    if (event.isComposing) return;
    if (control && event.key === "Enter") {
      const main = form.querySelector("[data-schedule]");
      form.requestSubmit(main ?? form.querySelector("button.main:not([type])"));
    } else if (control && event.key.toLowerCase() === "s") saveNow(form);
    else if (event.altKey && digit) jump(form, Number(digit));
    else if (event.altKey && event.code === "KeyI") toPicture(form);
    else if (event.key === "Enter" && event.target.matches?.("[data-card] input")) {
      saveNow(form); // Enter in a line saves; it schedules nothing
    } else if (event.key === "Escape") return back(form, event);
    else return;
    event.preventDefault();
  });
}

// On a small screen: first the words, then the time, each with its button in reach.
function steps(form) {
  const bar = form.querySelector("[data-bar]");
  if (!bar) return;
  const next = bar.querySelector("[data-next]");
  const go = (step, focused) => {
    bar.dataset.step = step;
    focused?.focus();
  };
  next.hidden = false;
  go("write");
  next.addEventListener("click", () => go("when", bar.querySelector("[name=when]:checked")));
  bar.querySelector("[data-write]").addEventListener("click", () => go("write", next));
}

for (const form of forms) {
  saving(form);
  watch(form, candidates(form), hashtags(form), mainButton(form));
  afterSaving(form);
  keys(form);
  steps(form);
  if (document.querySelector("#toasts .bad")) showProblem(form);
}

// Where there is room for the whole article beside its posts, it stands open.
for (const whole of document.querySelectorAll("details.whole")) {
  whole.open = matchMedia("(min-width: 1560px)").matches;
}

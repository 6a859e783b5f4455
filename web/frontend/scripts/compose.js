// Compose: autosave with the server's own count, candidates, and the main button.
import htmx from "htmx.org";

const PAUSE = 350;

function values(card) {
  const fields = card.querySelectorAll(
    "textarea[name], input[type=hidden][name], input[type=url][name]",
  );
  return Object.fromEntries([...fields].map((field) => [field.name, field.value]));
}

// One saving at a time for each card, always with the newest text and revision.
// Gives what waits until nothing is on its way any more.
function autosave(card) {
  let timer = null;
  let saving = null;

  async function save() {
    timer = null;
    await saving;
    saving = htmx.ajax("POST", card.dataset.write, {
      source: document.getElementById(`saved-${card.dataset.card}`),
      values: values(card),
      swap: "none",
    });
    await saving;
    saving = null;
  }

  function typed(pause) {
    card.querySelector(".saved").textContent = "";
    clearTimeout(timer);
    timer = setTimeout(save, pause);
  }

  card.addEventListener("input", (event) => {
    if (event.target.matches("textarea")) typed(PAUSE);
  });
  card.addEventListener("change", (event) => {
    if (event.target.matches("input[type=url]")) typed(0);
  });

  return () => {
    clearTimeout(timer);
    timer = null;
    return saving;
  };
}

// A form is sent after the savings on their way: they raise the revision it names.
function afterSaving(form, quiet) {
  form.addEventListener(
    "submit",
    (event) => {
      const waits = quiet.map((settle) => settle()).filter(Boolean);
      if (!waits.length) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      const { submitter } = event;
      Promise.allSettled(waits).then(() => form.requestSubmit(submitter));
    },
    { capture: true },
  );
}

function candidates(card) {
  const chips = card.querySelector("[data-candidates]");
  if (!chips) return;
  const field = document.getElementById(chips.dataset.candidates);
  const press = () => {
    for (const chip of chips.children) {
      chip.setAttribute("aria-pressed", String(chip.dataset.text === field.value));
    }
  };
  chips.hidden = false;
  field.addEventListener("input", press);
  chips.addEventListener("click", (event) => {
    const chip = event.target.closest("[data-text]");
    if (!chip) return;
    field.value = chip.dataset.text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  });
}

// "Schedule on 4 channels", or "Schedule 3 · fix 1" where one can't go out.
function mainButton(form) {
  const button = form.querySelector("[data-schedule]");
  if (!button) return;
  const say = () => {
    const cards = [...form.querySelectorAll("[data-card]")];
    const ticked = cards.filter((card) => {
      const box = card.querySelector("input[name=posts]");
      card.dataset.off = String(!box.checked);
      return box.checked;
    });
    const bad = ticked.filter((card) => card.querySelector(".problems")).length;
    const good = ticked.length - bad;
    const verb = button.dataset.verb;
    const many = `${good} channel${good === 1 ? "" : "s"}`;
    const whole = verb === "Schedule" ? `Schedule on ${many}` : `${verb} ${many}`;
    const partly = `${verb.replace(":", "")} ${good} · fix ${bad}`;
    button.textContent = bad ? partly : whole;
    button.setAttribute("aria-disabled", String(ticked.length === 0));
  };
  form.addEventListener("change", say);
  document.addEventListener("htmx:after:swap", say);
  form.addEventListener("submit", (event) => {
    if (button.getAttribute("aria-disabled") === "true") event.preventDefault();
  });
  say();
}

function controlEnter(form) {
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit(form.querySelector("[data-schedule], .button.main"));
    }
  });
}

for (const form of document.querySelectorAll("[data-compose], [data-post]")) {
  const cards = [...form.querySelectorAll("[data-card]")];
  cards.forEach(candidates);
  afterSaving(form, cards.map(autosave));
  mainButton(form);
  controlEnter(form);
}

// On a small screen the posts come first, and the article is one touch away.
for (const whole of document.querySelectorAll("details.whole")) {
  if (matchMedia("(max-width: 900px)").matches) whole.open = false;
}

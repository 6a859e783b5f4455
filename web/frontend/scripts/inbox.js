// The inbox: Enter reads what was pasted, a file is read when it is dropped or chosen,
// a reading can be given up, rows have keys.
import htmx from "htmx.org";
import { forPage } from "./keys.js";

const LINK = /^\s*https?:\/\/(?:www\.)?([^/\s]+)\S*\s*$/;
const form = document.querySelector("[data-paste]");

function enterReads(field) {
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    if (field.value.trim() && !form.classList.contains("busy")) form.requestSubmit();
  });
}

// What is being done, and for how long; a slow site is named.
function tells(field) {
  const place = form.querySelector("[data-reading]");
  let timer = null;
  document.addEventListener("htmx:before:request", (event) => {
    if (event.target !== form) return;
    const began = performance.now();
    const site = field.value.match(LINK)?.[1];
    const file = form.querySelector("[data-file]").files[0]?.name;
    const doing = `Reading ${file ?? site ?? "the text"}`;
    const say = () => {
      const seconds = Math.round((performance.now() - began) / 1000);
      const slow = seconds >= 8 ? ". The site is slow to answer" : "";
      place.textContent = `${doing} and drafting posts${seconds ? `, ${seconds} s` : ""}${slow}`;
    };
    say();
    timer = setInterval(say, 1000);
  });
  document.addEventListener("htmx:finally:request", (event) => {
    if (event.target === form) clearInterval(timer);
  });
}

// One file at a time; it is read at once, and forgotten when that is over.
function takesFiles() {
  const chosen = form.querySelector("[data-file]");
  const holdsFiles = (event) => event.dataTransfer?.types.includes("Files");
  let depth = 0; // dragging over a child leaves its parent
  const over = (by) => {
    depth = by === 0 ? 0 : depth + by;
    form.classList.toggle("dropping", depth > 0);
  };
  form.addEventListener("dragenter", (event) => holdsFiles(event) && over(1));
  form.addEventListener("dragleave", (event) => holdsFiles(event) && over(-1));
  form.addEventListener("dragover", (event) => holdsFiles(event) && event.preventDefault());
  form.addEventListener("drop", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    over(0);
    if (form.classList.contains("busy")) return;
    const first = new DataTransfer();
    first.items.add(event.dataTransfer.files[0]);
    chosen.files = first.files;
    form.requestSubmit();
  });
  chosen.addEventListener("change", () => chosen.files.length && form.requestSubmit());
  document.addEventListener("htmx:finally:request", (event) => {
    if (event.target === form) chosen.value = "";
  });
}

function gives(field) {
  const giveUp = () => {
    if (!form.classList.contains("busy")) return;
    htmx.trigger(form, "htmx:abort");
    form.classList.remove("busy");
    field.focus();
  };
  form.querySelector("[data-give-up]").addEventListener("click", giveUp);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") giveUp();
  });
}

// s and x press the buttons of the row that has the focus; the focus stays in the list.
function rowKeys(event) {
  if (!forPage(event)) return;
  if (event.key === "p" && form) {
    event.preventDefault();
    form.querySelector("textarea").focus();
  }
  const row = document.activeElement?.closest?.(".article-row");
  const button = row?.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (!button) return;
  const rows = [...document.querySelectorAll(".article-row")];
  const next = rows[rows.indexOf(row) + 1] ?? rows[rows.indexOf(row) - 1];
  const kept = [row.id, next?.id];
  const answered = new MutationObserver(() => {
    answered.disconnect();
    if (document.activeElement?.closest?.(".article-row")) return;
    const there = kept.map((id) => id && document.getElementById(id)).find(Boolean);
    there?.querySelector("h3 a").focus();
  });
  answered.observe(document.getElementById("toasts"), { childList: true });
  button.click();
}

if (form) {
  const field = form.querySelector("textarea");
  enterReads(field);
  tells(field);
  gives(field);
  takesFiles();
}

if (document.getElementById("articles")) document.addEventListener("keydown", rowKeys);

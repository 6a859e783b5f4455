// The inbox: Enter reads what was pasted, a reading can be given up, rows have keys.
import htmx from "htmx.org";
import { forPage } from "./keys.js";

const LINK = /^\s*https?:\/\/(?:www\.)?([^/\s]+)\S*\s*$/;
const form = document.querySelector("[data-paste]");

function enterReads(field) {
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    if (!form.classList.contains("busy")) form.requestSubmit();
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
    const doing = site ? `Reading ${site}` : "Reading the text";
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
}

if (document.getElementById("articles")) document.addEventListener("keydown", rowKeys);

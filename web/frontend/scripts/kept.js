// Kept words: what this browser holds for a person, in IndexedDB. Its transactions end
// with their tab. So each record is noted first where writing takes no time at all
// (localStorage), and the note goes once the record is in.
import { person } from "./signing.js";

/**
 * @typedef {import("./rules/keeping.js").Words} Words
 * @typedef {import("./rules/keeping.js").Key} Key
 */

const NOTE = "kept-words ";
/** @param {Key} key */
const noteOf = (key) => NOTE + key.join("\n");

function storage() {
  try {
    return localStorage;
  } catch {
    return null; // forbidden in this browser
  }
}

const notes = storage();

/** @returns {Promise<IDBDatabase>} */
function open() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open("standfirst", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("words", { keyPath: "key" });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
    asked.onblocked = () => reject(asked.error);
  });
}

const shown = document.getElementById("kept-words"); // not on every page
export const opened = person && shown ? open().catch(() => null) : Promise.resolve(null);

/**
 * One transaction; null where this browser keeps nothing, else what was asked, or true.
 * @param {IDBTransactionMode} mode
 * @param {(words: IDBObjectStore) => IDBRequest | void} work
 * @returns {Promise<unknown>}
 */
async function store(mode, work) {
  const database = await opened;
  if (!database) return null;
  return new Promise((resolve) => {
    const change = database.transaction("words", mode);
    const words = change.objectStore("words");
    const asked = work(words);
    change.oncomplete = () => resolve(asked?.result ?? true);
    change.onerror = () => resolve(null);
    change.onabort = () => resolve(null);
  });
}

const mine = () => IDBKeyRange.bound([person], [person, []]);

/** @returns {Promise<Words[]>} */
export async function kept() {
  const found = await store("readonly", (words) => words.getAll(mine()));
  return Array.isArray(found) ? found.sort((a, b) => a.at - b.at) : [];
}

/** @param {Key[]} keys */
export function forget(...keys) {
  for (const key of keys) notes?.removeItem(noteOf(key));
  return store("readwrite", (words) => {
    for (const key of keys) words.delete(key);
  });
}

/**
 * @param {Key} key
 * @param {string} text
 */
export function forgetText(key, text) {
  const noted = notes?.getItem(noteOf(key));
  if (noted && JSON.parse(noted).text === text) notes?.removeItem(noteOf(key));
  return store("readwrite", (words) => {
    const asked = words.get(key);
    asked.onsuccess = () => {
      if (asked.result?.text === text) words.delete(key);
    };
  });
}

/** @param {Words} record */
export async function write(record) {
  const noted = note(record);
  const written = await store("readwrite", (words) => {
    const asked = words.put(record);
    words.transaction.commit(); // at once: a tab that hangs does not hear of the put
    return asked;
  });
  if (written || !(await opened)) drop(record, noted);
  return written;
}

// ---- notes of what is not in yet

/** @param {Words} record */
function note(record) {
  const noted = JSON.stringify(record);
  try {
    notes?.setItem(noteOf(record.key), noted);
  } catch {
    // full: the record is safe as soon as its transaction ends, as ever
  }
  return noted;
}

/**
 * Not one that says something newer by now.
 * @param {Words} record
 * @param {string} noted
 */
function drop({ key }, noted) {
  if (notes?.getItem(noteOf(key)) === noted) notes.removeItem(noteOf(key));
}

/**
 * Takes in what tabs left behind in their notes, whoever wrote it.
 * @param {(record: Words) => boolean} left
 */
export async function gather(left) {
  const names = Object.keys(notes ?? {}).filter((name) => name.startsWith(NOTE));
  /** @type {Words[]} */
  const records = names.map((name) => JSON.parse(notes?.getItem(name) ?? "null"));
  for (const record of records.filter(left)) await write(record);
}

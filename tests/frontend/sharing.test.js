// Keys and tabs of the page of a share.
import assert from "node:assert/strict";
import { test } from "node:test";
import { readingWords, secondsUntil, sharingCommandOf, tabAfter } from "../../web/frontend/scripts/rules/sharing.js";

/** @param {Partial<import("../../web/frontend/scripts/rules/sharing.js").KeyPress>} press */
function pressed(press, inLine = false) {
  const none = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, isComposing: false };
  return sharingCommandOf({ key: "a", code: "KeyA", ...none, ...press }, inLine);
}

test("Ctrl with Enter schedules, and with Shift publishes", () => {
  assert.equal(pressed({ key: "Enter", ctrlKey: true }), "schedule");
  assert.equal(pressed({ key: "Enter", ctrlKey: true, shiftKey: true }), "publish");
});

test("Alt with a digit opens a tab, 0 that of all", () => {
  assert.equal(pressed({ key: "0", code: "Digit0", altKey: true }), "tab");
  assert.equal(pressed({ key: "3", code: "Digit3", altKey: true }), "tab");
});

test("Alt with T opens its time, with I its picture", () => {
  assert.equal(pressed({ key: "t", code: "KeyT", altKey: true }), "time");
  assert.equal(pressed({ key: "i", code: "KeyI", altKey: true }), "picture");
});

test("a letter that is being composed asks for nothing", () => {
  assert.equal(pressed({ key: "0", code: "Digit0", altKey: true, isComposing: true }), null);
});

test("arrows walk the tabs and come round", () => {
  assert.equal(tabAfter("ArrowDown", 0, 3), 1);
  assert.equal(tabAfter("ArrowDown", 2, 3), 0);
  assert.equal(tabAfter("ArrowUp", 0, 3), 2);
  assert.equal(tabAfter("End", 0, 3), 2);
  assert.equal(tabAfter("Home", 2, 3), 0);
  assert.equal(tabAfter("a", 1, 3), null);
});

test("seconds are whole, and end at nothing", () => {
  assert.equal(secondsUntil(10_000, 500), 10);
  assert.equal(secondsUntil(10_000, 11_000), 0);
});

test("while a story is read, its seconds are told from the first on", () => {
  assert.equal(readingWords(0), "Reading the story");
  assert.equal(readingWords(2), "Reading the story, 2 s");
});

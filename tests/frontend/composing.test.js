// The keys of a page on which a post is written.
import assert from "node:assert/strict";
import { test } from "node:test";
import { commandOf } from "../../web/frontend/scripts/rules/composing.js";

/** @param {Partial<import("../../web/frontend/scripts/rules/composing.js").KeyPress>} press */
function pressed(press, inLine = false) {
  const none = { ctrlKey: false, metaKey: false, altKey: false, isComposing: false };
  return commandOf({ key: "a", code: "KeyA", ...none, ...press }, inLine);
}

test("Ctrl or Command with Enter schedules, from a line too", () => {
  assert.equal(pressed({ key: "Enter", ctrlKey: true }), "schedule");
  assert.equal(pressed({ key: "Enter", metaKey: true }, true), "schedule");
});

test("Enter saves a line, and is a new line of a text", () => {
  assert.equal(pressed({ key: "Enter" }, true), "save");
  assert.equal(pressed({ key: "Enter" }), null);
});

test("Ctrl with S saves, with Caps Lock too; S alone is a letter", () => {
  assert.equal(pressed({ key: "s", ctrlKey: true }), "save");
  assert.equal(pressed({ key: "S", ctrlKey: true }), "save");
  assert.equal(pressed({ key: "s" }), null);
});

test("Alt with a digit or I goes to a card or its picture, whatever letter it makes", () => {
  assert.equal(pressed({ key: "¡", code: "Digit1", altKey: true }), "jump");
  assert.equal(pressed({ key: "º", code: "Digit0", altKey: true }), null);
  assert.equal(pressed({ key: "ı", code: "KeyI", altKey: true }), "picture");
  assert.equal(pressed({ key: "1", code: "Digit1" }), null);
  assert.equal(pressed({ key: "i", code: "KeyI" }), null);
});

test("Escape goes back", () => {
  assert.equal(pressed({ key: "Escape", code: "Escape" }), "back");
});

test("a key that composes a letter is no command", () => {
  assert.equal(pressed({ key: "Enter", isComposing: true }, true), null);
  assert.equal(pressed({ key: "Escape", isComposing: true }), null);
});

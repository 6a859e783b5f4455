// How long a toast is seen.
import assert from "node:assert/strict";
import { test } from "node:test";
import { lifeOf } from "../../web/frontend/scripts/rules/toasts.js";

const GOOD = { bad: false, stays: false, undo: false };

test("good news goes after ten seconds", () => {
  assert.equal(lifeOf(GOOD), 10_000);
});

test("Undo is there for as long as the guide promises", () => {
  assert.equal(lifeOf({ ...GOOD, undo: true }), 20_000);
});

test("bad news, and good news of which something is left, stay until they are closed", () => {
  assert.equal(lifeOf({ ...GOOD, bad: true }), Number.POSITIVE_INFINITY);
  assert.equal(lifeOf({ ...GOOD, stays: true, undo: true }), Number.POSITIVE_INFINITY);
});

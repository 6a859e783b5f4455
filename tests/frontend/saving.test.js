// Saving: what a failed one asks for, and what goes by itself.
import assert from "node:assert/strict";
import { test } from "node:test";
import { afterMissed, goes } from "../../web/frontend/scripts/rules/saving.js";

test("a saving goes again where nothing answered, or the desk could not", () => {
  for (const status of [0, 408, 429, 500, 502, 503]) {
    assert.equal(afterMissed(status), "again", String(status));
  }
});

test("a saving by whoever is signed out asks to sign in", () => {
  assert.equal(afterMissed(401), "in");
});

test("a saving that was refused waits for a person", () => {
  for (const status of [302, 400, 403, 404, 409, 422]) {
    assert.equal(afterMissed(status), "person", String(status));
  }
});

const idle = { busy: false, halfALink: false, waits: false, unsaved: true };

test("unsaved words of an idle card go by themselves", () => {
  assert.equal(goes(idle, false), true);
});

test("nothing goes where all is saved, something is on its way, or half a link stands", () => {
  assert.equal(goes({ ...idle, unsaved: false }, false), false);
  assert.equal(goes({ ...idle, busy: true }, false), false);
  assert.equal(goes({ ...idle, halfALink: true }, false), false);
});

test("what waits for a person goes once that person is back", () => {
  assert.equal(goes({ ...idle, waits: true }, false), false);
  assert.equal(goes({ ...idle, waits: true }, true), true);
});

test("a person who is back sends no card that is busy", () => {
  assert.equal(goes({ ...idle, waits: true, busy: true }, true), false);
});

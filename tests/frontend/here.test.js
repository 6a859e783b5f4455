// Who else has a share open, in words; and when a page speaks up.
import assert from "node:assert/strict";
import { test } from "node:test";
import { doing, doingWords, initialsOf, isNews, WRITES_FOR } from "../../web/frontend/scripts/rules/here.js";

const mika = { id: 2, name: "Mika Oduya", tab: 12, writes: true };

test("whoever writes is said to, with the channel where the page knows it", () => {
  assert.equal(doingWords(mika, "X"), "is writing, X");
  assert.equal(doingWords(mika, undefined), "is writing");
  assert.equal(doingWords({ ...mika, writes: false }, "X"), "is reading");
});

test("a name has the letters of its first and last word", () => {
  assert.equal(initialsOf("Mika Oduya"), "MO");
  assert.equal(initialsOf("ada van der Berg"), "AB");
  assert.equal(initialsOf("Noor"), "N");
  assert.equal(initialsOf(" "), "");
});

test("somebody writes from their last letter on for some seconds, in that tab", () => {
  const typed = { at: 1_000, tab: "12" };

  assert.deepEqual(doing("0", null, 1_000), { tab: "0", writes: false });
  assert.deepEqual(doing("0", typed, 1_000 + WRITES_FOR - 1), { tab: "12", writes: true });
  assert.deepEqual(doing("0", typed, 1_000 + WRITES_FOR), { tab: "0", writes: false });
});

test("only what others would see is said at once", () => {
  const reads = { tab: "0", writes: false };
  const writes = { tab: "12", writes: true };

  assert.ok(isNews(reads, null));
  assert.ok(isNews(writes, reads));
  assert.ok(isNews({ ...writes, tab: "13" }, writes));
  assert.ok(!isNews(writes, writes));
  assert.ok(!isNews({ ...reads, tab: "12" }, reads)); // another tab, and no letter in it
});

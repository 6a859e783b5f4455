// The calendar and the queue: where a post lands.
import assert from "node:assert/strict";
import { test } from "node:test";
import { landing, parseWall, spoken, stepOf, wallOf } from "../../web/frontend/scripts/rules/calendar.js";
import { placeAt, placeWords } from "../../web/frontend/scripts/rules/queue.js";

const TALL = 60;
const cell = { day: "2026-11-30", hour: "9" };

/**
 * @param {number} down
 * @param {number} [height]
 */
function landed(down, height = TALL) {
  return wallOf(landing(cell, "2026-11-28T17:35", down, height));
}

test("a wall time is read and written without a zone", () => {
  assert.equal(wallOf(parseWall("2026-03-29T02:30")), "2026-03-29T02:30");
});

test("a moment is spoken with its day", () => {
  assert.match(spoken(parseWall("2026-11-30T09:45")), /^Mon,? 30 Nov,? (at )?09:45$/);
});

test("a tall hour has four quarters", () => {
  assert.equal(landed(0), "2026-11-30T09:00");
  assert.equal(landed(14.9), "2026-11-30T09:00");
  assert.equal(landed(15), "2026-11-30T09:15");
  assert.equal(landed(59), "2026-11-30T09:45");
});

test("a low hour has two halves", () => {
  assert.equal(landed(14, 29), "2026-11-30T09:00");
  assert.equal(landed(15, 29), "2026-11-30T09:30");
});

test("above or below its hour a post lands in the first or last part of it", () => {
  assert.equal(landed(-3), "2026-11-30T09:00");
  assert.equal(landed(TALL), "2026-11-30T09:45");
});

test("on another day of the month a post keeps its time", () => {
  const at = landing({ day: "2026-12-02" }, "2026-11-28T17:35", 10, TALL);

  assert.equal(wallOf(at), "2026-12-02T17:35");
});

test("arrows go by quarters of an hour and days, in the month by weeks", () => {
  const minutes = ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"].map((key) => stepOf(key, false) / 60_000);
  const days = ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"].map((key) => stepOf(key, true) / 86_400_000);

  assert.deepEqual(minutes, [-15, 15, -1440, 1440]);
  assert.deepEqual(days, [-7, 7, -1, 1]);
});

test("no other key moves a post", () => {
  assert.equal(stepOf("Enter", false), 0);
  assert.equal(stepOf("ArrowUpp", true), 0);
});

test("a post lands before the first one whose middle is below", () => {
  assert.equal(placeAt(5, [10, 30, 50]), 0);
  assert.equal(placeAt(10, [10, 30, 50]), 0);
  assert.equal(placeAt(31, [10, 30, 50]), 2);
  assert.equal(placeAt(99, [10, 30, 50]), 3);
  assert.equal(placeAt(99, []), 0);
});

test("the first place goes out next, the others are counted", () => {
  assert.equal(placeWords(0), "Goes out next");
  assert.equal(placeWords(1), "Place 2");
});

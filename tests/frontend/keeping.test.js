// Words that a browser keeps: whose they are, what becomes of them, what differs.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  SEND_AFTER,
  YOUNG,
  acknowledged,
  afterSending,
  areLate,
  areOurs,
  clockTime,
  difference,
  fateOf,
  isNewer,
  named,
  normal,
  wasLeft,
} from "../../web/frontend/scripts/rules/keeping.js";

const NOW = Date.UTC(2026, 10, 30, 12, 0);

/**
 * Words of a tab, typed some time ago.
 * @param {string} tab
 * @param {number} [ago] in ms
 * @returns {{ key: import("../../web/frontend/scripts/rules/keeping.js").Key, at: number }}
 */
function words(tab, ago = 60_000) {
  return { key: ["7", "post-12", "text-12", tab], at: NOW - ago };
}

const opened = { tab: "this", former: "before", anew: true, now: NOW };

test("a text is the same with the line ends of a form", () => {
  assert.equal(normal("one\r\n\r\ntwo"), "one\n\ntwo");
});

test("the desk names each place it has, and the revision of those that have one", () => {
  const has = acknowledged("post-12=3  style-4");

  assert.deepEqual([...has], [["post-12", "3"], ["style-4", undefined]]);
});

test("an answer without the header acknowledges nothing", () => {
  assert.equal(acknowledged(null).size, 0);
  assert.equal(acknowledged("").size, 0);
});

test("revision 10 is newer than 9, and none is newer than itself", () => {
  assert.equal(isNewer("10", "9"), true);
  assert.equal(isNewer("9", "10"), false);
  assert.equal(isNewer("9", "9"), false);
});

test("words of this page come back after a swap as well as when it is opened", () => {
  assert.equal(areOurs(words("this", 0), opened), "yes");
  assert.equal(areOurs(words("this", 0), { ...opened, anew: false }), "yes");
});

test("words of the page that was left for this one come back at once", () => {
  assert.equal(areOurs(words("before", 0), opened), "yes");
});

test("a swap brings back no words of another page", () => {
  assert.equal(areOurs(words("before"), { ...opened, anew: false }), "no");
  assert.equal(areOurs(words("elsewhere"), { ...opened, anew: false }), "no");
});

test("young words of another tab are left to it", () => {
  assert.equal(areOurs(words("elsewhere", YOUNG), opened), "no");
});

test("a tab with older words is asked whether it is open", () => {
  assert.equal(areOurs(words("elsewhere", YOUNG + 1), opened), "ask");
});

test("notes are taken in that the former page left, and old ones of any tab", () => {
  assert.equal(wasLeft(words("before", 0), "before", NOW), true);
  assert.equal(wasLeft(words("elsewhere", YOUNG + 1), "before", NOW), true);
  assert.equal(wasLeft(words("elsewhere", YOUNG), null, NOW), false);
});

const kept = { text: "Storm shuts the harbour", began: "Storm" };
const untouched = { value: "Storm", had: "Storm", unsaved: false, typing: false };

test("kept words come back into a field that still says what they began from", () => {
  assert.equal(fateOf(kept, untouched), "back");
});

test("they are shown beside a field that someone else changed since", () => {
  assert.equal(fateOf(kept, { ...untouched, value: "Gale", had: "Gale" }), "beside");
});

test("they are shown beside a field in which something else is unsaved", () => {
  assert.equal(fateOf(kept, { ...untouched, value: "Storm!", unsaved: true }), "beside");
});

test("a field that says them already is left alone, whatever its line ends", () => {
  const lines = { text: "one\ntwo", began: null };
  const field = { value: "one\r\ntwo", had: "x", unsaved: true, typing: false };

  assert.equal(fateOf(lines, field), "already");
});

test("a field that is being typed in keeps what is typed", () => {
  assert.equal(fateOf(kept, { ...untouched, typing: true }), "typed");
});

test("words that began from nothing come back into a field the desk has nothing of", () => {
  assert.equal(fateOf({ text: "A", began: null }, { ...untouched, value: "", had: null }), "back");
  assert.equal(fateOf({ text: "A", began: null }, { ...untouched, value: "", had: "" }), "beside");
});

test("words are sent from another page once their own had time to", () => {
  assert.equal(areLate({ at: NOW - SEND_AFTER }, NOW), false);
  assert.equal(areLate({ at: NOW - SEND_AFTER - 1 }, NOW), true);
});

test("words that the desk says it has are forgotten, whatever the status", () => {
  assert.equal(afterSending({ kept: true, status: 200, old: false }), "forget");
  assert.equal(afterSending({ kept: true, status: 409, old: false }), "forget");
});

test("an answer to a page older than its sign-in asks for a new token", () => {
  assert.equal(afterSending({ kept: false, status: 401, old: false }), "renew");
  assert.equal(afterSending({ kept: false, status: 400, old: true }), "renew");
});

test("words that the desk refuses are offered", () => {
  for (const status of [400, 403, 404, 409, 422, 499]) {
    assert.equal(afterSending({ kept: false, status, old: false }), "offer", String(status));
  }
});

test("words that the desk leaves to a person are offered", () => {
  assert.equal(afterSending({ kept: false, status: 200, old: false, left: true }), "offer");
});

test("words go again after an error of the desk, too many requests, or a bare answer", () => {
  for (const status of [200, 302, 429, 500, 503]) {
    assert.equal(afterSending({ kept: false, status, old: false }), "later", String(status));
  }
});

test("the words that differ are marked, and no more", () => {
  assert.deepEqual(difference("Storm shuts the old harbour", "Storm shuts the harbour"), ["Storm shuts the ", "old ", "harbour"]);
  assert.deepEqual(difference("A new end", "A new start"), ["A new ", "end", ""]);
  assert.deepEqual(difference("One begins", "Two begins"), ["", "One", " begins"]);
});

test("all is marked where nothing stands, and nothing where it is the same", () => {
  assert.deepEqual(difference("All of it", ""), ["", "All of it", ""]);
  assert.deepEqual(difference("the same", "the same"), ["the same", "", ""]);
  assert.deepEqual(difference("", "there"), ["", "", ""]);
});

test("a word that is said twice counts once: no word is in front and behind", () => {
  assert.deepEqual(difference("ha ha", "ha ha ha"), ["ha ha", "", ""]);
  assert.deepEqual(difference("ha ha ha", "ha ha"), ["ha ha", " ha", ""]);
});

test("what differs keeps its line breaks", () => {
  const [before, differing, after] = difference("a\n\nb c", "a b c");

  assert.equal(before + differing + after, "a\n\nb c");
  assert.equal(differing, "\n\n");
});

test("words are named by their field only where it has a name", () => {
  assert.equal(named({ title: "Ferry, Mastodon", label: "Alt text" }), "Ferry, Mastodon, Alt text");
  assert.equal(named({ title: "Ferry, Mastodon", label: "" }), "Ferry, Mastodon");
});

test("a time is told in the newsroom's zone, with its day if that is not today's there", () => {
  const late = Date.UTC(2026, 10, 29, 23, 30); // in Rome it is the 30th already

  assert.equal(clockTime(late, NOW, "Europe/Rome"), "00:30 Europe/Rome");
  assert.match(clockTime(late, NOW, "Europe/Lisbon"), /^Sun,? 29 Nov 23:30 Europe\/Lisbon$/);
});

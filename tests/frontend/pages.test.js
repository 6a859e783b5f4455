// Keys, zones, the inbox, the live page, writing fields.
import assert from "node:assert/strict";
import { test } from "node:test";
import { rowsFor } from "../../web/frontend/scripts/rules/growing.js";
import { readingWords, siteOf, whatIsRead } from "../../web/frontend/scripts/rules/inbox.js";
import { nearest, secondOfTwo } from "../../web/frontend/scripts/rules/keys.js";
import { REST, restLeft, titleWith } from "../../web/frontend/scripts/rules/live.js";
import { countOf, fits, wordsIn } from "../../web/frontend/scripts/rules/zones.js";

test("the key after g goes to another page, and the one after that is itself again", () => {
  const isSecond = secondOfTwo();

  assert.deepEqual(["j", "g", "q", "j"].map(isSecond), [false, false, true, false]);
});

test("g after g ends the pair", () => {
  const isSecond = secondOfTwo();

  assert.deepEqual(["g", "g", "q"].map(isSecond), [false, true, false]);
});

test("each page has keys of its own", () => {
  const [one, other] = [secondOfTwo(), secondOfTwo()];
  one("g");

  assert.equal(other("q"), false);
  assert.equal(one("q"), true);
});

test("a walk ends at the ends of its list", () => {
  assert.equal(nearest(-1, 3), 0);
  assert.equal(nearest(1, 3), 1);
  assert.equal(nearest(3, 3), 2);
  assert.equal(nearest(0, 0), -1);
});

test("a zone fits what is typed without its marks, capitals and slashes", () => {
  const zone = "America/Sao_Paulo São Paulo, Brazil";

  assert.equal(fits(zone, wordsIn("sao paulo")), true);
  assert.equal(fits(zone, wordsIn("  São_Paulo ")), true);
  assert.equal(fits(zone, wordsIn("AMERICA/sao")), true);
  assert.equal(fits(zone, wordsIn("brazil paulo")), true);
  assert.equal(fits(zone, wordsIn("paulo lisbon")), false);
  assert.equal(fits("Île de la Réunion", wordsIn("ile reunion")), true);
});

test("every zone fits while nothing is typed", () => {
  assert.deepEqual(wordsIn(" / "), []);
  assert.equal(fits("Europe/Rome", wordsIn("")), true);
});

test("zones are counted in words", () => {
  assert.deepEqual([0, 1, 2].map(countOf), ["No zones found", "1 zone found", "2 zones found"]);
});

test("a text that is a link alone names its site", () => {
  assert.equal(siteOf(" https://www.news.example/ferry?a=1 \n"), "news.example");
  assert.equal(siteOf("http://news.example"), "news.example");
});

test("a text with a link in it names none", () => {
  assert.equal(siteOf("See https://news.example/ferry"), undefined);
  assert.equal(siteOf("https://news.example/ferry and more"), undefined);
});

test("reading says what, for how long, and that a site is slow", () => {
  assert.equal(readingWords("ferry.docx", 0), "Reading ferry.docx and drafting posts");
  assert.equal(readingWords("the text", 7), "Reading the text and drafting posts, 7 s");
  assert.equal(readingWords("news.example", 8), "Reading news.example and drafting posts, 8 s. It takes longer than usual");
});

test("several links are counted, and a text of two lines is a text", () => {
  assert.equal(whatIsRead("https://a.example/1\nhttps://b.example/2\nhttps//c"), "2 links");
  assert.equal(whatIsRead("https://a.example/1"), "a.example");
  assert.equal(whatIsRead("The ferry\nhttps://a.example/1\nhttps://b.example/2"), "the text");
});

test("a page is drawn at once, and then after its rest", () => {
  assert.equal(restLeft(-REST, 1), 0);
  assert.equal(restLeft(1_000, 1_500), REST - 500);
  assert.equal(restLeft(1_000, 9_000), 0);
});

test("the title says how many need someone, once", () => {
  assert.equal(titleWith("Status · Standfirst", "3"), "(3) Status · Standfirst");
  assert.equal(titleWith("(3) Status · Standfirst", "12"), "(12) Status · Standfirst");
  assert.equal(titleWith("(12) Status · Standfirst", "0"), "Status · Standfirst");
});

test("a field has a row for every line begun", () => {
  assert.equal(rowsFor(4, 0, 20), 4);
  assert.equal(rowsFor(4, 1, 20), 5);
  assert.equal(rowsFor(4, 40, 20), 6);
});

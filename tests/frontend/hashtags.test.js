// Hashtags of a text.
import assert from "node:assert/strict";
import { test } from "node:test";
import { hasTag, toggledTag } from "../../web/frontend/scripts/rules/hashtags.js";

test("a hashtag is a word of its own", () => {
  assert.equal(hasTag("Talks on #Iran begin", "#Iran"), true);
  assert.equal(hasTag("Talks on #Iran.", "#Iran"), true);
  assert.equal(hasTag("Talks on #IranWar", "#Iran"), false);
  assert.equal(hasTag("Talks on #Iran_2026", "#Iran"), false);
  assert.equal(hasTag("Talks on x#Iran", "#Iran"), false);
});

test("letters of every script belong to a hashtag", () => {
  assert.equal(hasTag("#Zürich", "#Z"), false);
  assert.equal(hasTag("#हिन्दी", "#हिन"), false);
  assert.equal(hasTag("heute #Zürich", "#Zürich"), true);
});

test("the first hashtag gets a line of its own, the next one joins it", () => {
  const one = toggledTag("The harbour is shut.", "#Ferry");

  assert.equal(one, "The harbour is shut.\n\n#Ferry");
  assert.equal(toggledTag(one, "#Storm"), "The harbour is shut.\n\n#Ferry #Storm");
});

test("a line with other words in it takes no hashtag", () => {
  assert.equal(toggledTag("We wait at #Ferry", "#Storm"), "We wait at #Ferry\n\n#Storm");
});

test("an empty text begins with the hashtag", () => {
  assert.equal(toggledTag("", "#Ferry"), "#Ferry");
  assert.equal(toggledTag("  \n", "#Ferry"), "#Ferry");
});

test("pressed again it is gone, and the text is as it was", () => {
  const text = "The harbour is shut.";
  const both = toggledTag(toggledTag(text, "#Ferry"), "#Storm");

  assert.equal(toggledTag(both, "#Ferry"), "The harbour is shut.\n\n#Storm");
  assert.equal(toggledTag(toggledTag(both, "#Storm"), "#Ferry"), text);
});

test("a hashtag within a sentence is taken out with its space", () => {
  assert.equal(toggledTag("At #Ferry we wait", "#Ferry"), "At we wait");
});

// Firefox, driven over BiDi: each line that comes asks for one act, each that goes answers.
import process from "node:process";
import { createInterface } from "node:readline";
import puppeteer from "puppeteer-core";

const browser = await puppeteer.launch({
  browser: "firefox",
  executablePath: process.argv[2],
  defaultViewport: { width: 1280, height: 900 },
  extraPrefsFirefox: { "ui.prefersReducedMotion": 1 },
});
const page = await browser.newPage(); // in the first one the address bar has the focus
/** @type {string[]} */
const troubles = [];
page.on("pageerror", (error) => troubles.push(String(error)));
page.on("console", (said) => {
  if (said.text().includes("Content-Security")) troubles.push(said.text());
});

/** @type {Record<string, (...given: any[]) => Promise<unknown>>} */
const acts = {
  async open(address) {
    await page.goto(address);
  },
  ask: (call) => page.evaluate(call),
  click: (x, y) => page.mouse.click(x, y),
  async press(...keys) {
    for (const key of keys) await page.keyboard.down(key);
    for (const key of keys.reverse()) await page.keyboard.up(key);
  },
  type: (words) => page.keyboard.type(words),
  attach: async (field, file) => (await page.$(field)).uploadFile(file),
  troubles: async () => troubles.splice(0),
};

for await (const line of createInterface({ input: process.stdin })) {
  const { act, given } = JSON.parse(line);
  const answer = await acts[act](...given).then(
    (found = null) => ({ found }),
    (error) => ({ error: String(error) }),
  );
  console.log(JSON.stringify(answer));
}
await browser.close();

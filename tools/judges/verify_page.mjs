// Opens the verify page in a real browser as a stranger would, on a desktop and on a phone.
//
//     node verify_page.mjs CONFIG.json
//
// CONFIG: { "base": "http://127.0.0.1:PORT", "pdf": "FILE", "identifier": "...", "code": "...", "qr": "http://127.0.0.1:PORT/v#...",
//           "screenshots": "FOLDER", "locale": "zh-CN" }
//
// For each size it uploads the file, fills in the identifier form and follows the QR link; upload and identifier also
// without JavaScript. What it relies on: `input[type=file]`, `input[name=identifier]`, `input[name=verificationCode]`, a submit button
// in each form, and an element with the attribute `data-verdict` whose value is the code of the leading verdict.
//
// Prints one JSON object a visit: size, way, verdict, title, what is wrong. Wrong is: a request to another host, an
// error in the console or of the page's policy, no verdict, a page wider than its window, and on form and result what
// hinders people: a field or picture without a name, a jump between headings, text of too little contrast (WCAG 2.2,
// 1.4.3), a button too small for a finger. Exit code 1 if anything is.

import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { require } from "./packages.mjs";

const { chromium } = require("playwright-core");

const config = JSON.parse(readFileSync(process.argv[2], "utf8"));
const SIZES = {
  desktop: { viewport: { width: 1280, height: 900 } },
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
};
// Without these a headless Chromium asks hosts of its own for updates.
const QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync"];
const PATIENCE_MS = 15_000;

async function submit(page, field) {
  await page.locator("form", { has: page.locator(field) }).locator("button[type=submit], input[type=submit]").first().click();
}

const WAYS = {
  async upload(page) {
    await page.setInputFiles("input[type=file]", config.pdf);
    await submit(page, "input[type=file]");
  },
  async identifier(page) {
    await page.fill("input[name=identifier]", config.identifier);
    await page.fill("input[name=verificationCode]", config.code);
    await submit(page, "input[name=identifier]");
  },
  async qr(page) {
    await page.goto(config.qr);
  },
};

// What hinders people on the page that is shown; runs in the page.
function hindrances() {
  const found = [];
  const shown = (element) => element.checkVisibility({ visibilityProperty: true });
  for (const field of document.querySelectorAll("input, textarea, select")) {
    if (!field.labels?.length && !field.getAttribute("aria-label")) found.push(`field without a name: ${field.outerHTML}`);
  }
  for (const picture of document.querySelectorAll("img:not([alt]), svg:not([aria-hidden])")) {
    found.push(`picture without a name: ${picture.outerHTML.slice(0, 80)}`);
  }
  const levels = [...document.querySelectorAll("h1, h2, h3, h4")].filter(shown).map((heading) => Number(heading.tagName[1]));
  if (levels.filter((level) => level === 1).length !== 1 || levels[0] !== 1) found.push(`headings begin with ${levels}`);
  if (levels.some((level, i) => i > 0 && level > levels[i - 1] + 1)) found.push(`headings jump: ${levels}`);
  const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
  if (new Set(ids).size !== ids.length) found.push("two elements have one id");
  for (const target of [...document.querySelectorAll("button, a.button, summary")].filter(shown)) {
    if (target.getBoundingClientRect().height < 44) found.push(`target too small: ${target.innerText}`);
  }
  const channels = (color) => color.match(/[\d.]+/g).map(Number);
  const luminance = (color) => {
    const [r, g, b] = channels(color).slice(0, 3).map((v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => {
    for (; element; element = element.parentElement) {
      const color = getComputedStyle(element).backgroundColor;
      if ((channels(color)[3] ?? 1) === 1) return color;
    }
    return "rgb(255, 255, 255)";
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.data.trim() || !shown(element)) continue;
    const [dark, light] = [luminance(getComputedStyle(element).color), luminance(ground(element))].sort((a, b) => a - b);
    const contrast = (light + 0.05) / (dark + 0.05);
    if (contrast < 4.5) found.push(`contrast ${contrast.toFixed(1)}: ${node.data.trim().slice(0, 20)}`);
  }
  return found;
}

async function visit(browser, size, way, javaScriptEnabled) {
  const context = await browser.newContext({ ...SIZES[size], locale: config.locale, javaScriptEnabled });
  const page = await context.newPage();
  const wrong = [];
  page.setDefaultTimeout(PATIENCE_MS);
  page.on("console", (message) => message.type() === "error" && wrong.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => wrong.push(`page: ${error.message}`));
  page.on("request", (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol.startsWith("http") && origin !== new URL(config.base).origin) wrong.push(`asks ${request.url()}`);
  });
  const name = `${size}-${way}${javaScriptEnabled ? "" : "-without-javascript"}`;
  const seen = { size, way, javaScriptEnabled, verdict: null, title: null };
  try {
    await page.goto(`${config.base}/v`);
    wrong.push(...await page.evaluate(hindrances));
    if (way === "upload") await page.screenshot({ path: join(config.screenshots, `${size}-form.png`), fullPage: true });
    await WAYS[way](page);
    const verdict = page.locator("[data-verdict]").first();
    await verdict.waitFor();
    // Sizes count once the style sheet is there.
    await page.waitForLoadState("load");
    seen.verdict = await verdict.getAttribute("data-verdict");
    seen.title = (await verdict.innerText()).trim();
    // All that is folded counts too.
    await page.evaluate(() => document.querySelectorAll("details").forEach((details) => { details.open = true; }));
    wrong.push(...await page.evaluate(hindrances));
    const width = await page.locator("html").evaluate((html) => html.scrollWidth);
    if (width > SIZES[size].viewport.width) wrong.push(`page is ${width} pixels wide`);
  } catch (error) {
    wrong.push(error.message.split("\n")[0]);
  }
  await page.screenshot({ path: join(config.screenshots, `${name}.png`), fullPage: true });
  await context.close();
  console.log(JSON.stringify({ ...seen, wrong }));
  return wrong.length === 0;
}

mkdirSync(config.screenshots, { recursive: true });
const executablePath = execFileSync("sh", ["-c", "command -v chromium"], { encoding: "utf8" }).trim();
const browser = await chromium.launch({ executablePath, args: QUIET });
let clean = true;
for (const size of Object.keys(SIZES)) {
  for (const way of Object.keys(WAYS)) {
    clean = (await visit(browser, size, way, true)) && clean;
    if (way !== "qr") clean = (await visit(browser, size, way, false)) && clean;
  }
}
await browser.close();
process.exit(clean ? 0 : 1);

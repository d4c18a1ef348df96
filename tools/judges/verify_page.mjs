// Opens the verify page in a real browser as a stranger would, on a desktop and on a phone.
//
//     node verify_page.mjs CONFIG.json
//
// CONFIG: { "base": "http://127.0.0.1:PORT", "pdf": "FILE", "identifier": "...", "code": "...", "qr": "http://127.0.0.1:PORT/v#...",
//           "screenshots": "FOLDER" }
//
// For each size it uploads the file, fills in the identifier form and follows the QR link; upload and identifier also
// without JavaScript. What it relies on: `input[type=file]`, `input[name=identifier]`, `input[name=code]`, a submit button
// in each form, and an element with the attribute `data-verdict` whose value is the code of the leading verdict.
//
// Prints one JSON object a visit: size, way, verdict, title, what is wrong. Wrong is: a request to another host, an
// error in the console or of the page's policy, no verdict, a page wider than its window. Exit code 1 if anything is.

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
    await page.goto(`${config.base}/v`);
    await page.setInputFiles("input[type=file]", config.pdf);
    // A page with JavaScript may send the file as soon as it is chosen.
    const sent = await page.locator("[data-verdict]").first().waitFor({ timeout: 1500 }).then(() => true, () => false);
    if (!sent) await submit(page, "input[type=file]");
  },
  async identifier(page) {
    await page.goto(`${config.base}/v`);
    await page.fill("input[name=identifier]", config.identifier);
    await page.fill("input[name=code]", config.code);
    await submit(page, "input[name=identifier]");
  },
  async qr(page) {
    await page.goto(config.qr);
  },
};

async function visit(browser, size, way, javaScriptEnabled) {
  const context = await browser.newContext({ ...SIZES[size], locale: "zh-CN", javaScriptEnabled });
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
    await WAYS[way](page);
    const verdict = page.locator("[data-verdict]").first();
    await verdict.waitFor();
    seen.verdict = await verdict.getAttribute("data-verdict");
    seen.title = (await verdict.innerText()).trim();
    const width = await page.locator("html").evaluate((html) => html.scrollWidth).catch(() => 0);
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

// Browsers for the tests of phone pages and the room: the Chromium of the
// system with a fake camera and microphone, axe, and what no page may do.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const screens = process.env.SCREENS ?? "";

export const launch = () => chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--use-fake-device-for-media-stream=device-count=2,fps=5", "--use-fake-ui-for-media-stream", "--allow-loopback-in-peer-connection", "--autoplay-policy=no-user-gesture-required",
    "--auto-select-desktop-capture-source=Entire screen", "--disable-dev-shm-usage", "--disable-quic"],
});

/** A person's browser. What goes wrong on its pages is kept in `faults`. */
export async function person(browser, url, { width = 390, height = 844, locale = "zh-CN", dark = false } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, locale, colorScheme: dark ? "dark" : "light", permissions: ["camera", "microphone"], acceptDownloads: true });
  const faults = [];
  await context.addInitScript(() => {
    addEventListener("securitypolicyviolation", (e) => console.error(`policy: ${e.violatedDirective} ${e.blockedURI} ${e.sourceFile}`));
  });
  const page = await context.newPage();
  page.on("pageerror", (e) => faults.push(`error: ${e.message}`));
  page.on("console", (m) => m.type() === "error" && !/Failed to load resource/.test(m.text()) && faults.push(m.text()));
  page.url0 = url;
  page.faults = faults;
  return page;
}

export async function signIn(page, login, password, to) {
  await page.goto(`${page.url0}/sign-in?to=${encodeURIComponent(to)}`);
  await page.fill('input[autocomplete="username"]', login);
  await page.fill('input[autocomplete="current-password"]', password);
  await page.click('button[type="submit"]');
  await page.waitForURL((u) => u.pathname === to);
}

/** axe finds nothing, nothing went wrong, no stored script ran, nothing scrolls sideways; and a picture is kept. */
export async function inspect(page, name) {
  await page.waitForTimeout(150);
  await page.evaluate(axe);
  const found = await page.evaluate(() => window.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] }));
  const lines = found.violations.map((v) => `${v.id}: ${v.nodes.map((n) => `${n.target} ${n.any[0]?.message ?? ""}`).slice(0, 3).join(" | ")}`);
  if (screens) await page.screenshot({ path: `${screens}/${name}.png`, fullPage: true });
  assert.deepEqual(lines, [], `${name}: axe`);
  assert.deepEqual(page.faults.splice(0), [], `${name}: faults`);
  assert.equal(await page.evaluate(() => window.hacked), undefined, `${name}: a stored script ran`);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(wide <= 0, `${name}: ${wide} px too wide`);
}

/** Both languages and both themes of the page that is open. */
export async function inspectAll(page, name) {
  for (const language of ["zh-CN", "en"]) {
    for (const theme of ["light", "dark"]) {
      await page.evaluate(([l, t]) => (localStorage.setItem("tongban.language", l), localStorage.setItem("tongban.theme", t)), [language, theme]);
      await page.reload();
      await page.waitForLoadState("networkidle");
      await inspect(page, `${name}-${page.viewportSize().width}-${language}-${theme}`);
    }
  }
  await page.evaluate(() => (localStorage.setItem("tongban.language", "zh-CN"), localStorage.setItem("tongban.theme", "light")));
  await page.reload();
}

/** Waits until f gives something, or fails with what is missing. */
export async function until(what, f, ms = 20_000) {
  const end = Date.now() + ms;
  let last;
  for (;;) {
    try {
      last = await f();
      if (last) return last;
    } catch (e) {
      last = e;
    }
    if (Date.now() > end) throw new Error(`${what}: ${last}`);
    await new Promise((r) => setTimeout(r, 100));
  }
}

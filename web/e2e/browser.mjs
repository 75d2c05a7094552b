// Chromium of the system, driven by playwright-core; every page is looked at for
// what must never be there.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export async function startBrowser() {
  if (!existsSync(executablePath)) throw new Error("Chromium is missing. Run: apt-get install -y chromium");
  return chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
}

/** A browser of one person, with a page that notes every fault. */
export async function newPage(browser, { lang = "zh-CN", theme = "light", width = 1440, height = 900 } = {}) {
  const context = await browser.newContext({ reducedMotion: "reduce", viewport: { width, height }, locale: lang, colorScheme: theme, acceptDownloads: true });
  await context.addInitScript(() => {
    globalThis.violations = [];
    document.addEventListener("securitypolicyviolation", (e) => globalThis.violations.push(`${e.violatedDirective} ${e.blockedURI}`));
  });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  page.faults = [];
  page.on("pageerror", (e) => page.faults.push(`page error: ${e.message}`));
  page.on("console", (m) => {
    // The browser tells refused requests by itself; those the tests want are no faults.
    if (m.type() === "error" && !m.text().startsWith("Failed to load resource")) page.faults.push(`console: ${m.text()}`);
    if (m.type() === "warning" && /\[Vue|\[intlify/.test(m.text())) page.faults.push(`console: ${m.text()}`);
  });
  page.on("dialog", (d) => {
    page.faults.push(`dialog: ${d.message()}`);
    void d.dismiss();
  });
  page.on("request", (r) => {
    const u = new URL(r.url());
    if (u.protocol.startsWith("http") && u.hostname !== "127.0.0.1") page.faults.push(`asked another host: ${r.url()}`);
  });
  return page;
}

const words = {
  "zh-CN": { login: "账号", password: "密码", signIn: "登录" },
  en: { login: "Account", password: "Password", signIn: "Sign in" },
};

export async function signIn(page, hub, login, lang = "zh-CN", to = "/clerk") {
  const w = words[lang];
  await page.goto(`${hub.url}/sign-in?to=${encodeURIComponent(to)}`);
  await page.getByLabel(w.login, { exact: true }).fill(login);
  await page.getByLabel(w.password, { exact: true }).fill(hub.passwords[login]);
  await page.getByRole("button", { name: w.signIn }).click();
  await page.waitForURL((u) => u.pathname === to);
}

/** axe, the policy, the console, sideways scrolling. */
export async function inspect(page, name, { overflow = true } = {}) {
  await page.evaluate(axe);
  const found = await page.evaluate(() =>
    globalThis.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], resultTypes: ["violations"] }),
  );
  const list = found.violations.map((v) => `${v.id}: ${v.nodes.map((n) => `${n.target.join(" ")} — ${n.failureSummary}`).join("; ")}`);
  assert.deepEqual(list, [], `${name}: axe`);
  assert.deepEqual(await page.evaluate(() => globalThis.violations), [], `${name}: content security policy`);
  assert.deepEqual(page.faults, [], `${name}: faults`);
  if (overflow) {
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.ok(wide <= 0, `${name}: ${wide} pixels too wide`);
  }
}

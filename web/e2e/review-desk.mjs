// A real hub on a free port with its own data, filled by `hub demo`, and a
// Chromium that watches: no policy violation, no error in the console.
import { spawn, execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { chromium } from "playwright-core";

const root = join(import.meta.dirname ?? dirname(new URL(import.meta.url).pathname), "..", "..");
const run = promisify(execFile);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const freePort = () => new Promise((done) => {
  const s = createServer().listen(0, "127.0.0.1", () => { const { port } = s.address(); s.close(() => done(port)); });
});

/** Builds the hub with the pages of web/dist and starts it. */
export async function startHub() {
  if (!existsSync(join(root, "web", "dist", "index.html"))) throw new Error("the pages are not built: make web");
  const home = mkdtempSync(join(tmpdir(), "tongban-e2e-"));
  const bin = join(home, "hub");
  await run("go", ["build", "-o", bin, "./cmd/hub"], { cwd: root });
  const port = await freePort();
  const data = join(home, "data");
  const child = spawn(bin, ["serve", "-listen", `127.0.0.1:${port}`, "-data", data], { stdio: ["ignore", "ignore", "pipe"] });
  let log = "";
  child.stderr.on("data", (b) => (log += b));
  const url = `http://127.0.0.1:${port}`;
  await until(async () => (await fetch(`${url}/readyz`).catch(() => null))?.ok, "the hub is not ready", 60_000);
  const tokens = {};
  const people = () => JSON.parse(readFileSync(join(data, "demo-signins.json"), "utf8"));
  return {
    url, log: () => log, people,
    /** Leaves n cases of an item before a step of their story. */
    async fill(before, n = 1, item = "transfer.resale") {
      await patiently(() => run(bin, ["demo", "-url", url, "-accounts", join(data, "demo-signins.json"), "-bundle", join(home, "b.zip"), "-item", item, "-before", before, "-repeat", String(n)], { cwd: home }));
    },
    /** Signing in is limited for each person, so it is done once. */
    async token(login) {
      const { password } = people().find((p) => p.login === login);
      tokens[login] ??= patiently(async () => {
        const r = await fetch(`${url}/api/v1/session`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ login, password, bearer: true }) });
        const s = await r.json();
        if (!r.ok) throw new Error(`sign in ${login}: ${s.code}`);
        return s.token;
      });
      return tokens[login];
    },
    /** One person's requests, without a browser. */
    async api(login) {
      const token = await this.token(login);
      return async (method, path, body) => {
        const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json", "Idempotency-Key": crypto.randomUUID() };
        const r = await fetch(`${url}/api/v1${path}`, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
        const text = await r.text();
        if (!r.ok) throw new Error(`${method} ${path}: ${r.status} ${text.slice(0, 400)}`);
        return text ? JSON.parse(text) : null;
      };
    },
    async stop() {
      child.kill("SIGTERM");
      await new Promise((done) => child.once("exit", done));
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** Again and again while the hub says that somebody signs in too often. */
async function patiently(what) {
  for (const end = Date.now() + 90_000; ;) {
    try {
      return await what();
    } catch (e) {
      if (!/rate_limited|: 429/.test(String(e)) || Date.now() > end) throw e;
      await new Promise((r) => setTimeout(r, 3000));
    }
  }
}

const cookies = new Map(); // of each person at each hub

export async function until(ask, what, ms = 15_000) {
  const end = Date.now() + ms;
  for (;;) {
    const got = await ask();
    if (got) return got;
    if (Date.now() > end) throw new Error(`gave up waiting: ${what}`);
    await new Promise((r) => setTimeout(r, 50));
  }
}

export const startBrowser = () => chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--force-color-profile=srgb"] });

/** A page of a signed-in person; `page.troubles` collects what must not happen. */
export async function desk(browser, hub, login, { language = "zh-CN", theme = "light", width = 1440, height = 900 } = {}) {
  const context = await browser.newContext({ reducedMotion: "reduce", viewport: { width, height }, locale: language, colorScheme: theme, timezoneId: "Asia/Shanghai", acceptDownloads: true });
  await context.addInitScript(([l, t]) => {
    localStorage.setItem("tongban.language", l);
    localStorage.setItem("tongban.theme", t);
    window.__violations = [];
    document.addEventListener("securitypolicyviolation", (e) => window.__violations.push(`${e.violatedDirective} ${e.blockedURI}`));
  }, [language, theme]);
  const page = await context.newPage();
  page.troubles = [];
  page.on("pageerror", (e) => page.troubles.push(`error: ${e.message}`));
  page.on("console", (m) => m.type() === "error" && !/Failed to load resource/.test(m.text()) && page.troubles.push(`console: ${m.text()}`));
  page.on("dialog", (d) => { page.troubles.push(`dialog: ${d.message()}`); void d.dismiss(); });
  const { password } = hub.people().find((p) => p.login === login);
  const who = `${hub.url} ${login}`;
  if (!cookies.has(who)) {
    await patiently(async () => {
      const answer = await context.request.post(`${hub.url}/api/v1/session`, { data: { login, password }, headers: { "X-Tongban": "1" } });
      if (!answer.ok()) throw new Error(`sign in ${login}: ${answer.status()}`);
    });
    cookies.set(who, await context.cookies());
  }
  await context.addCookies(cookies.get(who));
  return page;
}

/** What is wrong with the page as it stands: axe, the policy, the console. */
export async function inspect(page) {
  await page.evaluate(axe);
  const found = await page.evaluate(async () => {
    const r = await window.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] });
    return r.violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.target.join(" ")} ${n.failureSummary?.split("\n")[1] ?? ""}`));
  });
  const wide = await page.evaluate(() => (document.documentElement.scrollWidth > document.documentElement.clientWidth + 1 ? [`the page is ${document.documentElement.scrollWidth} wide`] : []));
  return [...found, ...wide, ...(await page.evaluate(() => window.__violations)), ...page.troubles];
}

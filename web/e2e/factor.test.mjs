// A hub that asks staff for a second factor, and a session that runs out while
// somebody types.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { inspect, newPage, signIn, startBrowser } from "./browser.mjs";
import { startHub } from "./hub.mjs";

let hub, browser;
before(async () => {
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  await hub?.close();
});

test("staff is led to the set-up, and to nothing else", async (t) => {
  process.env.TONGBAN_REQUIRE_TOTP = "true";
  const strict = await startHub();
  delete process.env.TONGBAN_REQUIRE_TOTP;
  t.after(() => strict.close());
  const page = await newPage(browser);
  t.after(() => page.context().close());
  await signIn(page, strict, "jiaxian.lead", "zh-CN", "/account");
  await page.getByText("设置好以后才能办理其他事项").waitFor();
  await page.goto(`${strict.url}/board`);
  await page.waitForURL((u) => u.pathname === "/account");
  await inspect(page, "the set-up is asked for");
});

test("a session that runs out warns, and what is typed stays", async (t) => {
  hub = await startHub();
  const page = await newPage(browser);
  t.after(() => page.context().close());
  await page.clock.install();
  await signIn(page, hub, "system.admin", "zh-CN", "/admin/standards/import");
  await page.getByLabel("YAML").fill("item: half.typed");
  await page.clock.fastForward("27:30");
  await page.getByRole("heading", { name: "快要自动退出了" }).waitFor();
  await inspect(page, "the warning");
  await page.getByRole("button", { name: "继续使用" }).click();
  await page.getByRole("heading", { name: "快要自动退出了" }).waitFor({ state: "detached" });

  const admin = hub.as("system.admin");
  await admin.call("GET", "/logins");
  await admin.call("DELETE", "/logins"); // as the time does
  await page.clock.fastForward("31:00");
  await page.getByRole("heading", { name: "登录已到期" }).waitFor();
  await inspect(page, "signed out on top of the page");
  await page.locator("dialog[open]").getByLabel("密码", { exact: true }).fill(hub.passwords["system.admin"]);
  await page.locator("dialog[open]").getByRole("button", { name: "登录" }).click();
  await page.getByRole("heading", { name: "登录已到期" }).waitFor({ state: "detached" });
  assert.equal(await page.getByLabel("YAML").inputValue(), "item: half.typed");
});

// Walks of the administrators, a supervisor and somebody with a paper in his hand.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { makeAdminPlaces } from "./admin-places.mjs";
import { inspect, newPage, signIn, startBrowser } from "./browser.mjs";
import { startHub, until } from "./hub.mjs";

let hub, browser, made;
before(async () => {
  hub = await startHub();
  browser = await startBrowser();
  made = await makeAdminPlaces(hub, until);
});
after(async () => {
  await browser?.close();
  await hub?.close();
});

async function desk(t, login, to) {
  const page = await newPage(browser);
  t.after(() => page.context().close());
  await signIn(page, hub, login, "zh-CN", to);
  return page;
}

/** The code that an authenticator shows, made apart from the hub (RFC 6238). */
function code(secret, at = Date.now()) {
  const bits = [...secret.replace(/\s/g, "")].map((c) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(c).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((b) => parseInt(b, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
  const sum = createHmac("sha1", key).update(counter).digest();
  return String((sum.readUInt32BE(sum.at(-1) & 15) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

test("a person comes, works and is shut out", async (t) => {
  const page = await desk(t, "security.admin", "/admin/people");
  await page.getByRole("button", { name: "新增人员" }).click();
  const dialog = page.locator("dialog[open]");
  await dialog.getByLabel("账号").fill("wu.ming");
  await dialog.getByLabel("姓名", { exact: true }).fill("吴明<b>");
  await dialog.getByLabel("单位").selectOption({ label: "郏县不动产登记中心" });
  await dialog.getByRole("checkbox", { name: "系统管理" }).check();
  assert.ok(await dialog.getByRole("checkbox", { name: "审计" }).isDisabled(), "system and audit in one hand");
  await dialog.getByLabel("身份证号").fill("110101199003071234");
  await dialog.getByRole("button", { name: "新增人员" }).click();
  await dialog.locator("[data-summary]").waitFor();
  assert.match(await dialog.locator("#person-citizen_id-error").innerText(), /校验/);
  assert.equal(await dialog.getByLabel("账号").inputValue(), "wu.ming", "what was typed stays");
  await dialog.getByLabel("身份证号").fill("");
  await dialog.getByRole("button", { name: "新增人员" }).click();
  await page.getByRole("heading", { name: "新密码" }).waitFor();
  const password = await page.locator("dialog[open] .secret").innerText();
  await inspect(page, "a new password");
  await page.getByRole("button", { name: "已交给本人" }).click();
  await page.getByText("吴明<b>").first().waitFor();

  const theirs = await newPage(browser);
  t.after(() => theirs.context().close());
  await signIn(theirs, { ...hub, passwords: { "wu.ming": password } }, "wu.ming", "zh-CN", "/admin/standards");
  await page.getByRole("button", { name: "停用 吴明<b>" }).click();
  await page.locator("dialog[open]").getByRole("button", { name: "停用" }).click();
  await page.getByText("已停用").first().waitFor();
  await theirs.getByRole("link", { name: "机构与职责" }).click();
  await theirs.getByRole("heading", { name: "登录已到期" }).waitFor();
});

test("a standard is mended line by line, kept, compared and published", async (t) => {
  const page = await desk(t, "system.admin", "/admin/standards/import");
  const good = ["item: transfer.test", 'agency: ""', "version: 1", "from: 2026-12-01", "name: {zh: 测试登记, en: Test}", "statutory_days: 30", "promised_days: 5",
    "parties: [{role: giver, min: 1, max: 2, zh: 转让方, en: Giver}]", "fields: [{key: price, kind: fen, zh: 价格, en: Price}]", "slots:", "  - {key: contract, required: true, zh: 合同, en: Contract}"];
  const bad = good.with(6, "promised_days: 31").with(8, "fields: [{key: price, kind: yuan, zh: 价格, en: Price}]");
  await page.getByLabel("YAML").fill(bad.join("\n"));
  await page.getByRole("button", { name: "导入为草稿" }).click();
  await page.getByRole("link", { name: "第 7 行" }).click();
  assert.equal(await page.evaluate(() => { const a = document.activeElement; return a.value.slice(a.selectionStart, a.selectionEnd); }), "promised_days: 31");
  await page.getByRole("link", { name: "第 9 行" }).waitFor();
  await inspect(page, "import with faults");
  await page.reload();
  assert.equal(await page.getByLabel("YAML").inputValue(), bad.join("\n"), "the text outlives a reload");
  await page.getByLabel("YAML").fill(good.join("\n"));
  await page.getByRole("button", { name: "导入为草稿" }).click();
  await page.getByText("已导入 1 个草稿").waitFor();
  await page.getByLabel("YAML").fill([...good, "  - {key: proof, required: true, zh: 证明, en: Proof}"].join("\n").replace("version: 1", "version: 2"));
  await page.getByRole("button", { name: "导入为草稿" }).click();
  await page.getByText("已导入 1 个草稿").waitFor();
  await page.getByRole("link", { name: "去发布" }).click();
  await page.getByLabel("查找").fill("transfer.test");
  await page.getByRole("button", { name: /^比较 .*第 2 版/ }).click();
  await page.getByText(/证明/).first().waitFor();
  await page.goBack();
  await page.getByLabel("查找").fill("transfer.test");
  await page.getByRole("button", { name: /^发布 .*第 1 版/ }).click();
  await page.getByRole("heading", { name: "发布这个版本" }).waitFor();
  await inspect(page, "before publishing");
  await page.locator("dialog[open]").getByRole("button", { name: "发布" }).click();
  await page.locator("tbody tr").filter({ hasText: "已发布" }).waitFor();
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: /^导出 .*第 1 版/ }).click();
  assert.match(readFileSync(await (await download).path(), "utf8"), /item: transfer\.test/);
  await page.getByRole("button", { name: /^撤销 .*第 2 版/ }).click();
  await page.locator("dialog[open]").getByRole("button", { name: "撤销" }).click();
  await page.locator("tbody tr").filter({ hasText: "已撤销" }).waitFor();
});

test("the router says in words who is responsible", async (t) => {
  const page = await desk(t, "system.admin", "/admin/agencies");
  await page.getByRole("button", { name: "试算" }).click();
  await page.locator("[data-summary]").waitFor();
  await page.getByLabel("事项").selectOption("transfer.resale");
  await page.getByLabel("不动产单元号或区划代码").fill("410425 001002 GB00003 F00010001");
  await page.getByRole("button", { name: "试算" }).click();
  await page.locator(".answer").filter({ hasText: "郏县不动产登记中心" }).waitFor();
  assert.ok((await page.locator(".reasons li").allInnerTexts()).every((r) => /[一-龥]/.test(r)));
  await page.getByLabel("不动产单元号或区划代码").fill("41042");
  await page.getByRole("button", { name: "试算" }).click();
  await page.locator("[role=alert]").first().waitFor();
  await inspect(page, "a place that is none");
});

test("the second factor is set up, asked for, and counts once", async (t) => {
  const login = "nanshan.second";
  const page = await desk(t, login, "/account");
  await page.getByRole("button", { name: "设置动态码" }).click();
  await page.getByLabel("再填一次密码").fill("wrong");
  await page.getByRole("button", { name: "继续" }).click();
  await page.locator("#factor-password-error").waitFor();
  await page.getByLabel("再填一次密码").fill(hub.passwords[login]);
  await page.getByRole("button", { name: "继续" }).click();
  await page.getByRole("img", { name: "身份验证器用的二维码" }).waitFor();
  const secret = await page.locator("code.secret").innerText();
  await inspect(page, "the secret");
  await page.getByLabel("手机上显示的 6 位数字").fill("000000");
  await page.getByRole("button", { name: "启用动态码" }).click();
  await page.locator("#factor-code-error").waitFor();
  const used = code(secret);
  await page.getByLabel("手机上显示的 6 位数字").fill(used);
  await page.getByRole("button", { name: "启用动态码" }).click();
  await page.getByRole("heading", { name: "保存恢复码" }).waitFor();
  const recovery = await page.locator(".codes code").allInnerTexts();
  assert.equal(recovery.length, 10);
  await inspect(page, "recovery codes");
  await page.getByRole("button", { name: "已保存，完成" }).click();
  await page.getByText("还剩 10 个恢复码").waitFor();
  await page.getByRole("button", { name: "退出", exact: true }).click();

  await page.getByLabel("账号").fill(login);
  await page.getByLabel("密码", { exact: true }).fill(hub.passwords[login]);
  await page.getByRole("button", { name: "登录" }).click();
  await page.getByLabel("动态码").waitFor();
  await inspect(page, "the code is asked for");
  await page.getByLabel("动态码").fill(used);
  await page.getByRole("button", { name: "登录" }).click();
  await page.getByText("动态码不对或已用过").first().waitFor();
  assert.equal(await page.getByLabel("动态码").inputValue(), used, "what was typed stays");
  await page.getByLabel("动态码").fill(recovery[0].toLowerCase());
  await page.getByRole("button", { name: "登录" }).click();
  await page.waitForURL((u) => u.pathname !== "/sign-in");
  await page.goto(`${hub.url}/account`);
  await page.getByText("还剩 9 个恢复码").waitFor();
});

test("sessions are seen, and ended everywhere", async (t) => {
  const here = await desk(t, "nanshan.booking", "/account");
  const there = await desk(t, "nanshan.booking", "/account");
  await here.reload();
  await here.locator(".session").nth(1).waitFor();
  await here.getByRole("button", { name: "全部退出" }).click();
  await here.locator("dialog[open]").getByRole("button", { name: "全部退出" }).click();
  await here.waitForURL((u) => u.pathname === "/sign-in");
  await there.reload();
  await there.waitForURL((u) => u.pathname === "/sign-in");
});

test("a supervisor answers a bad rating, and stored script is text", async (t) => {
  const page = await desk(t, "jiaxian.lead", "/board");
  await page.getByRole("button", { name: /^回复/ }).click();
  await page.locator("blockquote").filter({ hasText: "<script>alert(2)</script>" }).waitFor();
  await page.getByRole("button", { name: "记入案件" }).click();
  await page.locator("dialog[open] [data-summary]").waitFor();
  await page.getByLabel("属实，已整改").check();
  await page.getByLabel("回复内容").fill("已加开窗口，并向申请人当面道歉");
  await page.getByRole("button", { name: "记入案件" }).click();
  await page.getByText("没有待回的差评").waitFor();
  await inspect(page, "the board afterwards");
});

test("the board keeps its figures while the hub cannot be reached", async (t) => {
  const page = await desk(t, "jiaxian.lead", "/board");
  await page.locator(".figures").waitFor();
  await page.context().setOffline(true);
  await page.getByRole("button", { name: "刷新" }).click();
  await page.getByText(/数据停在/).waitFor();
  assert.ok(await page.locator(".figures").isVisible());
  await page.context().setOffline(false);
  await page.getByRole("button", { name: "刷新" }).click();
  await page.getByText(/数据停在/).waitFor({ state: "detached" });
});

test("anybody checks a paper, and the file in his hand", async (t) => {
  const page = await newPage(browser, { width: 390, height: 844 });
  t.after(() => page.context().close());
  let script = 0;
  page.on("response", async (r) => { if (r.url().endsWith(".js")) script += Number(r.headers()["content-length"] ?? 0); });
  await page.goto(hub.url + made.check);
  await page.getByRole("heading", { name: "有效" }).waitFor();
  await page.waitForLoadState("networkidle");
  assert.ok(script > 0 && script <= 60_000, `${script} bytes of script`);
  assert.ok(!(await page.locator("main").innerText()).includes("李"), "it names nobody");
  const token = (await (await fetch(`${hub.url}/api/v1/session`, { method: "POST", headers: { "Content-Type": "application/json", "X-Tongban": "1" }, body: JSON.stringify({ login: "jiaxian.booking", password: hub.passwords["jiaxian.booking"], bearer: true }) })).json()).token;
  const file = await fetch(`${hub.url}/api/v1/cases/${made.id}/results/${encodeURIComponent(made.paper.id)}`, { headers: { Authorization: `Bearer ${token}`, "Access-Purpose": "e2e" } });
  const buffer = Buffer.from(await file.arrayBuffer());
  await page.getByLabel("选择 PDF 文件").setInputFiles({ name: "a.pdf", mimeType: "application/pdf", buffer });
  await page.getByText("一致，就是签发的文件").waitFor();
  buffer[100] ^= 1;
  await page.getByLabel("选择 PDF 文件").setInputFiles({ name: "b.pdf", mimeType: "application/pdf", buffer });
  await page.getByText("不一致，不是签发的文件").waitFor();
  await inspect(page, "check");
  await page.getByLabel("核验码").fill("wrong");
  await page.getByRole("button", { name: "再核验一份" }).click();
  await page.getByRole("heading", { name: "没有找到这份证照" }).waitFor();
  await page.route("**/api/v1/check?*", (r) => r.abort());
  await page.getByRole("button", { name: "再核验一份" }).click();
  await page.getByRole("heading", { name: "暂时无法核验" }).waitFor();
});

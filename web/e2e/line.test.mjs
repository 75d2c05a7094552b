// A lost line, an ended session, two pages of one draft: nothing typed is lost,
// and nothing is done twice.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { newPage, signIn, startBrowser } from "./browser.mjs";
import { startHub, until } from "./hub.mjs";
import { scan } from "./scans.mjs";
import { formOf, story } from "./story.mjs";

let hub, browser;
before(async () => {
  hub = await startHub();
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  await hub?.close();
});

async function desk(t) {
  const page = await newPage(browser);
  t.after(() => page.context().close());
  await signIn(page, hub, "nanshan.clerk");
  return page;
}
const clerk = () => hub.as("nanshan.clerk");
const unload = "requests that the test cuts off are no faults";
const faults = (page) => page.faults.filter((f) => !/ERR_INTERNET_DISCONNECTED|net::ERR_FAILED|EventSource/.test(f));

/** A draft whose next task is given, made over the API. */
async function draftAt(task, s = story()) {
  const id = crypto.randomUUID();
  const content = { item: "transfer.resale", unit: s.unit, choice: "", parties: s.parties, form: formOf(s), papers: [], despite: "", task };
  await clerk().call("PUT", `/drafts/${id}`, { version: 0, content: JSON.stringify(content), item: content.item, unit: s.unit });
  return { id, s };
}
const keptOf = async (id) => JSON.parse((await clerk().call("GET", `/drafts/${id}`)).content);

test("what is typed offline survives a reload and reaches the hub later", async (t) => {
  const page = await desk(t);
  const { id } = await draftAt("form");
  await page.goto(`${hub.url}/clerk/intake/${id}`);
  await page.locator("#f-form-address").waitFor();
  await page.context().setOffline(true);
  await page.locator("#f-form-address").fill("断网时写的地址");
  await page.getByText("网络已断开").waitFor();
  await page.getByText("已存在本机，联网后保存到枢纽").waitFor();
  assert.notEqual((await keptOf(id)).form.address, "断网时写的地址");

  // The page goes and comes again; only the draft's own requests stay cut off.
  await page.context().setOffline(false);
  await page.route("**/api/v1/drafts/**", (r) => r.abort("internetdisconnected"));
  await page.reload();
  await page.waitForFunction(() => document.querySelector("#f-form-address")?.value === "断网时写的地址");
  await page.unroute("**/api/v1/drafts/**");
  await until("the hub has it", async () => (await keptOf(id)).form.address === "断网时写的地址", 20_000);
  assert.deepEqual(faults(page), [], unload);
});

test("an upload that is cut off goes on where it stood, also after a reload", async (t) => {
  const page = await desk(t);
  const { id } = await draftAt("papers");
  await page.goto(`${hub.url}/clerk/intake/${id}`);
  const slot = page.locator("#f-slot-contract");
  await slot.waitFor();
  let pieces = 0;
  await page.route("**/api/v1/uploads/tus/*", async (route) => {
    if (route.request().method() !== "PATCH") return route.continue();
    pieces++;
    return pieces > 1 ? route.abort("internetdisconnected") : route.continue();
  });
  const large = scan("large", 9000, 1); // 7 MB and more: two pieces
  await slot.locator("input[type=file]").first().setInputFiles({ name: "合同.png", mimeType: "image/png", buffer: large });
  await slot.getByText(/没有传完，联网后自动续传/).waitFor({ timeout: 30_000 });
  await until("the draft knows the upload", async () => (await keptOf(id)).papers[0]?.at);
  const arrived = [];
  page.on("request", (r) => r.method() === "PATCH" && arrived.push(Number(r.headers()["upload-offset"])));
  await page.reload();
  await page.unroute("**/api/v1/uploads/tus/*");
  await slot.getByText("已上传", { exact: true }).waitFor({ timeout: 30_000 });
  assert.ok(arrived[0] >= 5 << 20, `it began again at ${arrived[0]}`);
  await until("the draft has the digest", async () => (await keptOf(id)).papers[0]?.digest);
  assert.deepEqual(faults(page), [], unload);
});

test("a lost answer does not receive the application twice", async (t) => {
  const page = await desk(t);
  const { id, s } = await draftAt("papers");
  await page.goto(`${hub.url}/clerk/intake/${id}`);
  for (const slot of ["application", "identity", "certificate", "contract", "tax"]) {
    await page.locator(`#f-slot-${slot} input[type=file]`).first().setInputFiles({ name: `${slot}.png`, mimeType: "image/png", buffer: scan(slot) });
    await page.locator(`#f-slot-${slot}`).getByText("已上传", { exact: true }).waitFor();
  }
  for (const box of await page.getByLabel("已核对原件").all()) await box.check();
  await page.getByRole("button", { name: "继续", exact: true }).click();
  await page.getByText("¥80.00 × 1").waitFor();
  let lost = 0;
  await page.route("**/api/v1/cases", async (route) => {
    if (route.request().method() !== "POST" || lost++ > 0) return route.continue();
    await route.fetch(); // the hub does it …
    return route.abort("internetdisconnected"); // … and the answer is lost
  });
  await page.getByRole("button", { name: "收件", exact: true }).click();
  await page.waitForURL(/\/clerk\/cases\/[a-z0-9]{26}/, { timeout: 30_000 });
  assert.ok(lost > 1);
  const { cases } = await clerk().call("GET", `/cases?unit=${s.unit}`);
  assert.equal(cases.length, 1);
  const view = await clerk().call("GET", `/cases/${cases[0].id}`);
  assert.equal(view.materials.length, 5);
});

test("an ended session asks to sign in on top of the page and goes on", async (t) => {
  const page = await desk(t);
  const { id } = await draftAt("form");
  await page.goto(`${hub.url}/clerk/intake/${id}`);
  await page.locator("#f-form-address").waitFor();
  await page.context().clearCookies();
  await page.locator("#f-form-address").fill("登录到期时写的地址");
  await page.getByRole("dialog", { name: "登录已到期" }).waitFor();
  await page.getByLabel("密码", { exact: true }).fill("not the password");
  await page.getByRole("button", { name: "登录", exact: true }).click();
  await page.getByRole("link", { name: "账号或密码不对。核对后再试" }).waitFor();
  await page.getByLabel("密码", { exact: true }).fill(hub.passwords["nanshan.clerk"]);
  await page.getByRole("button", { name: "登录", exact: true }).click();
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  assert.equal(await page.locator("#f-form-address").inputValue(), "登录到期时写的地址");
  await until("the hub has it", async () => (await keptOf(id)).form.address === "登录到期时写的地址");
  assert.deepEqual(page.faults, []);
});

test("two pages of one draft: the person chooses, nothing is overwritten", async (t) => {
  const page = await desk(t);
  const { id } = await draftAt("form");
  await page.goto(`${hub.url}/clerk/intake/${id}`);
  await page.locator("#f-form-address").waitFor();
  const d = await clerk().call("GET", `/drafts/${id}`);
  const other = JSON.parse(d.content);
  other.form.address = "另一台电脑写的";
  await clerk().call("PUT", `/drafts/${id}`, { version: d.version, content: JSON.stringify(other) });
  await page.locator("#f-form-address").fill("这一页写的");
  await page.getByText("另一处改过这份草稿").first().waitFor();
  assert.equal((await keptOf(id)).form.address, "另一台电脑写的");
  await page.getByRole("button", { name: "改用那边的" }).click();
  await page.waitForFunction(() => document.querySelector("#f-form-address")?.value === "另一台电脑写的");
  assert.deepEqual(page.faults, []);
});

test("what the hub refuses is shown, and the form keeps every answer", async (t) => {
  const page = await desk(t);
  const { id } = await draftAt("check");
  await page.goto(`${hub.url}/clerk/intake/${id}`);
  await page.getByText("¥80.00 × 1").waitFor();
  await page.route("**/api/v1/drafts/**", (r) => r.fulfill({ status: 503, contentType: "application/problem+json", body: JSON.stringify({ code: "unavailable", status: 503, title: "服务暂时不可用" }) }));
  await page.getByRole("button", { name: "更改 填写信息" }).click();
  await page.locator("#f-form-address").fill("枢纽不答复时写的");
  await page.getByText("枢纽没有保存，已存在本机，稍后自动再试").waitFor();
  assert.equal(await page.locator("#f-form-address").inputValue(), "枢纽不答复时写的");
  await page.unroute("**/api/v1/drafts/**");
  await until("the hub has it", async () => (await keptOf(id)).form.address === "枢纽不答复时写的", 20_000);
});

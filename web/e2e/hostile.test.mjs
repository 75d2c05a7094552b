// Script in names, file names, answers and addresses is text and stays text, on
// every page.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { newPage, signIn, startBrowser } from "./browser.mjs";
import { startHub, until } from "./hub.mjs";
import { offer, receive, story, take } from "./story.mjs";

const attack = `"><img src=x onerror=window.hit=1><script>window.hit=1</script>{{constructor.constructor('window.hit=1')()}}`;
let hub, browser, page, id, draft;

before(async () => {
  hub = await startHub();
  browser = await startBrowser();
  const clerk = hub.as("nanshan.clerk");
  const s = { ...story(attack.slice(0, 90), `<svg/onload=window.hit=1>`), address: attack };
  id = await receive(clerk, s);
  await offer(clerk, id);
  const first = hub.as("jiaxian.first");
  await take(first, id, until);
  const view = await first.call("GET", `/cases/${id}`);
  await first.do(`/cases/${id}/supplement`, {
    gaps: [
      { target: "region", ref: view.materials[0].id, page: 1, rect: [0.1, 0.1, 0.3, 0.3], reason: "incomplete", note: attack },
      { target: "field", ref: "address", reason: "incorrect", note: attack },
    ],
  });
  draft = crypto.randomUUID();
  const papers = [{ id: crypto.randomUUID(), slot: "contract", name: `${attack}.png`, size: 10, type: "image/png", seen: false, hints: ["dark"] }];
  const content = { item: "transfer.resale", unit: story().unit, choice: "", parties: s.parties, form: { address: attack, shares: attack }, papers, despite: attack, task: "papers" };
  await clerk.call("PUT", `/drafts/${draft}`, { version: 0, content: JSON.stringify(content), item: "transfer.resale", unit: content.unit });
  page = await newPage(browser);
  await signIn(page, hub, "nanshan.clerk");
});
after(async () => {
  await browser?.close();
  await hub?.close();
});

async function unharmed(what) {
  await page.waitForTimeout(300); // an attack needs a moment, too
  assert.equal(await page.evaluate(() => window.hit), undefined, `${what}: it ran`);
  assert.equal(await page.locator("main img, main script").count(), 0, `${what}: it became an element`);
  assert.deepEqual(page.faults, [], what);
}

test("the list, the case, the same in full, the supplement", async () => {
  await page.goto(`${hub.url}/clerk?queue=all`);
  await page.locator("tbody tr").first().waitFor();
  await unharmed("list");
  await page.goto(`${hub.url}/clerk/cases/${id}`);
  await page.getByRole("button", { name: "查看完整信息" }).click();
  await page.getByLabel("查看的理由").fill(attack);
  await page.getByRole("dialog").getByRole("button", { name: "查看完整信息" }).click();
  await page.getByText("<svg/onload=window.hit=1>").first().waitFor();
  await unharmed("case in full");
  await page.goto(`${hub.url}/clerk/cases/${id}/supplement`);
  await page.locator("#gap-g2").waitFor();
  await unharmed("supplement");
});

test("every task of an intake", async () => {
  await page.goto(`${hub.url}/clerk/intake/${draft}`);
  await page.getByText("onerror=window.hit=1").first().waitFor();
  await unharmed("papers");
  for (const task of ["事项和地点", "申请人", "填写信息", "核对"]) {
    await page.getByRole("button", { name: new RegExp(`^\\d ${task}`) }).click();
    await unharmed(task);
  }
});

test("addresses: search, return address, photo page", async () => {
  for (const path of [`/clerk?find=${encodeURIComponent(attack)}`, `/clerk/camera/${draft}/contract?name=${encodeURIComponent(attack)}`, `/${encodeURIComponent(attack.replaceAll(".", ""))}`]) {
    await page.goto(hub.url + path);
    await page.locator("h1").waitFor();
    await unharmed(path);
  }
  for (const to of ["//evil.example", "/\\evil.example", "https://evil.example", "javascript:window.hit=1"]) {
    const other = await newPage(browser);
    await other.goto(`${hub.url}/sign-in?to=${encodeURIComponent(to)}`);
    await other.getByLabel("账号", { exact: true }).fill("nanshan.clerk");
    await other.getByLabel("密码", { exact: true }).fill(hub.passwords["nanshan.clerk"]);
    await other.getByRole("button", { name: "登录" }).click();
    await other.waitForURL((u) => u.pathname === "/clerk");
    assert.equal(new URL(other.url()).origin, hub.url);
    assert.deepEqual(other.faults, []);
    await other.context().close();
  }
});

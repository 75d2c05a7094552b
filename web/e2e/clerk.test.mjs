// A clerk in Shenzhen takes a case of Henan from the first key to the hand-out;
// the other place answers over the API.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { inspect, newPage, signIn, startBrowser } from "./browser.mjs";
import { startHub, until } from "./hub.mjs";
import { scan } from "./scans.mjs";
import { story, take, takeOver } from "./story.mjs";

let hub, browser, page;
const s = story();

before(async () => {
  hub = await startHub();
  browser = await startBrowser();
  page = await newPage(browser);
});
after(async () => {
  await browser?.close();
  await hub?.close();
});

const button = (name, exact = true) => page.getByRole("button", { name, exact });
const caseId = () => new URL(page.url()).pathname.split("/")[3];

async function sign() {
  const pad = page.getByRole("img", { name: /签名区/ });
  await pad.scrollIntoViewIfNeeded();
  const box = await pad.boundingBox();
  await page.mouse.move(box.x + 40, box.y + 60);
  await page.mouse.down();
  for (let i = 1; i < 12; i++) await page.mouse.move(box.x + 40 + 14 * i, box.y + 60 + (i % 2 ? 40 : -20));
  await page.mouse.up();
}

test("receives an application with uploads", async () => {
  await takeOver(hub.as("jiaxian.booking"), s);
  await signIn(page, hub, "nanshan.clerk");
  await page.evaluate(() => sessionStorage.setItem("tongban.reader", "simulated"));
  await button("新收件").first().click();

  await page.locator("#f-item").click();
  await page.getByRole("option", { name: "存量房转移登记" }).click();
  await page.locator("#f-unit").fill(s.unit.toLowerCase().replace(/(.{6})(.{6})(.{7})/, "$1 $2 $3 "));
  await page.getByText("由 郏县不动产登记中心 办理").waitFor();
  await page.getByText("与本地不同 5 处").first().waitFor();
  await button("继续").click();

  await button("继续").click();
  assert.equal(await page.locator("[data-summary]").evaluate((e) => e === document.activeElement), true, "the summary takes the focus");
  await button("加转让方").click();
  await button("读身份证").click();
  await page.waitForFunction(() => document.querySelector("#f-parties-0-name")?.value);
  await button("加受让方").click();
  await page.locator("#f-parties-1-name").fill("李晓明");
  await page.locator("#f-parties-1-id_number").fill("440524188001010013");
  await page.getByText("× 最后一位对不上，核对每一位").waitFor();
  await page.locator("#f-parties-1-id_number").fill("440524188001010014");
  await button("继续").click();

  await page.locator("#f-form-price").fill("六十八万");
  await button("继续").click();
  await page.getByRole("link", { name: "成交价格写成数字，如 680000.00" }).click();
  assert.equal(await page.evaluate(() => document.activeElement.id), "f-form-price");
  await page.locator("#f-form-price").fill("680,000");
  await page.locator("#f-form-certificate").fill(s.certificate);
  await page.locator("#f-form-contract_date").fill("2026-11-20");
  await page.locator("#f-form-address").fill(s.address);
  await page.locator("#f-form-use").selectOption("home");
  await page.locator("#f-form-area").fill("89.64");
  await page.locator("#f-form-shares").fill("单独所有");
  await page.getByText(/草稿 .* 已保存/).waitFor();
  await page.reload();
  await page.waitForFunction(() => document.querySelector("#f-form-area")?.value === "89.64");
  assert.equal(await page.locator("#f-form-price").inputValue(), "680,000");
  await button("继续").click();

  // The register has the certificate: it is not asked for.
  await page.getByText(`免交：登记簿已有 ${s.certificate}`).waitFor();
  await button("继续").click();
  await page.getByRole("link", { name: "还差：买卖合同" }).waitFor();
  for (const slot of ["application", "identity", "contract", "tax"]) {
    await page.locator(`#f-slot-${slot} input[type=file]`).first().setInputFiles({ name: `${slot}.png`, mimeType: "image/png", buffer: scan(slot) });
    await page.locator(`#f-slot-${slot}`).getByText("已上传", { exact: true }).waitFor();
  }
  await page.locator("#f-slot-tax input[type=file]").first().setInputFiles({ name: "a.heic", mimeType: "image/heic", buffer: Buffer.from("x") });
  await page.getByText("这份材料要 PDF、JPG、PNG，你选的是 HEIC").first().waitFor();
  for (const box of await page.getByLabel("已核对原件").all()) await box.check();
  await button("继续").click();

  await page.getByText("¥80.00 × 1").waitFor();
  await button("收件").click();
  await page.waitForURL(/\/clerk\/cases\/[a-z0-9]{26}/);
  await page.getByText(/^已收件，编号/).waitFor();
  const drafts = await hub.as("nanshan.clerk").call("GET", "/drafts");
  assert.deepEqual(drafts.drafts, [], "the draft is gone");
  await inspect(page, "case just received");
});

test("prints the receipt, asks both parties and hands over", async () => {
  const [download] = await Promise.all([page.waitForEvent("download"), button("收件回执").click()]);
  assert.match(download.suggestedFilename(), /-receipt\.pdf$/);
  for (const [n, name] of [[0, "询问转让方 张*国"], [1, "询问受让方 李*明"]]) {
    await page.getByRole("link", { name }).click();
    await page.getByRole("heading", { name: "询问笔录" }).waitFor();
    await button("保存笔录").click();
    await page.getByText("选第 1 问的回答").first().waitFor();
    const std = await hub.as("nanshan.clerk").call("GET", `/standards?item=transfer.resale&unit=${s.unit}`);
    for (const q of std.questions) {
      const field = page.locator(`#q-${q.key}`);
      if ((await field.count()) === 0) continue;
      await field.getByLabel(q.risk === "no" ? "是" : "否", { exact: true }).check();
    }
    if (n === 0) await sign();
    else {
      await button("改用键盘输入姓名").click();
      await page.locator("#sign input").fill("李晓明");
    }
    await inspect(page, "questioning");
    await button("保存笔录").click();
    await page.waitForURL(/\/clerk\/cases\/[a-z0-9]{26}$/);
  }
  await button("确定办理地").click();
  await button("移交给 郏县不动产登记中心").click();
  await page.getByText(/已移交给 郏县不动产登记中心，等对方接收/).waitFor();
  await inspect(page, "case offered");
});

test("answers a supplement on a region of a page", async () => {
  const first = hub.as("jiaxian.first");
  await take(first, caseId(), until);
  const view = await first.call("GET", `/cases/${caseId()}`);
  const contract = view.materials.find((m) => m.slot === "contract");
  await first.do(`/cases/${caseId()}/supplement`, {
    gaps: [
      { target: "region", ref: contract.id, page: 1, rect: [0.1, 0.7, 0.5, 0.15], reason: "incomplete", note: "合同第一页缺少买方签字" },
      { target: "field", ref: "shares", reason: "incomplete", note: "写明受让后由谁所有" },
    ],
  });
  await page.getByRole("link", { name: "去补正" }).click(); // it comes by itself
  await page.getByRole("img", { name: "第 1 处的位置" }).waitFor();
  await button("一次答复全部").click();
  await page.getByRole("link", { name: "上传第 1 处的材料" }).waitFor();
  await page.locator("#gap-g1 input[type=file]").first().setInputFiles({ name: "补签.png", mimeType: "image/png", buffer: scan("signed") });
  await page.locator("#gap-g1").getByText("已上传", { exact: true }).waitFor();
  await page.locator("#f-gap-g2").fill("李晓明单独所有");
  await page.getByText(/草稿 .* 已保存/).waitFor();
  await page.reload();
  await page.waitForFunction(() => document.querySelector("#f-gap-g2")?.value === "李晓明单独所有");
  await inspect(page, "supplement");
  await button("一次答复全部").click();
  await page.waitForURL(/\/clerk\/cases\/[a-z0-9]{26}$/);
  await page.getByText(/待受理/).first().waitFor();
  const after = await first.call("GET", `/cases/${caseId()}`);
  assert.equal(after.materials.filter((m) => m.patches === contract.id && m.patched_page === 1).length, 1);
});

test("hands the certificate out against a signature", async () => {
  const id = caseId();
  const [first, second, booking] = ["jiaxian.first", "jiaxian.second", "jiaxian.booking"].map(hub.as);
  await first.do(`/cases/${id}/accept`);
  await first.do(`/cases/${id}/tax`, { result: "paid", document: "4104251126000068" });
  await first.do(`/cases/${id}/review/first`, { pass: true });
  await second.do(`/cases/${id}/review/second`, { pass: true });
  await second.do(`/cases/${id}/decide`, { approve: true });
  await booking.do(`/cases/${id}/book`);
  await booking.do(`/cases/${id}/issue`);
  await page.getByRole("button", { name: /^发放/ }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "发放" }).click();
  await page.getByText("填写领取人姓名").waitFor();
  await dialog.getByLabel("领取人", { exact: true }).fill("李晓明");
  await sign();
  await inspect(page, "hand-out");
  await dialog.getByRole("button", { name: "发放" }).click();
  await page.getByText(/窗口领取/).waitFor();
  assert.deepEqual(page.faults, []);
});

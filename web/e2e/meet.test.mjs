// Appointments from the desks: a reviewer chooses a free time, gives link and
// code to a party, who comes to the door by them; the clerk sees it and the way
// in; it is called off with a reason.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { World } from "./front.mjs";
import { openOffices } from "./meeting.mjs";
import { inspect, launch, person, signIn } from "./phone.mjs";

let world, browser, caseId, reviewer;
const wide = { width: 1440, height: 900 };

before(async () => {
  world = await World.start([], openOffices());
  browser = await launch();
  caseId = await world.story("transfer.resale", /\/review\/first$/);
  reviewer = await person(browser, world.url, wide);
  await signIn(reviewer, "jiaxian.first", world.password("jiaxian.first"), `/review/cases/${caseId}`);
}, { timeout: 200_000 });
after(async () => {
  await browser?.close();
  await world?.close();
});

const box = (page) => page.locator('section[aria-label="视频会话"]');

test("a time that is free is chosen; too little is told at the field", { timeout: 120_000 }, async () => {
  await box(reviewer).getByRole("button", { name: "预约视频会话" }).click();
  const dialog = reviewer.locator("dialog[open]");
  await dialog.getByLabel("时间").locator("option").nth(1).waitFor({ state: "attached" });
  await dialog.getByRole("button", { name: "预约", exact: true }).click();
  await dialog.getByText("选一个时间").waitFor();
  await inspect(reviewer, "meet-plan");
  await dialog.getByLabel("时间").selectOption({ index: 1 });
  await dialog.getByRole("button", { name: "预约", exact: true }).click();
  await dialog.getByText("征得").first().waitFor(); // at short notice the people are asked first
  await dialog.getByLabel(/已征得参加人同意/).check();
  await dialog.getByRole("button", { name: "预约", exact: true }).click();
  await box(reviewer).getByText("已预约").waitFor();
  assert.equal(await box(reviewer).getByRole("link", { name: "进入会话" }).getAttribute("href").then((h) => /\/desk\/room\/[a-z2-7]{26}\/[a-z2-7]{26}$/.test(h)), true);
});

test("link and code lead a party to the door", { timeout: 120_000 }, async () => {
  await box(reviewer).getByRole("button", { name: "发邀请链接" }).click();
  const dialog = reviewer.locator("dialog[open]");
  await dialog.getByRole("button", { name: "生成链接和验证码" }).first().click();
  const [link, code] = await Promise.all([0, 1].map((n) => dialog.locator("dd.code").nth(n).textContent()));
  await inspect(reviewer, "meet-invite");
  assert.match(code, /^\d{6}$/);
  const guest = await person(browser, world.url);
  await guest.goto(link);
  await guest.fill("input.code", code);
  await guest.click("button:text-is('进入')");
  await guest.waitForURL(/\/room\//);
  await guest.waitForSelector("text=打开摄像头和麦克风");
  await guest.context().close();
  await dialog.getByRole("button", { name: "返回" }).click();
});

test("the clerk who took the papers has the way in", { timeout: 120_000 }, async () => {
  const clerk = await person(browser, world.url, wide);
  await signIn(clerk, "nanshan.clerk", world.password("nanshan.clerk"), `/clerk/cases/${caseId}`);
  await box(clerk).getByRole("link", { name: "进入会话" }).waitFor();
  assert.equal(await box(clerk).getByRole("button", { name: "预约视频会话" }).count(), 0);
  await inspect(clerk, "meet-clerk");
  await clerk.context().close();
});

test("it is called off with a reason", { timeout: 120_000 }, async () => {
  await box(reviewer).getByRole("button", { name: "取消预约" }).click();
  const dialog = reviewer.locator("dialog[open]");
  await dialog.getByRole("button", { name: "取消预约" }).click();
  await dialog.getByText("填写原因").waitFor();
  await inspect(reviewer, "meet-cancel");
  await dialog.getByLabel("原因").fill("申请人改期");
  await dialog.getByRole("button", { name: "取消预约" }).click();
  await box(reviewer).getByText("已取消").waitFor();
  await inspect(reviewer, "meet-cancelled");
});

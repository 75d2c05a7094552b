// The session room with three people in three browsers, on a real hub with its
// own media server and recorder: everybody sees moving pictures of both others,
// the record is typed, read back, signed and sealed, the line breaks and comes
// back, and in the end the evidence of the case verifies.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { World } from "./front.mjs";
import { Meeting, openOffices } from "./meeting.mjs";
import { inspect, inspectAll, launch, person, signIn, until } from "./phone.mjs";

const hostile = "<img src=x onerror=window.hacked=1><script>window.hacked=1</script>";
const party = "张*国"; // as the hub shows the name of a party
let world, browser, meeting, at, host, applicant, guest;

before(async () => {
  world = await World.start([{ login: "zhang", name: "张建国", number: "410425199003071231" }], openOffices());
  browser = await launch();
  const caseId = await world.story("transfer.resale", /\/review\/first$/);
  meeting = await Meeting.schedule(world, caseId, [
    { role: "host", person: await world.id("jiaxian.first") },
    { role: "applicant", party: 1, told: "phone" },
    { role: "interpreter", name: `翻译${hostile}`, told: "message" },
    { role: "reviewer", person: await world.id("jiaxian.second") },
  ]);
  at = `/room/${caseId}/${meeting.id}`;
}, { timeout: 200_000 });
after(async () => {
  if (process.env.SCREENS) for (const [n, p] of Object.entries({ host, applicant, guest })) await p?.screenshot({ path: `${process.env.SCREENS}/last-${n}.png` });
  await browser?.close();
  await world?.close();
});

/** A browser that lets the test look at its peer connections. */
async function watched(options) {
  const page = await person(browser, world.url, options);
  await page.context().addInitScript(() => {
    const Real = RTCPeerConnection;
    window.pcs = [];
    window.RTCPeerConnection = class extends Real {
      constructor(c) {
        super(c);
        window.pcs.push(this);
      }
    };
  });
  return page;
}

/** Frames decoded of each picture that is received, by mid. */
const frames = (page) => page.evaluate(async () => {
  const out = {};
  const pc = window.pcs.filter((x) => x.connectionState !== "closed").at(-1);
  for (const s of (await pc.getStats()).values()) if (s.type === "inbound-rtp" && s.kind === "video" && s.framesDecoded) out[s.mid] = s.framesDecoded;
  return out;
});

/** What each side says of its streams, for the log of a failure. */
const streams = (page) => page.evaluate(async () => {
  const pc = window.pcs.filter((x) => x.connectionState !== "closed").at(-1);
  const out = [];
  for (const s of (await pc.getStats()).values()) {
    if (s.kind !== "video") continue;
    if (s.type === "inbound-rtp") out.push(`in ${s.mid} packets ${s.packetsReceived} lost ${s.packetsLost} frames ${s.framesReceived}/${s.framesDecoded} key ${s.keyFramesDecoded} ${s.frameHeight}p pli ${s.pliCount} nack ${s.nackCount}`);
    if (s.type === "outbound-rtp") out.push(`out ${s.rid} active ${s.active} frames ${s.framesSent} ${s.frameHeight}p ${s.targetBitrate} limit ${s.qualityLimitationReason} pli ${s.pliCount} nack ${s.nackCount}`);
  }
  return out;
});

async function seesMoving(page, who, n) {
  try {
    await moving(page, who, n);
  } catch (e) {
    for (const [name, p] of Object.entries({ host, applicant, guest })) console.error(name, await streams(p));
    console.error(world.hub.log().slice(-3000));
    throw e;
  }
}

async function moving(page, who, n) {
  await until(`${who} has ${n + 1} tiles`, async () => (await page.locator(".grid li video").count()) >= n + 1);
  const first = await until(`${who} decodes ${n} pictures`, async () => {
    const f = await frames(page);
    return Object.keys(f).length >= n && f;
  }, 60_000);
  await until(`${who}: the pictures move`, async () => {
    const now = await frames(page);
    return Object.keys(first).filter((mid) => now[mid] > first[mid] + 8).length >= n;
  }, 60_000);
}

async function test1(page) {
  await page.click("text=打开摄像头和麦克风");
  await page.waitForSelector("meter");
  await page.click("button:text-is('能')");
  await page.click("button:text-is('听到了')");
}
async function panel(page, name) {
  if (await page.locator(`.bar > .wide-only:text-is("${name}")`).isVisible()) {
    const b = page.locator(`.bar > .wide-only:text-is("${name}")`);
    if ((await b.getAttribute("aria-expanded")) !== "true") await b.click();
    return;
  }
  await page.click(".bar > button:has-text('更多')");
  await page.click(`dialog[open] button:text-is("${name}")`);
}
async function sign(page) {
  const pad = page.locator("canvas.pad");
  await pad.scrollIntoViewIfNeeded();
  const b = await pad.boundingBox();
  await page.mouse.move(b.x + 30, b.y + b.height / 2);
  await page.mouse.down();
  for (let i = 0; i <= 24; i++) await page.mouse.move(b.x + 30 + i * 8, b.y + b.height / 2 + 20 * Math.sin(i / 2));
  await page.mouse.up();
}

test("by link: a wrong code is told, the right one leads in, and the link leaves no trace", { timeout: 240_000 }, async () => {
  guest = await watched();
  const { link, code } = await meeting.invite("p3");
  await guest.goto(`${world.url}/join#${link}`);
  await guest.waitForSelector("input.code");
  assert.equal(new URL(guest.url()).hash, "");
  await guest.fill("input.code", "12345");
  await guest.click("button:text-is('进入')");
  await guest.waitForSelector("text=现在是 5 位");
  await inspect(guest, "join-error");
  await guest.fill("input.code", code === "000000" ? "000001" : "000000");
  await guest.click("button:text-is('进入')");
  await guest.waitForSelector("text=链接或验证码不对");
  await guest.fill("input.code", `${code.slice(0, 3)} ${code.slice(3)}`);
  await guest.click("button:text-is('进入')");
  await guest.waitForURL(/\/room\//);
  await guest.waitForSelector("text=打开摄像头和麦克风");
  await inspectAll(guest, "room-test");
});

test("self-test, consent and waiting room, then the host lets people in", { timeout: 240_000 }, async () => {
  applicant = await watched();
  await signIn(applicant, "zhang", world.password("zhang"), at);
  for (const page of [applicant, guest]) {
    await test1(page);
    await page.waitForSelector("text=得分");
    await inspect(page, page === applicant ? "room-tested" : "room-tested-guest");
    await page.click("main button:has-text('继续')");
    await page.waitForSelector("text=录音录像单独同意书");
    await page.click("text=同意并继续");
    await page.waitForSelector("[data-summary]");
    if (page === applicant) await inspect(page, "room-consent");
    for (const key of ["notice", "declaration", "recording"]) await page.check(`#agree-${key}`);
    await page.click("text=同意并继续");
    await page.waitForSelector("text=正在等候");
  }
  await inspect(applicant, "room-wait");
  host = await watched({ width: 1440, height: 900 });
  await signIn(host, "jiaxian.first", world.password("jiaxian.first"), `/desk${at}`);
  await test1(host);
  await inspect(host, "room-tested-desk");
  await host.click("main button:has-text('继续')");
  await host.waitForSelector(".room");
  await panel(host, "人员");
  for (let i = 0; i < 2; i++) {
    await host.locator("button:text-is('允许进入')").first().click();
    await until("let in", async () => (await meeting.here("admitted")) === i + 2);
  }
  for (const page of [applicant, guest]) await page.waitForSelector(".room");
});

/** As it is, and dark. */
async function both(page, name) {
  await inspect(page, name);
  await page.evaluate(() => (document.documentElement.dataset.theme = "dark"));
  await inspect(page, `${name}-dark`);
  await page.evaluate(() => (document.documentElement.dataset.theme = "light"));
}

test("everybody sees moving pictures of both others", { timeout: 240_000 }, async () => {
  for (const [page, who] of [[host, "host"], [applicant, "applicant"], [guest, "guest"]]) await seesMoving(page, who, 2);
  await both(host, "room-grid-desk");
  await both(applicant, "room-grid-phone");
});

// That a recorder which stalls by itself pauses the formal part within 5 s is held by
// hub/session_formal_test.go and video/record/storage_test.go: from outside nothing makes
// the real one stall that would not end the hub too.
test("the formal part begins when the recording is confirmed; a pause is seen by everybody", { timeout: 240_000 }, async () => {
  await panel(host, "人员");
  await until("the recording is confirmed", async () => {
    await host.click("button:text-is('开始正式环节')", { timeout: 2000 }).catch(() => undefined);
    return (await meeting.view()).state === "formal";
  }, 30_000);
  for (const page of [host, applicant, guest]) await page.waitForSelector(".top >> text=正式进行");
  await host.click("button:text-is('暂停')");
  for (const page of [host, applicant, guest]) await page.waitForSelector(".paused >> text=主持人暂停了");
  await both(applicant, "room-paused-phone");
  await both(host, "room-paused-desk");
  await host.click("button:text-is('继续正式环节')");
  await applicant.waitForSelector(".top >> text=正式进行");
});

test("a page is shown to all at the same place, with pointer and mark", { timeout: 240_000 }, async () => {
  await panel(host, "材料");
  await host.locator("aside button:text-is('给大家看')").first().click();
  for (const page of [host, applicant, guest]) {
    await page.waitForSelector(".shared .sheet canvas");
    await until("the page is drawn", () => page.evaluate(() => document.querySelector(".shared .sheet canvas").width > 300));
  }
  await host.click("button:text-is('放大')");
  await until("the same zoom", async () => (await applicant.evaluate(() => document.querySelector(".shared .sheet").style.width)) === "125%");
  await host.locator(".shared .page").focus();
  await host.click("button:text-is('画框')");
  await host.locator(".shared .page").focus();
  for (const k of ["ArrowDown", "ArrowRight", "Control+ArrowRight", "Enter"]) await host.keyboard.press(k);
  await applicant.waitForSelector(".shared svg .frame");
  const box = await host.locator(".shared .page").boundingBox();
  await host.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await host.mouse.move(box.x + box.width / 2 + 30, box.y + box.height / 2 + 20, { steps: 5 });
  await applicant.waitForSelector(".shared .pointer");
  await both(host, "room-page-desk");
  await both(applicant, "room-page-phone");
});

test("the record is typed, read back, signed by everybody and sealed", { timeout: 180_000 }, async () => {
  await panel(host, "询问笔录");
  const questions = await until("questions", async () => (await host.locator("fieldset.question").count()) || null);
  for (let i = 0; i < questions; i++) await host.locator("fieldset.question").nth(i).locator("input").nth(i % 2).check();
  await host.fill("aside .field textarea", `没有别的。${hostile}`);
  await host.waitForSelector("text=已保存");
  await host.click("button:text-is('读给对方听，请对方确认')");
  await applicant.waitForSelector("text=这是刚才的问答");
  await both(applicant, "room-record-phone");
  await applicant.click("aside button:text-is('确认并签名')");
  await applicant.waitForSelector("text=先勾选");
  await applicant.check("aside input[type=checkbox]");
  await sign(applicant);
  await applicant.click("aside button:text-is('确认并签名')");
  await applicant.waitForSelector("text=你已签名");
  await guest.waitForSelector("text=这是刚才的问答");
  await guest.check("aside input[type=checkbox]");
  await sign(guest);
  await guest.click("aside button:text-is('确认并签名')");
  await guest.waitForSelector("text=你已签名");
  await sign(host);
  await host.click("button:text-is('我确认并签名')");
  await both(host, "room-record-desk");
  await host.click("button:text-is('归入档案')");
  await until("sealed", async () => (await meeting.events("questioning.recorded")).some((e) => e.data.session?.id === meeting.id && e.data.session.confirmed.length === 3));
});

test("identity: a still of the person's own track, compared and written down", { timeout: 240_000 }, async () => {
  await panel(host, "核对身份");
  await host.click("button:text-is('记录结果')");
  await host.waitForSelector("text=留取一张证件画面");
  await host.click("button:text-is('留取画面')");
  await until("the still", () => host.evaluate(() => document.querySelector("canvas.still")?.width > 300));
  await host.check('input[value="matches"]');
  await host.fill("aside input.code", "410425199003071231");
  await both(host, "room-identity-desk");
  await host.click("button:text-is('记录结果')");
  await host.waitForSelector("text=✓ 已记录");
  const [was] = (await meeting.view()).identities;
  assert.deepEqual([was.who, was.method, was.result], ["p2", "citizen_card", "matches"]);
  assert.match(was.still.digest, /^sha256:[0-9a-f]{64}$/);
});

test("chat, captions and hands reach everybody, and no script of theirs runs", { timeout: 240_000 }, async () => {
  await panel(guest, "文字");
  await guest.fill('input[placeholder]', hostile);
  await guest.click("button:text-is('发送')");
  await guest.locator("aside input.text-input").last().fill(`She says: ${hostile}`);
  await guest.click("button:text-is('显示字幕')");
  for (const page of [host, applicant]) await page.waitForSelector(".caption >> text=She says");
  await applicant.click("button:text-is('想发言')");
  await host.waitForSelector("figcaption >> text=想发言");
  await panel(applicant, "文字");
  await applicant.waitForSelector(".lines >> text=onerror");
  await both(applicant, "room-chat-phone");
  await both(guest, "room-chat-guest");
  for (const page of [host, applicant, guest]) assert.equal(await page.evaluate(() => window.hacked), undefined);
});

test("another reviewer comes in and reads everything in English", { timeout: 240_000 }, async () => {
  const page = await person(browser, world.url, { width: 1440, height: 900, locale: "en-US" });
  await signIn(page, "jiaxian.second", world.password("jiaxian.second"), `/desk${at}`);
  await page.click("text=Open camera and microphone");
  await page.click("main button:has-text('Continue')");
  await page.waitForSelector(".room");
  for (const name of ["Record", "Identity", "Papers", "Chat", "People"]) {
    const button = page.locator(`.bar > .wide-only:has-text("${name}")`);
    if ((await button.getAttribute("aria-expanded")) !== "true") await button.click();
    await page.waitForSelector(`aside h2:has-text("${name}")`);
    await both(page, `room-en-${name.toLowerCase()}`);
  }
  await page.setViewportSize({ width: 390, height: 844 });
  await both(page, "room-en-phone");
  await page.click(".bar >> text=Leave");
  await both(page, "room-en-leave");
  await page.click('dialog[open] button:text-is("Leave")');
  await page.waitForSelector("h2:text-is('You have left the session')");
  await both(page, "room-en-left");
  await page.context().close();
});

test("muting is seen by the others; sound only stops their pictures", { timeout: 240_000 }, async () => {
  await applicant.click("aside button:text-is('收起')");
  await applicant.click(".bar button:text-is('静音')");
  await until("muted", async () => (await host.locator(`figcaption:has-text("${party}")`).textContent()).includes("已静音"));
  await applicant.click(".bar button:text-is('打开麦克风')");
  await applicant.click(".bar > button:has-text('更多')");
  await both(applicant, "room-more-phone");
  await applicant.click("dialog[open] button:text-is('只用声音')");
  await until("no pictures", async () => (await applicant.locator(".grid li video").count()) === 1);
  const before = await frames(applicant);
  await new Promise((r) => setTimeout(r, 1500));
  const now = await frames(applicant);
  assert.ok(Object.keys(now).every((mid) => now[mid] - (before[mid] ?? 0) < 15), JSON.stringify([before, now]));
  await applicant.click(".bar > button:has-text('更多')");
  await applicant.click("dialog[open] button:text-is('恢复画面')");
  await seesMoving(applicant, "applicant", 2);
});

test("the line breaks: a banner, the place is kept, and the pictures go on", { timeout: 240_000 }, async () => {
  await applicant.evaluate(() => {
    window.banner = "";
    new MutationObserver(() => (window.banner ||= document.querySelector(".line")?.textContent ?? "")).observe(document.body, { subtree: true, childList: true, characterData: true });
  });
  const connections = await applicant.evaluate(() => window.pcs.length);
  world.cut();
  await until("the banner", () => applicant.evaluate(() => /连接断了/.test(window.banner)));
  await until("it goes", async () => (await applicant.locator(".line").count()) === 0);
  await seesMoving(applicant, "applicant", 2);
  await seesMoving(host, "host", 2);
  assert.equal(await applicant.evaluate(() => window.pcs.length), connections, "the media went on");
});

test("a private talk is heard by those in it only; then the host ends the session", { timeout: 240_000 }, async () => {
  await panel(host, "人员");
  await host.click("button:text-is('暂停')");
  await applicant.waitForSelector(".paused");
  for (const name of [party, "翻译"]) await host.locator(`.people li:has-text("${name}") input[type=checkbox]`).check();
  await host.click("button:text-is('让这 2 人单独交谈')");
  await applicant.waitForSelector(".private");
  await until("the host sees himself only", async () => (await host.locator(".grid li").count()) === 1);
  await seesMoving(applicant, "applicant", 1);
  await both(applicant, "room-talk-phone");
  await panel(applicant, "人员");
  await applicant.click("button:text-is('回到会话')");
  await seesMoving(host, "host", 2);
  await host.click("button:text-is('结束会话')");
  await both(host, "room-close-desk");
  await host.click("dialog[open] button:text-is('确认')");
  for (const page of [host, applicant, guest]) await page.waitForSelector("h2:text-is('会话已结束')");
  await both(applicant, "room-end");
  assert.equal(await applicant.evaluate(() => document.querySelectorAll("video").length), 0);
});

test("the case has what happened in its chain, and its evidence verifies by itself", { timeout: 120_000 }, async () => {
  for (const kind of ["consented", "opened", "begun", "paused", "resumed", "identified", "closed", "recorded"]) {
    await until(`session.${kind}`, async () => (await meeting.events(`session.${kind}`)).some((e) => e.data.session === meeting.id), 30_000);
  }
  await until("the recording of host and party is kept", async () => {
    const { tracks } = await meeting.view();
    return ["p1", "p2"].every((who) => tracks.some((x) => x.who === who && x.segments > 0));
  }, 30_000);
  await until("it can be played", async () => (await meeting.view()).files.length > 0, 60_000);
  assert.match(await meeting.verify(), /^sessions +1 by video, [1-9]\d* recorded segment/m);
});

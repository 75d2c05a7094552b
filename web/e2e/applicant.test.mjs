// The applicant's pages on a real hub: every page in both languages and themes,
// a supplement with photos, a withdrawal, a rating, a certificate.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { World } from "./front.mjs";
import { inspect, inspectAll, launch, person, signIn, until } from "./phone.mjs";

const seller = { login: "zhang", name: "张建国", number: "410425199003071231" };
let world, browser, booked, correcting;

before(async () => {
  world = await World.start([seller]);
  browser = await launch();
  booked = await world.story("transfer.resale", null);
  correcting = await world.story("transfer.resale", /\/answer$/);
}, { timeout: 300_000 });
after(async () => {
  await browser?.close();
  await world?.close();
});

const wide = { width: 1440, height: 900 };

test("every page, as it stands, on a phone and wide", { timeout: 400_000 }, async () => {
  for (const size of [{}, wide]) {
    const page = await person(browser, world.url, size);
    await signIn(page, "zhang", world.password("zhang"), "/my");
    await page.waitForSelector(".case");
    await inspectAll(page, "my");
    for (const [id, name] of [[booked, "booked"], [correcting, "correcting"]]) {
      for (const rest of ["", "/data", "/supplement", "/record", "/sign", "/pay", "/papers", "/rate", "/withdraw"]) {
        if (name === "booked" && ["/supplement", "/withdraw"].includes(rest)) continue;
        await page.goto(`${world.url}/my/${id}${rest}`);
        await page.waitForLoadState("networkidle");
        await inspectAll(page, `${name}${rest.replace("/", "-")}`);
      }
    }
    await page.context().close();
  }
});

test("what to do stands on top, and leads to the gap with its region", { timeout: 120_000 }, async () => {
  const page = await person(browser, world.url);
  await signIn(page, "zhang", world.password("zhang"), `/my/${correcting}`);
  await page.click("text=现在补");
  await page.waitForSelector("text=第 1 处，共");
  // The hub shows a party no page yet: the sketch has the frame.
  await page.waitForSelector("svg.sheet .frame");
  assert.match(await page.textContent("main"), /合同第一页缺少买方签字/);
  assert.match(await page.textContent("main"), /现在还不能用手机补/);
  await page.context().close();
});

test("photos go page by page once the hub takes them; a lost line loses none", { timeout: 120_000 }, async () => {
  const officer = await world.client("jiaxian.first");
  const got = [];
  let down = false;
  world.extra = ["supplement.bring"];
  world.hooks = [async (method, path, body) => {
    if (down && path.startsWith("/api/")) return { status: 503, code: "unavailable", title: "", detail: "" };
    if (method === "PUT" && path === "/api/v1/uploads") return { digest: `sha256:${body.length}` };
    if (path.endsWith("/brought")) return got.push(JSON.parse(body)), { case: correcting, seq: 1 };
    if (/\/materials\/[^/]+\/pages\/\d+$/.test(path)) {
      const r = await until("the hub has drawn the page", async () => {
        const got = await officer(method, path);
        return got.ok && got;
      });
      return { raw: Buffer.from(await r.arrayBuffer()), headers: { "Content-Type": r.headers.get("content-type") } };
    }
  }];
  const page = await person(browser, world.url);
  await signIn(page, "zhang", world.password("zhang"), `/my/${correcting}/supplement`);
  await page.waitForSelector("svg.over .frame");
  await until("the page is drawn", () => page.evaluate(() => document.querySelector(".sheet canvas").width > 300));
  const photo = { name: "<img src=x onerror=window.hacked=1>.jpg", mimeType: "image/jpeg", buffer: await jpeg(page) };
  await page.setInputFiles('input[multiple]', [photo, { ...photo, name: "b.jpg" }, { name: "c.heic", mimeType: "image/heic", buffer: Buffer.from("no picture") }]);
  await page.waitForSelector("text=1 张照片打不开");
  assert.equal(await page.locator(".shots li").count(), 2);
  await inspect(page, "supplement-photos");
  down = true;
  await page.click("text=交给窗口（2 张）");
  await page.waitForSelector('section.panel[role="alert"]');
  down = false;
  await page.click("text=交给窗口（2 张）");
  await page.waitForSelector("text=第 2 处，共");
  assert.equal(got.length, 1);
  assert.equal(got[0].files.length, 2);
  [world.extra, world.hooks] = [[], []];
  await page.context().close();
});

test("signing: read, tick, sign; too little is told at the field", { timeout: 120_000 }, async () => {
  const got = [];
  world.extra = ["document.sign"];
  world.hooks = [(method, path, body) => path.endsWith("/sign") && method === "POST" ? (got.push(JSON.parse(body)), { case: correcting, seq: 1 }) : undefined];
  const page = await person(browser, world.url);
  await signIn(page, "zhang", world.password("zhang"), `/my/${correcting}/sign`);
  await page.click("text=确认签名");
  await page.waitForSelector("[data-summary]");
  await inspect(page, "sign-errors");
  await draw(page, page.locator("canvas.pad"));
  await page.check("#read");
  await page.click("text=确认签名");
  await page.waitForSelector("text=✓ 已签名");
  assert.ok(got[0].strokes.length >= 1 && got[0].strokes[0].every((d) => d.x >= 0 && d.x <= 1 && d.t >= 0), "strokes");
  assert.match(got[0].document, /^sha256:[0-9a-f]{64}$/);
  [world.extra, world.hooks] = [[], []];
  await page.context().close();
});

test("a certificate has its QR, is checked and downloaded; both places are rated; withdrawal asks first", { timeout: 120_000 }, async () => {
  const page = await person(browser, world.url);
  await signIn(page, "zhang", world.password("zhang"), `/my/${correcting}/withdraw`);
  await page.click("button:has-text('撤回申请')");
  await page.waitForSelector("[data-summary]");
  await page.fill("#reason", "<script>window.hacked=1</script>不卖了");
  await page.click("button:has-text('撤回申请')");
  await page.waitForSelector("dialog[open]");
  await inspect(page, "withdraw-dialog");
  await page.click("dialog >> text=不撤回");
  await page.goto(`${world.url}/my/${booked}/papers`);
  await page.waitForSelector("canvas.qr");
  await until("QR drawn", () => page.evaluate(() => document.querySelector("canvas.qr").width > 100));
  const [file] = await Promise.all([page.waitForEvent("download"), page.click("text=下载证书")]);
  assert.match(file.suggestedFilename(), /\.pdf$/);
  await page.click("text=打开核验页");
  await until("the check page knows it", async () => /有效|in force/.test(await page.textContent("main")));
  await page.context().close();
});

/** A photo of the size of a phone's. */
async function jpeg(page) {
  const bytes = await page.evaluate(async () => {
    const c = new OffscreenCanvas(1600, 1200);
    const g = c.getContext("2d");
    g.fillStyle = "#fff";
    g.fillRect(0, 0, 1600, 1200);
    g.fillStyle = "#000";
    g.font = "40px sans-serif";
    for (let y = 60; y < 1200; y += 60) g.fillText("甲方（转让方）：张建国 680000 元 0123456789 ".repeat(3), 20, y);
    return [...new Uint8Array(await (await c.convertToBlob({ type: "image/jpeg" })).arrayBuffer())];
  });
  return Buffer.from(bytes);
}

/** Signs a name with the mouse. */
async function draw(page, pad) {
  await pad.scrollIntoViewIfNeeded();
  const b = await pad.boundingBox();
  await page.mouse.move(b.x + 40, b.y + b.height / 2);
  await page.mouse.down();
  for (let i = 0; i <= 30; i++) await page.mouse.move(b.x + 40 + i * 8, b.y + b.height / 2 + 30 * Math.sin(i / 3));
  await page.mouse.up();
}

// How much script the first screens load, as it travels (gzip), and how soon they
// can be used on a four times slower machine. The sizes are limits; the times are
// printed, because a busy machine decides them.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { newPage, signIn, startBrowser } from "./browser.mjs";
import { startHub } from "./hub.mjs";
import { receive, story } from "./story.mjs";

let hub, browser;
before(async () => {
  hub = await startHub();
  browser = await startBrowser();
  await receive(hub.as("nanshan.clerk"), story(), { questioning: false });
});
after(async () => {
  await browser?.close();
  await hub?.close();
});

/** Opens an address with an empty cache; gives kilobytes of script and seconds until `ready`. */
async function open(path, ready, slow = 1) {
  const page = await newPage(browser);
  await signIn(page, hub, "nanshan.clerk");
  const cookies = await page.context().cookies();
  await page.context().close();
  const fresh = await newPage(browser);
  await fresh.context().addCookies(cookies);
  const session = await fresh.context().newCDPSession(fresh);
  await session.send("Emulation.setCPUThrottlingRate", { rate: slow });
  let bytes = 0;
  const loaded = [];
  fresh.on("requestfinished", (r) => r.resourceType() === "script" && loaded.push(r.sizes().then((s) => (bytes += s.responseBodySize))));
  const from = performance.now();
  await fresh.goto(hub.url + path);
  await fresh.locator(ready).first().waitFor();
  const seconds = (performance.now() - from) / 1000;
  await Promise.all(loaded);
  await fresh.context().close();
  return { kb: bytes / 1000, seconds };
}

for (const [name, path, ready, limit] of [
  ["list of the desk", "/clerk", "tbody tr", 250],
  ["intake", "/clerk/intake/budget-test-00", "#f-unit", 250],
  ["photo page of the phone", "/clerk/camera/budget-test-00/contract", ".shoot", 90],
  ["sign-in", "/sign-in", "form", 90],
]) {
  test(`first script: ${name}`, async (t) => {
    const { kb, seconds } = await open(path, ready, 4);
    t.diagnostic(`first_script_kb ${kb.toFixed(1)} of ${limit}, interactive_s ${seconds.toFixed(2)} on a 4 times slower processor`);
    assert.ok(kb <= limit, `${kb} kB of script, at most ${limit}`);
  });
}

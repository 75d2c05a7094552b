// Pictures of every page into web/screens, to be looked at: `make screens`.
import { mkdir, rm } from "node:fs/promises";
import { newPage, signIn, startBrowser } from "./browser.mjs";
import { startHub, until } from "./hub.mjs";
import { makePlaces, places } from "./places.mjs";

const folder = new URL("../screens/", import.meta.url).pathname;
await rm(folder, { recursive: true, force: true });
await mkdir(folder, { recursive: true });
const hub = await startHub();
const browser = await startBrowser();
const only = process.argv[2];
try {
  const made = await makePlaces(hub, until);
  for (const [lang, theme, width] of [["zh-CN", "light", 1440], ["zh-CN", "light", 390], ["en", "dark", 1440], ["en", "light", 390]]) {
    const page = await newPage(browser, { lang, theme, width, height: width > 1000 ? 900 : 844 });
    const shoot = (name) => page.screenshot({ path: `${folder}${name}-${lang}-${theme}-${width}.png`, fullPage: true });
    await page.goto(`${hub.url}/sign-in`);
    await page.locator("form").waitFor();
    await shoot("sign-in");
    await signIn(page, hub, "nanshan.clerk", lang);
    for (const place of places(made)) {
      if (only && !place.name.includes(only)) continue;
      await page.goto(hub.url + place.path);
      await place.ready(page);
      await page.waitForTimeout(400);
      await shoot(place.name);
    }
    await page.context().close();
  }
} finally {
  await browser.close();
  await hub.close();
}
console.log(`screens in ${folder}`);

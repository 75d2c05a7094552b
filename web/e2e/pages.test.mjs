// Every page of the clerk's desk in both languages and themes, wide and narrow:
// axe finds nothing, the policy is kept, nothing scrolls sideways.
import { after, before, test } from "node:test";
import { inspect, newPage, signIn, startBrowser } from "./browser.mjs";
import { startHub, until } from "./hub.mjs";
import { makePlaces, places } from "./places.mjs";

let hub, browser, made;
before(async () => {
  hub = await startHub();
  browser = await startBrowser();
  made = await makePlaces(hub, until);
});
after(async () => {
  await browser?.close();
  await hub?.close();
});

for (const lang of ["zh-CN", "en"]) {
  for (const theme of ["light", "dark"]) {
    for (const width of [1440, 360]) {
      test(`${lang} ${theme} ${width}`, async (t) => {
        const page = await newPage(browser, { lang, theme, width, height: 900 });
        t.after(() => page.context().close());
        await page.goto(`${hub.url}/sign-in`);
        await page.locator("form").waitFor();
        await inspect(page, "sign-in");
        await signIn(page, hub, "nanshan.clerk", lang);
        for (const place of places(made)) {
          await page.goto(hub.url + place.path);
          await place.ready(page);
          await inspect(page, `${place.name} ${lang} ${theme} ${width}`);
        }
      });
    }
  }
}

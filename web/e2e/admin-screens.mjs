// Pictures of the pages of administrators and supervisors into web/screens.
import { mkdir } from "node:fs/promises";
import { adminPlaces, badDay, makeAdminPlaces, stuckDelivery } from "./admin-places.mjs";
import { newPage, signIn, startBrowser } from "./browser.mjs";
import { startHub, until } from "./hub.mjs";

const folder = new URL("../screens/", import.meta.url).pathname;
await mkdir(folder, { recursive: true });
const hub = await startHub();
const browser = await startBrowser();
const only = process.argv[2];
try {
  const made = await makeAdminPlaces(hub, until);
  const all = adminPlaces(made).filter((p) => !only || p.name.includes(only));
  const more = { "admin-deliveries": (page) => stuckDelivery(page, made), board: badDay };
  for (const [lang, theme, width] of [["zh-CN", "light", 1440], ["zh-CN", "light", 390], ["en", "dark", 1440], ["en", "light", 390]]) {
    const options = { lang, theme, width, height: width > 1000 ? 900 : 844 };
    for (const login of new Set(all.map((p) => p.login))) {
      const page = await newPage(browser, options);
      if (login) await signIn(page, hub, login, lang, "/account");
      for (const place of all.filter((p) => p.login === login)) {
        await more[place.name]?.(page);
        await page.goto(hub.url + place.path);
        await (more[place.name] ? page.locator("tbody tr").first().waitFor() : place.ready(page));
        await page.waitForTimeout(400);
        await page.screenshot({ path: `${folder}${place.name}-${lang}-${theme}-${width}.png`, fullPage: true });
        if (place.name === "board") {
          await page.getByRole("button", { name: /分布图|Grid/ }).click();
          await page.screenshot({ path: `${folder}board-map-${lang}-${theme}-${width}.png` });
          if (width > 1000 && theme === "light") await page.pdf({ path: `${folder}board.pdf`, format: "A4", landscape: true });
        }
      }
      await page.context().close();
    }
  }
} finally {
  await browser.close();
  await hub.close();
}
console.log(`screens in ${folder}`);

// Every page of administrators, supervisors, accounts and the public check, in
// both languages and themes, wide and narrow: axe finds nothing, the policy is
// kept, nothing scrolls sideways, and script that is stored is never run.
import { after, before, test } from "node:test";
import { adminPlaces, badDay, makeAdminPlaces, stuckDelivery } from "./admin-places.mjs";
import { inspect, newPage, signIn, startBrowser } from "./browser.mjs";
import { startHub, until } from "./hub.mjs";

let hub, browser, made;
before(async () => {
  hub = await startHub();
  browser = await startBrowser();
  made = await makeAdminPlaces(hub, until);
});
after(async () => {
  await browser?.close();
  await hub?.close();
});

for (const [lang, theme, width] of [["zh-CN", "light", 1440], ["en", "dark", 1440], ["zh-CN", "dark", 360], ["en", "light", 360]]) {
  test(`${lang} ${theme} ${width}`, async () => {
    const all = adminPlaces(made);
    for (const login of new Set(all.map((p) => p.login))) {
      const page = await newPage(browser, { lang, theme, width, height: 900 });
      if (login) await signIn(page, hub, login, lang, "/account");
      for (const place of all.filter((p) => p.login === login)) {
        await page.goto(hub.url + place.path);
        await place.ready(page);
        await inspect(page, `${place.name} ${lang} ${theme} ${width}`);
      }
      if (login === "jiaxian.lead") {
        await badDay(page);
        await page.goto(`${hub.url}/board`);
        await page.locator("tbody tr").first().waitFor();
        await inspect(page, "board on a bad day");
        await page.getByRole("button", { name: lang === "en" ? "Grid" : "分布图" }).click();
        await page.locator(".tile").first().waitFor();
        await inspect(page, "board as a grid");
        await page.getByRole("button", { name: lang === "en" ? /^Answer/ : /^回复/ }).first().click();
        await page.locator("dialog[open] textarea").waitFor();
        await page.locator("dialog[open] blockquote").waitFor();
        await inspect(page, "answer a rating");
      }
      if (login === "system.admin") {
        await stuckDelivery(page, made);
        await page.goto(`${hub.url}/admin/deliveries`);
        await page.locator("tbody tr").first().waitFor();
        await inspect(page, "stuck deliveries");
      }
      if (login === "security.admin") {
        await page.goto(`${hub.url}/admin/people`);
        await page.getByRole("button", { name: lang === "en" ? "Add a person" : "新增人员" }).first().click();
        await page.locator("dialog[open] form").waitFor();
        await page.locator("dialog[open] footer button").first().click();
        await page.locator("dialog[open] [data-summary]").waitFor();
        await inspect(page, "add a person, with errors");
      }
      await page.context().close();
    }
  });
}

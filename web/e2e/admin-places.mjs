// The pages of administrators, of a supervisor and of everybody's account, with
// something on them, for axe and for screens.
import { offer, receive, story, take, takeOver } from "./story.mjs";

/** Cases in every state that the board counts, one issued paper and a bad rating. */
export async function makeAdminPlaces(hub, until) {
  const clerk = hub.as("nanshan.clerk");
  const [first, second, booking] = ["jiaxian.first", "jiaxian.second", "jiaxian.booking"].map(hub.as);
  await receive(clerk, story(), { questioning: false });
  const offered = await receive(clerk, story());
  await offer(clerk, offered);
  const sold = story("<img src=x onerror=alert(1)>", "李晓明");
  await takeOver(booking, sold);
  const id = await receive(clerk, sold);
  await offer(clerk, id);
  // It is listed a moment before its delivery is verified.
  const tried = () => take(first, id, until).then(() => true, (e) => {
    if (!e.message.includes("not_delivered")) throw e;
    return false;
  });
  await until("the offer is verified", tried);
  await first.do(`/cases/${id}/accept`);
  await first.do(`/cases/${id}/tax`, { result: "paid", document: "4104251126000068" });
  await first.do(`/cases/${id}/review/first`, { pass: true });
  await second.do(`/cases/${id}/review/second`, { pass: true });
  await second.do(`/cases/${id}/decide`, { approve: true });
  await booking.do(`/cases/${id}/book`);
  await booking.do(`/cases/${id}/issue`);
  const view = await booking.call("GET", `/cases/${id}`);
  const paper = view.results[0];
  await booking.do(`/cases/${id}/hand-out`, { id: paper.id, way: "electronic" });
  await clerk.do(`/cases/${id}/rate`, { place: "handling", grade: 1, text: "等了三个小时<script>alert(2)</script>" });
  return { id, number: view.number, paper, check: `/check/?id=${encodeURIComponent(paper.id)}&code=${paper.code}` };
}

const settled = (selector) => (page) => page.locator(selector).first().waitFor();

/** Every page: whose it is, its address, and what shows that it is all there. */
export const adminPlaces = (made) => [
  { name: "admin-standards", login: "system.admin", path: "/admin/standards", ready: settled("tbody tr") },
  { name: "admin-compare", login: "system.admin", path: "/admin/standards/compare?item=transfer.resale&from=transfer.resale%7C%7C1&to=transfer.resale%7C410425.registry%7C1", ready: settled(".change") },
  { name: "admin-import", login: "system.admin", path: "/admin/standards/import", ready: settled("textarea") },
  { name: "admin-agencies", login: "system.admin", path: "/admin/agencies", ready: settled("section:last-of-type tbody tr") },
  { name: "admin-calendar", login: "system.admin", path: "/admin/calendar", ready: settled(".months table") },
  { name: "admin-deliveries", login: "system.admin", path: "/admin/deliveries", ready: settled(".empty") },
  { name: "admin-people", login: "security.admin", path: "/admin/people", ready: settled("tbody tr") },
  { name: "admin-keys", login: "security.admin", path: "/admin/keys", ready: settled(".card dd code") },
  { name: "admin-access", login: "audit.admin", path: `/admin/access?case=${made.number}`, ready: settled("tbody tr") },
  { name: "board", login: "jiaxian.lead", path: "/board", ready: settled("section ul .card") },
  { name: "account", login: "jiaxian.lead", path: "/account", ready: settled(".session") },
  { name: "check", login: "", path: made.check, ready: settled(".answer dl") },
  { name: "check-none", login: "", path: "/check/?id=1.2.3&code=nothing", ready: settled(".answer") },
  { name: "check-empty", login: "", path: "/check/", ready: settled("form") },
];

/** What a supervisor's board looks like on a bad day; the figures are told by the test. */
export async function badDay(page) {
  const now = new Date().toISOString();
  const ago = (h) => new Date(Date.now() - h * 3600_000).toISOString();
  await page.route("**/api/v1/board", async (route) => {
    const real = await (await route.fetch()).json();
    const place = (agency, here, running, half, eighty, overdue) => ({ agency, here, running, half, eighty, overdue, next: ago(-3) });
    await route.fulfill({ json: {
      ...real, now,
      places: [place("440305.registry", "handling", 37, 9, 4, 2), place("330106.registry", "receiving", 12, 2, 3, 0), place("441900.registry", "handling", 8, 3, 0, 0), place("410425.registry", "both", 21, 0, 0, 0)],
      offers: real.offers.map((o) => ({ ...o, updated_at: ago(5) })),
    } });
  });
  await page.route("**/api/v1/clocks*", async (route) => {
    const real = await (await route.fetch()).json();
    const { cases } = await (await page.request.get(new URL("/api/v1/cases?queue=all&limit=3", page.url()).href)).json();
    await route.fulfill({ json: { ...real, clocks: cases.map((c, i) => ({ level: i ? 80 : 100, case: { ...c, due: ago(i ? -2 : 2) } })) } });
  });
  await page.route("**/api/v1/sessions/board", (route) => route.fulfill({ json: { sessions: [
    { id: "a", case: "c", number: "410425-20261125-000003-X", state: "formal", from: ago(0.2), room: "3 号室", stalled: "late", people: [{ here: "admitted" }, { here: "admitted", loss: 0.08 }, { here: "waiting" }] },
    { id: "b", case: "d", number: "410425-20261125-000004-X", state: "waiting", from: ago(0.1), people: [{ here: "waiting" }] },
  ] } }));
}

/** A message that nobody took, as the courier would have left it. */
export const stuckDelivery = (page, made) =>
  page.route("**/api/v1/deliveries?*", (route) => route.fulfill({ json: { now: new Date().toISOString(), deliveries: [
    { id: "p1", kind: "offer", from: "440305.window", to: "410425.registry", case: made.id, attempts: 7, due: new Date(Date.now() + 300_000).toISOString(), reason: "dial tcp 10.0.0.7:443: connect: connection refused" },
    { id: "p2", kind: "answer", from: "410425.registry", to: "440305.window", case: made.id, attempts: 2, due: new Date().toISOString(), reason: "<b>bad receipt</b>" },
  ] } }));

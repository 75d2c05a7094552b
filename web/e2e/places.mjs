// The pages of the clerk's desk with something on them, for axe and for screens.
import { formOf, offer, receive, story, take, takeOver } from "./story.mjs";

/** Fills the hub: drafts, a case just received, one offered, one in supplement, one issued. */
export async function makePlaces(hub, until) {
  const clerk = hub.as("nanshan.clerk");
  const [first, second, booking] = ["jiaxian.first", "jiaxian.second", "jiaxian.booking"].map(hub.as);
  const made = { draft: {} };

  const s = story();
  for (const task of ["place", "parties", "form", "papers", "check"]) {
    const id = crypto.randomUUID();
    const content = { item: "transfer.resale", unit: s.unit, choice: "", parties: s.parties, form: formOf(s), papers: [], despite: "", task };
    await clerk.call("PUT", `/drafts/${id}`, { version: 0, content: JSON.stringify(content), item: content.item, unit: s.unit });
    made.draft[task] = id;
  }
  made.received = await receive(clerk, story(), { questioning: false });
  made.offered = await receive(clerk, story());
  await offer(clerk, made.offered);

  made.gaps = await receive(clerk, story());
  await offer(clerk, made.gaps);
  await take(first, made.gaps, until);
  const view = await first.call("GET", `/cases/${made.gaps}`);
  const contract = view.materials.find((m) => m.slot === "contract");
  await first.do(`/cases/${made.gaps}/supplement`, {
    gaps: [
      { target: "region", ref: contract.id, page: 1, rect: [0.1, 0.7, 0.5, 0.15], reason: "incomplete", note: "合同第一页缺少买方签字" },
      { target: "field", ref: "shares", reason: "incomplete", note: "写明受让后由谁所有" },
    ],
  });

  const sold = story();
  await takeOver(booking, sold);
  const id = (made.issued = await receive(clerk, sold));
  await offer(clerk, id);
  await take(first, id, until);
  await first.do(`/cases/${id}/accept`);
  await first.do(`/cases/${id}/tax`, { result: "paid", document: "4104251126000068" });
  await first.do(`/cases/${id}/review/first`, { pass: true });
  await second.do(`/cases/${id}/review/second`, { pass: true });
  await second.do(`/cases/${id}/decide`, { approve: true });
  await booking.do(`/cases/${id}/book`);
  await booking.do(`/cases/${id}/issue`);
  return made;
}

const heading = (page) => page.locator("main h1").waitFor();
const settled = (selector) => async (page) => {
  await heading(page);
  await page.locator(selector).first().waitFor();
};

/** Every page: its name, its address, and what shows that it is all there. */
export const places = (made) => [
  { name: "cases", path: "/clerk", ready: settled("tbody tr") },
  { name: "empty-queue", path: "/clerk?queue=done", ready: settled(".empty") },
  { name: "intake-new", path: `/clerk/intake/${crypto.randomUUID()}`, ready: settled("#f-unit") },
  { name: "intake-place", path: `/clerk/intake/${made.draft.place}`, ready: settled("table") },
  { name: "intake-parties", path: `/clerk/intake/${made.draft.parties}`, ready: settled("#f-parties-1-name") },
  { name: "intake-form", path: `/clerk/intake/${made.draft.form}`, ready: settled("#f-form-price") },
  { name: "intake-papers", path: `/clerk/intake/${made.draft.papers}`, ready: settled("#f-slot-contract") },
  { name: "intake-check", path: `/clerk/intake/${made.draft.check}`, ready: settled("caption") },
  { name: "camera", path: `/clerk/camera/${made.draft.papers}/contract?name=contract`, ready: settled("ol") },
  { name: "case-received", path: `/clerk/cases/${made.received}`, ready: settled(".next") },
  { name: "case-offered", path: `/clerk/cases/${made.offered}`, ready: settled(".next") },
  { name: "case-issued", path: `/clerk/cases/${made.issued}`, ready: settled(".paper") },
  { name: "asking", path: `/clerk/cases/${made.received}/asking/0`, ready: settled("#sign, .pad") },
  { name: "supplement", path: `/clerk/cases/${made.gaps}/supplement`, ready: settled(".page svg") },
  { name: "not-found", path: "/no/such/page", ready: heading },
];

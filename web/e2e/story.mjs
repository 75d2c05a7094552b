// The story that the walks share: a home in Jiaxian, sold at a window in Shenzhen.
import { randomInt } from "node:crypto";
import { scan } from "./scans.mjs";

/** What the clerk types. Each story has a unit of its own. */
export function story(seller = "张建国", buyer = "李晓明") {
  const n = String(randomInt(10_000_000, 99_999_999));
  return {
    unit: `410425001002GB00003F${n}`,
    certificate: `豫(2022)郏县不动产权第${n.slice(1)}号`,
    address: "郏县龙山街道迎宾路 8 号院 3 号楼 2 单元 501 室",
    parties: [
      { role: "seller", name: seller, id_kind: "citizen_id", id_number: "410425199003071231", phone: "13800005678" },
      { role: "buyer", name: buyer, id_kind: "citizen_id", id_number: "440524188001010014", phone: "13900001234" },
    ],
  };
}

export const formOf = (s) => ({
  certificate: s.certificate, price: 68_000_000, contract_date: "2026-11-20", address: s.address, use: "home", area: 8964, shares: "单独所有",
});

/** Receives a story over the API, with one scan in each slot; gives the case's id. */
export async function receive(clerk, s, { questioning = true } = {}) {
  const body = { item: "transfer.resale", unit: s.unit, form: formOf(s), parties: s.parties };
  const { case: id } = await clerk.do("/cases", body);
  const needs = (await clerk.call("POST", "/standards/assess", body)).needs;
  for (const slot of needs) {
    const digest = await upload(clerk, scan(slot));
    await clerk.do(`/cases/${id}/materials`, { slot, digest, name: `${slot}.png`, seen_original: true });
  }
  if (questioning) {
    const std = await clerk.call("GET", `/standards?item=transfer.resale&unit=${s.unit}`);
    for (const [party, p] of s.parties.entries()) {
      const asked = std.questions.filter((q) => !q.roles?.length || q.roles.includes(p.role));
      const answers = Object.fromEntries(asked.map((q) => [q.key, q.risk === "no"]));
      await clerk.do(`/cases/${id}/questioning`, { party, mode: "window", answers, signature: await upload(clerk, scan(`sign${party}`)) });
    }
  }
  return id;
}

export async function offer(clerk, id) {
  await clerk.do(`/cases/${id}/route`);
  await clerk.do(`/cases/${id}/offer`);
}

/** The other place takes an offer as soon as it has arrived. */
export async function take(first, id, until) {
  const offerId = await until("the offer has arrived", async () => {
    const { cases } = await first.call("GET", "/cases?queue=offered&limit=100");
    return cases.some((c) => c.id === id) && (await first.call("GET", `/cases/${id}`)).offer?.id;
  });
  await first.do(`/cases/${id}/take`, { offer: offerId });
}

async function upload(who, bytes) {
  const sum = await crypto.subtle.digest("SHA-256", bytes);
  const digest = Buffer.from(sum).toString("base64");
  return who.put("/uploads", bytes, { "Repr-Digest": `sha-256=:${digest}:`, "Content-Type": "image/png" });
}

/** The register of Jiaxian takes the unit over, owned by the seller. */
export const takeOver = (booking, s) =>
  booking.call("POST", "/register/take-over", {
    people: [
      { ref: "owner", name: s.parties[0].name, id_kind: "citizen_id", id_number: s.parties[0].id_number },
      { ref: "land", name: "演示地块建设用地使用权人", id_kind: "credit_code", id_number: "91350100M000100Y43" },
    ],
    register: seed(s),
  });

function seed(s) {
  const parcel = `${s.unit.slice(0, 19)}W00000000`;
  const first = (unit, owner, about, certificates) => ({
    source: { kind: "office", id: `demo:${unit}`, step: "take-over" },
    steps: [{ kind: "first", data: { unit, about, owners: { mode: "sole", holders: [{ ref: owner }] } }, ...(certificates ? { certificates } : {}) }],
  });
  const land = { location: `宗地 ${s.unit.slice(0, 19)}`, area: 2_500_000, use: "residential_land", nature: "granted", term_end: "2082-12-31" };
  const home = { location: s.address, area: 8964, use: "residential", nature: "market", term_end: "2082-12-31" };
  const bookings = [first(parcel, "land", land), first(s.unit, "owner", home, [s.certificate])];
  return { format: "tongban.register-seed/1", agency: "410425.registry", bookings };
}

import { describe, expect, test } from "vitest";
import { actsFor, asked, bodyOf, missing, type ActId, type Me } from "./acts";
import type { Case } from "./types";

const home = "410425.registry";
const all = [
  "custody.accept", "custody.decline", "case.accept", "case.refuse", "supplement.ask", "review.first", "review.second", "tax.confirm", "notice.publish", "visit.record",
  "case.suspend", "case.decide", "case.book", "result.issue", "result.hand_out", "result.revoke", "case.close",
];
const me = (...not: string[]): Me => ({ id: "p-me", agency: home, may: (a) => all.includes(a) && !not.includes(a) });
const by = (person: string) => ({ person, agency: home, role: "first_reviewer" });
const of = (more: Partial<Case>): Case => ({
  id: "c", number: "n", item: "transfer.resale", standard: { item: "transfer.resale", version: 1, digest: "d" }, status: "arrived", receiving: "w", handling: home, custodian: home,
  unit: "u", place: "410425", masked: true, erased: false, form: {}, parties: [], materials: [], declines: [], supplements: [], disposes: true, rivals: [], questioned: [], suspensions: [],
  run_outs: [], register_notes: [], results: [], ratings: [], received_at: "", updated_at: "", received_by: "", seq: 3, head: "h", ...more,
} as Case);
const steps = { reviews: 2, tax: true, notice_days: 0, visit: false, video: false, booking: true, exclusive: true, papers: ["certificate"], promised_days: 3, statutory_days: 30 };
const ids = (c: Case, who = me()) => actsFor(c, who).map((a) => a.id);
const paper = { id: "x", revoked: undefined } as unknown as Case["results"][number];
const offer = { id: "o1", from: "w", to: home, seq: 2, at: "" };

describe("what may be done", () => {
  test.each<[string, Case, Me, ActId[]]>([
    ["nothing with a case that another agency holds", of({ custodian: "w", status: "arrived" }), me(), []],
    ["nothing while it is offered away", of({ offer: { ...offer, to: "else" } }), me(), []],
    ["nothing without a right", of({}), { ...me(), may: () => false }, []],
    ["an offer is taken or declined", of({ custodian: "w", status: "received", offer }), me(), ["take", "decline"]],
    ["what arrived is accepted, supplemented or refused", of({}), me(), ["accept", "supplement", "refuse"]],
    ["not accepted where somebody else is responsible", of({ handling: "else" }), me(), ["supplement", "refuse"]],
    ["a window that never answers must not hold the case", of({ status: "correcting" }), me(), ["refuse", "suspend"]],
    ["first review", of({ status: "accepted", steps }), me("case.suspend"), ["first_pass", "supplement", "first_fail", "tax"]],
    ["second review", of({ status: "first_reviewed", steps, first_review: { by: by("p-other"), pass: true, at: "" } }), me("case.suspend", "tax.confirm"), ["second_pass", "second_fail"]],
    ["what did not pass cannot be approved", of({ status: "second_reviewed", first_review: { by: by("p-other"), pass: false, at: "" } }), me("case.suspend"), ["reject"]],
    ["booking before papers", of({ status: "approved", steps }), me("case.suspend"), ["book"]],
    ["papers before closing", of({ status: "booked", steps, booked: { booking: "b", at: "", units: [], papers: [{ kind: "certificate", number: "1", unit: "u", entry: "e" }] } }), me(), ["issue"]],
    ["handing out, revoking, closing", of({ status: "booked", steps, booked: { booking: "b", at: "", units: [], papers: [] }, results: [paper] }), me(), ["close", "hand_out", "revoke"]],
    ["a suspended case is resumed or rejected", of({ status: "suspended" }), me(), ["resume", "reject"]],
  ])("%s", (_, c, who, want) => expect(ids(c, who)).toEqual(want));

  test("says why something cannot be done yet", () => {
    const blocked = (c: Case, id: ActId, who = me()) => actsFor(c, who).find((a) => a.id === id)?.blocked?.why;
    const mine = { by: by("p-me"), pass: true, at: "" };
    expect(blocked(of({ status: "first_reviewed", first_review: mine }), "second_pass")).toBe("same_person");
    expect(blocked(of({ status: "second_reviewed", first_review: { ...mine, by: by("p-other") }, missing_steps: ["tax"] }), "approve")).toBe("steps");
    const again = of({ supplements: [{ round: 1 }] as unknown as Case["supplements"] });
    expect(blocked(again, "supplement")).toBe("round");
    expect(blocked(again, "supplement", { ...me(), may: () => true })).toBeUndefined();
  });

  test("no two acts at one step have the same key", () => {
    for (const status of ["arrived", "correcting", "accepted", "first_reviewed", "second_reviewed", "suspended", "approved", "booked", "closed"]) {
      const c = of({ status, steps: { ...steps, notice_days: 15, visit: true }, results: [paper], first_review: { by: by("p-other"), pass: true, at: "" } });
      const keys = actsFor(c, me()).map((a) => a.hotkey);
      expect(new Set(keys).size, `${status}: ${keys.join()}`).toBe(keys.length);
    }
  });
});

describe("what is sent", () => {
  const act = (c: Case, id: ActId) => actsFor(c, me()).find((a) => a.id === id)!;
  test("asks only what belongs to the answer given", () => {
    const c = of({ status: "booked", results: [paper] });
    const hand = act(c, "hand_out");
    expect(missing(hand, { id: "x" }).map((i) => i.key)).toEqual(["way"]);
    expect(missing(hand, { id: "x", way: "mail" }).map((i) => i.key)).toEqual(["carrier", "tracking"]);
    expect(bodyOf(hand, { id: "x", way: "electronic", carrier: "left over", text: " " }, c)).toEqual({ id: "x", way: "electronic" });
    expect(asked(hand, { way: "window" }).map((i) => i.key)).toContain("signature");
  });
  test("over a counter only by those who can keep the signature", () => {
    const ways = (who: Me) => actsFor(of({ status: "booked", results: [paper] }), who).find((a) => a.id === "hand_out")!.inputs.find((i) => i.key === "way")!.options;
    expect(ways(me())).toEqual(["electronic", "mail", "self_service"]);
    expect(ways({ ...me(), may: () => true })).toContain("window");
  });
  test("reviews and decisions carry their verdict", () => {
    expect(bodyOf(act(of({ status: "accepted" }), "first_fail"), { text: " no \n" }, of({}))).toEqual({ pass: false, text: "no" });
    const c = of({ status: "second_reviewed", first_review: { by: by("p-other"), pass: true, at: "" } });
    expect(bodyOf(act(c, "approve"), {}, c)).toEqual({ approve: true });
    expect(bodyOf(act(c, "reject"), {}, c)).toEqual({ approve: false, text: "" });
  });
  test("an offer is named, entries told of are a list, yes and no are truths", () => {
    const c = of({ custodian: "w", offer });
    expect(bodyOf(act(c, "decline"), { code: "closed", text: "x" }, c)).toEqual({ offer: "o1", code: "closed", text: "x" });
    const b = of({ status: "approved", steps });
    expect(bodyOf(act(b, "book"), { told: ["e1"] }, b)).toEqual({ told: ["e1"] });
    const n = of({ status: "accepted", steps, notice: { days: 15, until: "", at: "", objection: false } });
    expect(bodyOf(act(n, "notice_end"), { objection: "yes" }, n)).toEqual({ objection: true });
  });
});

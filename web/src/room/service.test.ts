import { expect, test } from "vitest";
import { pagePath, sessionOf, socketAddress } from "./service";

const at = "2026-11-25T10:00:00Z";
const page = (session: object, more: object = {}) => ({
  case: "c", number: "n", seat: "p1", may: {}, presence: [], shown: [], now: at, ...more,
  session: { id: "s", state: "open", locked: false, from: at, to: at, people: [], turns: [], identities: [], tracks: [], ...session },
}) as unknown as Parameters<typeof sessionOf>[0];

test.each<[string, object, object, string]>([
  ["planned", { state: "scheduled" }, {}, "off"],
  ["open, nothing stored yet", {}, {}, "starting"],
  ["open, segments are stored", { tracks: [{ segments: 3 }] }, {}, "on"],
  ["formal", { state: "formal" }, {}, "on"],
  ["paused by the recorder", { state: "paused", cause: "recording_stalled" }, {}, "stalled"],
  ["paused by the host, and it stalls", { state: "paused", cause: "host_wish" }, { stalled: "storage_refused" }, "stalled"],
  ["closed", { state: "closed", tracks: [{ segments: 3 }] }, {}, "off"],
])("the recorder when %s", (_, session, more, want) => {
  expect(sessionOf(page(session, more), Date.parse(at)).recorder).toBe(want);
});

test("people get what is known of them at the door, and the last comparison", () => {
  const p = { who: "p2", role: "applicant", name: "张*", here: "waiting", consented: true, party: 1 };
  const s = sessionOf(page({
    people: [p], turns: [{ did: "begin", at: "1" }, { did: "pause", at: "2" }, { did: "resume", at: "3" }], state: "formal",
    identities: [{ who: "p2", result: "unclear", at: "4" }, { who: "p2", result: "matches", at: "5" }],
  }, { presence: [{ who: "p2", self_test: "okay", help: "" }], shown: [{ material: "m2", name: "合同", pages: 3 }] }), Date.parse(at) - 500);
  expect(s.people[0]).toMatchObject({ score: "okay", identity: { result: "matches" }, party: 1 });
  expect(s.people[0]!.help).toBeUndefined();
  expect([s.begun, s.skew, s.shown[0]!.name]).toEqual(["3", 500, "合同"]);
});

test("who came by a link has addresses of his own", () => {
  expect(pagePath({ case: "attend", session: "s" }, "m", 2)).toBe("/api/v1/attend/materials/m/pages/2");
  expect(pagePath({ case: "c", session: "s" }, "m", 2)).toBe("/api/v1/cases/c/sessions/s/materials/m/pages/2");
});

test("the room's address is a WebSocket's, here or on another node", () => {
  expect(socketAddress("wss://node-2.example/room")).toBe("wss://node-2.example/room");
  expect(socketAddress("https://node-2.example/room")).toBe("wss://node-2.example/room");
  expect(new URL(socketAddress("/room/ws")).protocol).toBe("ws:");
});

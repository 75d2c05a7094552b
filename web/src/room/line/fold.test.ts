import { expect, test } from "vitest";
import { fold, nowhere, type RoomState } from "./fold";
import type { Heard } from "./wire";

const welcome: Heard = {
  type: "welcome", you: { id: "ann", state: "in" }, room: "r", locked: false,
  grant: { publish: ["camera", "mic"], subscribe: true, admin: false, hidden: false },
  participants: [{ id: "bo", state: "in" }], // never oneself
  publications: [{ id: "bo/camera", participant: "bo", source: "camera" }],
};
const after = (...ms: Heard[]): RoomState => ms.reduce(fold, nowhere);

test("whoever waits is at the door and sees nobody", () => {
  const s = after({ type: "welcome", you: { id: "ann", state: "waiting" } });
  expect(s.phase).toBe("waiting");
  expect(s.participants).toEqual({});
  expect(after({ type: "welcome", you: { id: "ann", state: "waiting" } }, { ...welcome, type: "admitted" }).phase).toBe("in");
});

test("somebody who goes takes his publications and his voice along", () => {
  const s = after(welcome, { type: "speakers", speakers: ["bo", "ann"] }, { type: "left", id: "bo" });
  expect(Object.keys(s.participants)).toEqual(["ann"]);
  expect(s.publications).toEqual({});
  expect(s.speakers).toEqual(["ann"]);
});

test.each<[string, Heard, (s: RoomState) => unknown, unknown]>([
  ["muted", { type: "muted", id: "bo/camera", on: true }, (s) => s.publications["bo/camera"]?.muted, true],
  ["muted, of nobody", { type: "muted", id: "cy/camera", on: true }, (s) => Object.keys(s.publications).length, 1],
  ["away", { type: "state", participant: { id: "bo", state: "away" } }, (s) => s.participants["bo"]?.state, "away"],
  ["slots are the whole map", { type: "slots", slots: [{ mid: "3", publication: "bo/camera" }, { mid: "4" }] }, (s) => s.slots, { 3: "bo/camera", 4: "" }],
  ["locked", { type: "locked", on: true }, (s) => s.locked, true],
  ["lists that are null", { type: "speakers", speakers: null }, (s) => s.speakers, []],
  ["media", { type: "media", state: "up" }, (s) => s.media, true],
  ["reset", { type: "reset", reason: "media" }, (s) => [s.media, s.slots], [false, {}]],
  ["bye", { type: "bye", reason: "removed" }, (s) => [s.phase, s.ended], ["ended", "removed"]],
  ["moved to another room", { ...welcome, type: "moved", room: "r.talk1", publications: [] }, (s) => [s.room, s.publications], ["r.talk1", {}]],
  ["from the future", { type: "hologram" }, (s) => s.phase, "in"],
])("%s", (_, m, see, want) => {
  expect(see(after(welcome, m))).toEqual(want);
});

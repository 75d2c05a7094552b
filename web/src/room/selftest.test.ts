import { expect, test } from "vitest";
import { adviceFor, points, roundTrips, scoreOf, tested, type Found } from "./selftest";

const fine: Found = { camera: true, mic: true, level: 0.4, sees: true, hears: true, rtt: 40, jitter: 10, kbps: 4000 };

test.each<[string, Partial<Found>, string[], string]>([
  ["all well", {}, [], "good"],
  ["no camera", { camera: false }, ["camera"], "okay"],
  ["no microphone", { mic: false }, ["mic"], "okay"],
  ["nothing at all", { camera: false, mic: false, level: 0 }, ["camera", "mic"], "bad"],
  ["a microphone that hears nothing", { level: 0.01 }, ["silent"], "okay"],
  ["cannot hear", { hears: false }, ["unheard"], "okay"],
  ["not asked yet", { hears: null, sees: null }, [], "good"],
  ["a far hub", { rtt: 600 }, ["far"], "good"],
  ["a bad line", { rtt: 600, jitter: 300, kbps: 200 }, ["far", "unsteady", "narrow"], "bad"],
  ["a line not measured", { rtt: 0, kbps: 0 }, [], "good"],
])("%s", (_, part, advice, score) => {
  const f = { ...fine, ...part };
  expect([adviceFor(f), scoreOf(points(f))]).toEqual([advice, score]);
});

test("what is told to the hub is what was found", () => {
  expect(tested({ ...fine, level: 0, hears: null })).toEqual({ score: "okay", camera: true, mic: false, speaker: false, kbps: 4000, round_ms: 40 });
});

test("the first round trip opens the line and does not count", () => {
  expect(roundTrips([900, 40, 50, 45])).toEqual({ rtt: 45, jitter: 10 });
  expect(roundTrips([])).toEqual({ rtt: 0, jitter: 0 });
});

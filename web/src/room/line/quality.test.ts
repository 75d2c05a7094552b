import { expect, test } from "vitest";
import { judge, look, type Look } from "./quality";

const at = (l: Partial<Look>): Look => ({ at: 0, received: 0, lost: 0, sent: 0, remoteLost: 0, rtt: 40, bytes: 0, frames: {}, ...l });

test.each([
  ["a good line", at({ at: 2000, received: 1000, lost: 2 }), true, "good"],
  ["some loss", at({ at: 2000, received: 960, lost: 40 }), true, "fair"],
  ["much loss", at({ at: 2000, received: 900, lost: 100 }), true, "poor"],
  ["others lose what we send", at({ at: 2000, received: 1000, remoteLost: 0.1 }), true, "poor"],
  ["a long way", at({ at: 2000, received: 1000, rtt: 300 }), true, "fair"],
  ["no line", at({ at: 2000, received: 1000 }), false, "none"],
  ["nothing received yet", at({ at: 2000 }), true, "good"],
])("%s", (_, now, connected, grade) => {
  expect(judge(at({}), now, connected).grade).toBe(grade);
});

test("counters that begin anew are no loss", () => {
  expect(judge(at({ received: 5000, lost: 90 }), at({ at: 2000, received: 10, lost: 0 }), true).loss).toBe(0);
});

test("sums the streams of a report and takes the nominated way", () => {
  const l = look(new Map<string, unknown>([
    ["a", { type: "inbound-rtp", kind: "video", mid: "3", packetsReceived: 10, packetsLost: 1, bytesReceived: 500, framesDecoded: 7 }],
    ["b", { type: "inbound-rtp", kind: "audio", mid: "4", packetsReceived: 20, packetsLost: -2, bytesReceived: 100 }],
    ["c", { type: "candidate-pair", nominated: true, state: "succeeded", currentRoundTripTime: 0.05 }],
    ["d", { type: "candidate-pair", nominated: false, state: "succeeded", currentRoundTripTime: 2 }],
  ]), 1);
  expect(l).toMatchObject({ received: 30, lost: 1, bytes: 600, rtt: 50, frames: { 3: 7 } });
});

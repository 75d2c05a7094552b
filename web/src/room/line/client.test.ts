import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { RoomClient, pingEvery } from "./client";
import { FakePeer, FakeSocket, fakeTrack, settle } from "./fakes";
import { layersOf } from "./media";
import type { Heard } from "./wire";

let sockets: FakeSocket[] = [];
let peers: FakePeer[] = [];
let apps: unknown[] = [];
let tokens = 0;

function client(): RoomClient {
  return new RoomClient({
    ticket: async () => ({ address: "ws://hub/room", token: `token ${++tokens}` }),
    on: { changed: () => undefined, app: (...a) => apps.push(a) },
    socket: () => {
      const s = new FakeSocket();
      sockets.push(s);
      queueMicrotask(() => s.onopen?.());
      return s;
    },
    peer: (c) => {
      const p = new FakePeer(c);
      peers.push(p);
      return p as unknown as RTCPeerConnection;
    },
  });
}
const welcome = (state: "in" | "waiting" = "in"): Heard => ({
  type: "welcome", you: { id: "ann", state }, room: "r",
  grant: { publish: ["camera", "mic", "screen"], subscribe: true, admin: true, hidden: false },
  participants: [], publications: [],
  resume: { room: "r", participant: "ann", secret: "s1", ms: 10_000 },
  ice: [{ urls: ["turn:h"], username: "u", credential: "c" }],
});
const ws = (): FakeSocket => sockets.at(-1)!;
const pc = (): FakePeer => peers.at(-1)!;

async function inside(): Promise<RoomClient> {
  const c = client();
  c.publish("camera", fakeTrack());
  c.publish("mic", fakeTrack(0));
  c.enter();
  await settle();
  ws().hear(welcome());
  await settle();
  return c;
}

beforeEach(() => {
  vi.useFakeTimers();
  sockets = [];
  peers = [];
  apps = [];
  tokens = 0;
});
afterEach(() => vi.useRealTimers());

test("says hello with a fresh token, then offers what it publishes with its layers", async () => {
  await inside();
  expect(ws().said[0]).toEqual({ type: "hello", version: 1, token: "token 1", first: true });
  const offer = ws().last("offer")!;
  expect(offer["tracks"]).toEqual([
    { mid: "0", source: "camera", layers: [{ rid: "q", height: 180 }, { rid: "h", height: 360 }, { rid: "f", height: 720 }] },
    { mid: "1", source: "mic" },
  ]);
  expect(pc().config.iceServers).toEqual([{ urls: ["turn:h"], username: "u", credential: "c" }]);
});

test("who only listens does not promise an offer", async () => {
  const c = client();
  c.enter();
  await settle();
  expect(ws().said[0]!["first"]).toBe(false);
});

test("at the door there is no media; after it there is", async () => {
  const c = client();
  c.publish("camera", fakeTrack());
  c.enter();
  await settle();
  ws().hear(welcome("waiting"));
  await settle();
  expect([c.state.phase, peers.length, ws().types()]).toEqual(["waiting", 0, ["hello"]]);
  ws().hear({ ...welcome(), type: "admitted" });
  await settle();
  expect(ws().types()).toEqual(["hello", "offer"]);
});

test("what may not be published at the door goes out when the grant comes", async () => {
  const c = client();
  c.publish("camera", fakeTrack());
  c.publish("screen", fakeTrack());
  c.enter();
  await settle();
  const none = { publish: [], subscribe: true, admin: false, hidden: false };
  ws().hear({ ...welcome("waiting"), grant: none });
  ws().hear({ ...welcome(), type: "admitted", grant: none });
  await settle();
  expect(ws().last("offer")).toBeUndefined();
  ws().hear({ type: "grant", grant: { ...none, publish: ["camera"] } });
  ws().hear({ type: "grant", grant: { ...none, publish: ["camera"] } });
  await settle();
  expect([ws().types(), peers.length]).toEqual([["hello", "offer"], 1]);
  expect((ws().last("offer")!["tracks"] as { source: string }[]).map((x) => x.source)).toEqual(["camera"]);
});

test("when offers cross, ours is taken back, theirs answered, and ours made again", async () => {
  await inside();
  ws().hear({ type: "offer", sdp: "theirs" });
  ws().hear({ type: "ignored" });
  await settle();
  expect(pc().log).toEqual(["local offer", "remote offer", "local answer", "local offer"]);
  expect(ws().types()).toEqual(["hello", "offer", "answer", "offer"]);
  ws().hear({ type: "answer", sdp: "ok" });
  await settle();
  expect(pc().signalingState).toBe("stable");
});

test("an answer that nobody waits for changes nothing", async () => {
  await inside();
  ws().hear({ type: "answer", sdp: "a" });
  ws().hear({ type: "answer", sdp: "again" });
  await settle();
  expect([peers.length, pc().log]).toEqual([1, ["local offer", "remote answer"]]);
});

test("tracks are found by mid and slot, never by their own ids", async () => {
  const c = await inside();
  pc().ontrack?.({ track: "picture", transceiver: { mid: "7" } });
  ws().hear({ type: "slots", slots: [{ mid: "7", publication: "bo/camera" }] });
  expect(c.trackOf("bo/camera")).toBe("picture");
  ws().hear({ type: "slots", slots: [{ mid: "7", publication: "cy/camera" }] });
  expect([c.trackOf("bo/camera"), c.trackOf("cy/camera")]).toEqual([null, "picture"]);
});

test("a broken line is resumed: same media, an unanswered offer is made again", async () => {
  const c = await inside();
  pc().connectionState = "connected";
  ws().close();
  expect(c.state.phase).toBe("away");
  await vi.advanceTimersByTimeAsync(300);
  expect(ws().said[0]).toEqual({ type: "hello", version: 1, resume: { room: "r", participant: "ann", secret: "s1", ms: 10_000 } });
  ws().hear({ ...welcome(), type: "resumed", resume: { room: "r", participant: "ann", secret: "s2", ms: 10_000 } });
  await settle();
  expect([c.state.phase, c.brokenSince, peers.length, pc().restarts]).toEqual(["in", 0, 1, 0]);
  expect(ws().types()).toEqual(["hello", "offer"]);
});

test("media that are not connected restart ICE after resuming", async () => {
  await inside();
  ws().hear({ type: "answer", sdp: "a" });
  await settle();
  pc().connectionState = "disconnected";
  ws().close();
  await vi.advanceTimersByTimeAsync(300);
  ws().hear({ ...welcome(), type: "resumed" });
  await settle();
  expect([pc().restarts, ws().types()]).toEqual([1, ["hello", "offer"]]);
});

test("too late to resume: in again with a fresh token and new media", async () => {
  const c = await inside();
  ws().close();
  await vi.advanceTimersByTimeAsync(300);
  ws().hear({ type: "error", code: "not_found", reason: "resume" });
  ws().close();
  await vi.advanceTimersByTimeAsync(2500);
  expect(ws().said[0]!["token"]).toBe("token 2");
  ws().hear(welcome());
  await settle();
  expect([c.state.phase, peers.length, peers[0]!.closed]).toEqual(["in", 2, true]);
});

test("reset: the media are made anew on the same line", async () => {
  await inside();
  ws().hear({ type: "reset", reason: "media" });
  await settle();
  expect([peers.length, peers[0]!.closed, ws().types()]).toEqual([2, true, ["hello", "offer", "offer"]]);
});

test.each([
  ["room_full", false], ["node_full", false], ["closing", false], ["idle", false],
  ["token_invalid", true], ["grant_expired", true], ["version", true], ["room_locked", true],
])("refused with %s: ends is %s", async (reason, ends) => {
  const c = client();
  c.enter();
  await settle();
  ws().hear({ type: "error", code: "x", reason });
  ws().close();
  await vi.advanceTimersByTimeAsync(20_000);
  expect(c.state.phase === "ended").toBe(ends);
  expect(sockets.length > 1).toBe(!ends);
});

test("sent away is the end, whatever the line does", async () => {
  const c = await inside();
  ws().hear({ type: "bye", reason: "removed" });
  await vi.advanceTimersByTimeAsync(60_000);
  expect([c.state.ended, sockets.length, pc().closed]).toEqual(["removed", 1, true]);
});

test("requests are answered by their number; with the line they are told no", async () => {
  const c = await inside();
  const first = c.ask({ type: "admit", id: "bo" });
  const second = c.ask({ type: "lock", on: true });
  const third = c.ask({ type: "remove", id: "cy" });
  const refused = expect(second).rejects.toThrow("forbidden: admin");
  const lost = expect(third).rejects.toThrow("offline");
  const [a, b] = [ws().last("admit")!.seq!, ws().last("lock")!.seq!];
  ws().hear({ type: "error", seq: b, code: "forbidden", reason: "admin" });
  ws().hear({ type: "ok", seq: a });
  await first;
  await refused;
  ws().close();
  await lost;
  expect(c.state.phase).toBe("away");
});

test("muting tells everybody and silences the track; a wish is said once", async () => {
  const c = await inside();
  ws().hear({ type: "published", publication: { id: "ann/mic", participant: "ann", source: "mic" } });
  c.mute("mic", true);
  c.mute("mic", true);
  expect(ws().last("mute")).toEqual({ type: "mute", source: "mic", on: true });
  expect(c.muted("mic")).toBe(true);
  c.want("bo/camera", "off");
  c.want("bo/camera", "off");
  expect(ws().types().filter((t) => t === "want").length).toBe(1);
});

test("what was muted before the door stays muted behind it", async () => {
  const c = await inside();
  c.mute("mic", true);
  expect(ws().last("mute")).toBeUndefined();
  ws().hear({ type: "published", publication: { id: "ann/mic", participant: "ann", source: "mic" } });
  expect(ws().last("mute")).toEqual({ type: "mute", source: "mic", on: true });
});

test("pings, and a server that says nothing is left for a new line", async () => {
  await inside();
  await vi.advanceTimersByTimeAsync(pingEvery);
  expect(ws().types().at(-1)).toBe("ping");
  await vi.advanceTimersByTimeAsync(pingEvery + 500);
  expect(sockets.length).toBe(2);
});

test("messages of others are handed on as they are", async () => {
  await inside();
  ws().hear({ type: "app", from: "bo", kind: "chat", data: { v: 1, kind: "chat", chat: { text: "<script>" } } });
  expect(apps).toEqual([["bo", "chat", { v: 1, kind: "chat", chat: { text: "<script>" } }]]);
});

test.each([[1080, 3], [720, 3], [480, 2], [240, 1], [0, 1]])("%i lines have %i layers, small to large", (height, n) => {
  const layers = layersOf(height);
  expect(layers.length).toBe(n);
  expect([...layers].sort((a, b) => a.maxBitrate! - b.maxBitrate!)).toEqual(layers);
});

// A client of the video protocol: signalling that comes back by itself, the
// state of the room, and the media beside it. It knows no page and no framework.
//
//   const room = new RoomClient({ ticket, on });
//   room.publish("camera", track);
//   room.enter();
import { fold, nowhere, type RoomState } from "./fold";
import { Media } from "./media";
import { Refusal, type Heard, type Quality, type Resume, type Said, type Source } from "./wire";

/** The part of a WebSocket that is used; tests bring their own. */
export interface Socket {
  send: (text: string) => void;
  close: () => void;
  onopen: (() => void) | null;
  onmessage: ((e: { data: unknown }) => void) | null;
  onclose: (() => void) | null;
}

export interface Events {
  /** Anything of state or tracks changed. */
  changed: () => void;
  app: (from: string, kind: string, data: unknown) => void;
}

export interface Options {
  /** Where the room is now (ws: or wss:) and a fresh token; asked at each entrance, not when resuming. */
  ticket: () => Promise<{ address: string; token: string }>;
  on: Events;
  ice?: RTCConfiguration;
  socket?: (address: string) => Socket;
  peer?: (c: RTCConfiguration) => RTCPeerConnection;
}

export const pingEvery = 15_000;
const silence = 25_000;
// Refusals that pass by themselves; all others end the connection for good.
const passing = new Set(["room_full", "node_full", "closing", "idle", "resume", "participant_taken", "rate", "offline"]);

export class RoomClient {
  state: RoomState = nowhere;
  /** When the line broke; 0 while it stands. */
  brokenSince = 0;
  private socket: Socket | null = null;
  private media: Media | null = null;
  private secret: Resume | null = null;
  private address = "";
  private servers: RTCIceServer[] = [];
  private readonly publishing = new Map<Source, { track: MediaStreamTrack | null; muted: boolean }>();
  private readonly asked = new Map<number, { done: () => void; no: (e: Error) => void }>();
  private readonly wants = new Map<string, Said>();
  private seq = 0;
  private tries = 0;
  private heardAt = 0;
  private networkChanged = false;
  private timers: ReturnType<typeof setTimeout>[] = [];
  private over = false;

  constructor(private readonly o: Options) {}

  enter(): void {
    this.over = false;
    this.timers.push(setInterval(() => this.beat(), pingEvery));
    if (typeof window !== "undefined") window.addEventListener("online", this.wake);
    void this.connect();
  }

  /** Goodbye: the others are told at once. */
  leave(): void {
    this.say({ type: "leave" });
    this.end("left");
  }

  /** What is received of a publication, if anything is. */
  trackOf(publication: string): MediaStreamTrack | null {
    for (const [mid, p] of Object.entries(this.state.slots)) if (p === publication) return this.media?.received.get(mid) ?? null;
    return null;
  }

  publish(source: Source, track: MediaStreamTrack | null): void {
    const muted = track === null;
    this.publishing.set(source, { track, muted });
    void this.media?.publish(source, track);
    if (this.mine(source)) this.say({ type: "mute", source, on: muted });
  }

  /** Stops or continues a source of ours, for everybody and for the recording. */
  mute(source: Source, on: boolean): void {
    const p = this.publishing.get(source);
    if (!p?.track) return;
    p.muted = on;
    p.track.enabled = !on;
    if (this.mine(source)) this.say({ type: "mute", source, on });
    this.o.on.changed();
  }

  muted = (source: Source): boolean => this.publishing.get(source)?.muted ?? true;

  want(publication: string, quality: Quality, priority = 0): void {
    const m = { type: "want", publication, quality, priority };
    const before = this.wants.get(publication);
    if (before?.["quality"] === quality && before["priority"] === priority) return;
    this.wants.set(publication, m);
    this.say(m);
  }

  app(kind: string, data: unknown, to?: string[]): void {
    this.say({ type: "app", kind, data, ...(to ? { to } : {}) });
  }

  /** A request that is answered: admit, refuse, remove, lock, mute_other. Throws a Refusal. */
  ask(m: Said): Promise<void> {
    const seq = ++this.seq;
    return new Promise((done, no) => {
      this.asked.set(seq, { done, no });
      if (!this.say({ ...m, seq })) this.answer(seq, new Refusal("unavailable", "offline"));
    });
  }

  stats = (): Promise<RTCStatsReport> | null => this.media?.pc.getStats() ?? null;
  get connection(): RTCPeerConnectionState | "none" {
    return this.media?.pc.connectionState ?? "none";
  }

  private readonly wake = (): void => {
    this.networkChanged = true;
    this.media?.restart();
    this.heardAt = Math.min(this.heardAt, Date.now() - silence + 4000); // an answer within 4 s, or a new line
    this.say({ type: "ping" });
    this.timers.push(setTimeout(() => this.beat(), 4500));
  };

  private beat(): void {
    if (!this.socket) return;
    if (Date.now() - this.heardAt >= silence) return this.socket.close();
    this.say({ type: "ping" });
  }

  private mine(source: Source): boolean {
    return Object.values(this.state.publications).some((p) => p.participant === this.state.you && p.source === source);
  }

  private say(m: Said): boolean {
    if (!this.socket || this.state.phase === "away") return false;
    this.socket.send(JSON.stringify(m));
    return true;
  }

  private async hello(): Promise<Said | null> {
    const kept = this.secret && Date.now() - this.brokenSince < (this.secret.ms ?? 10_000);
    if (kept) return { type: "hello", version: 1, resume: this.secret };
    this.secret = null;
    try {
      const { address, token } = await this.o.ticket();
      this.address = address;
      return { type: "hello", version: 1, token, first: [...this.publishing.values()].some((p) => p.track) };
    } catch {
      return null;
    }
  }

  private async connect(): Promise<void> {
    const hello = await this.hello();
    if (this.over) return;
    if (!hello) return this.later("offline");
    let refused = "";
    const ws = (this.o.socket ?? ((a) => new WebSocket(a) as unknown as Socket))(this.address);
    ws.onopen = () => {
      this.heardAt = Date.now();
      ws.send(JSON.stringify(hello));
    };
    ws.onmessage = (e) => {
      this.socket = ws;
      this.heardAt = Date.now();
      const m = JSON.parse(String(e.data)) as Heard;
      if (m.type === "error" && m.seq === undefined) refused = m.reason ?? "message";
      this.hear(m);
    };
    ws.onclose = () => {
      ws.onmessage = ws.onclose = null;
      if (this.socket === ws) this.socket = null;
      for (const seq of [...this.asked.keys()]) this.answer(seq, new Refusal("unavailable", "offline"));
      if (refused === "resume") this.secret = null;
      if (!this.over) this.later(refused || "offline");
    };
  }

  // The line is gone: keep the room on screen and try again, soon and then more rarely.
  private later(reason: string): void {
    if (!passing.has(reason)) return this.end(reason);
    if (!this.brokenSince) this.brokenSince = Date.now();
    if (this.state.phase === "in") this.become({ ...this.state, phase: "away" });
    const wait = this.secret && this.tries < 3 ? 250 * 2 ** this.tries : Math.min(1000 * 2 ** Math.min(this.tries, 4), 10_000);
    this.tries++;
    this.timers.push(setTimeout(() => void this.connect(), wait));
    this.o.on.changed();
  }

  private end(reason: string): void {
    this.over = true;
    for (const t of this.timers) clearTimeout(t);
    if (typeof window !== "undefined") window.removeEventListener("online", this.wake);
    this.media?.close();
    this.media = null;
    this.socket?.close();
    this.socket = null;
    this.become({ ...this.state, phase: "ended", ended: reason, media: false });
  }

  private become(s: RoomState): void {
    this.state = s;
    this.o.on.changed();
  }

  private answer(seq: number, e: Error | null): void {
    const a = this.asked.get(seq);
    this.asked.delete(seq);
    if (e) a?.no(e);
    else a?.done();
  }

  private hear(m: Heard): void {
    if (m.resume) this.secret = m.resume;
    if (m.ice) this.servers = m.ice;
    switch (m.type) {
      case "app":
        return this.o.on.app(m.from ?? "", m.kind ?? "", m.data);
      case "ok":
        return this.answer(m.seq ?? 0, null);
      case "error":
        return this.answer(m.seq ?? 0, new Refusal(m.code ?? "", m.reason ?? ""));
      case "offer":
        if (!this.media) this.begin();
        return this.media!.hear(m);
      case "answer":
        return this.media?.hear(m);
      case "bye":
        return this.end(m.reason ?? "left");
    }
    const before = this.state;
    this.become(fold(before, m));
    switch (m.type) {
      case "welcome":
      case "resumed":
        this.brokenSince = this.tries = 0;
        if (m.type === "welcome") this.begin();
        else this.media?.resume(this.networkChanged);
        this.networkChanged = false;
        for (const w of this.wants.values()) this.say(w);
        break;
      case "admitted":
      case "reset":
        this.begin();
        break;
      case "grant": // at the door nothing may be published: what may be comes after it
        this.send();
        break;
      case "published":
        // What was muted before the server knew it.
        if (m.publication?.participant === this.state.you && this.publishing.get(m.publication.source)?.muted) {
          this.say({ type: "mute", source: m.publication.source, on: true });
        }
    }
  }

  // A new media connection, once inside, with all that is published.
  private begin(): void {
    this.media?.close();
    this.media = null;
    if (this.state.phase !== "in") return;
    const ports = { say: (m: Said) => void this.say(m), changed: () => this.o.on.changed(), broken: () => this.begin(), ...(this.o.peer ? { make: this.o.peer } : {}) };
    this.media = new Media(ports, { ...this.o.ice, iceServers: [...(this.o.ice?.iceServers ?? []), ...this.servers] });
    this.send();
  }

  private send(): void {
    for (const [source, p] of this.publishing) {
      if (p.track && this.state.grant?.publish.includes(source)) void this.media?.publish(source, p.track);
    }
  }
}

// A server that says what the test wants, and a connection that holds itself to
// the signalling states of the standard. For tests only.
import type { Socket } from "./client";
import type { Heard, Said } from "./wire";

export class FakeSocket implements Socket {
  onopen: (() => void) | null = null;
  onmessage: ((e: { data: unknown }) => void) | null = null;
  onclose: (() => void) | null = null;
  said: Said[] = [];
  open = true;
  send(text: string): void {
    this.said.push(JSON.parse(text) as Said);
  }
  close(): void {
    if (!this.open) return;
    this.open = false;
    this.onclose?.();
  }
  hear(m: Heard): void {
    this.onmessage?.({ data: JSON.stringify(m) });
  }
  last = (type: string): Said | undefined => this.said.filter((m) => m.type === type).at(-1);
  types = (): string[] => this.said.map((m) => m.type);
}

interface FakeTransceiver {
  mid: string | null;
  sender: { track: unknown; getParameters: () => { encodings: RTCRtpEncodingParameters[] }; replaceTrack: (t: unknown) => Promise<void> };
}

export class FakePeer {
  signalingState = "stable";
  connectionState = "new";
  localDescription: { type: string; sdp: string } | null = null;
  onnegotiationneeded: (() => void) | null = null;
  onicecandidate = null;
  ontrack: ((e: { track: unknown; transceiver: { mid: string } }) => void) | null = null;
  onconnectionstatechange: (() => void) | null = null;
  transceivers: FakeTransceiver[] = [];
  restarts = 0;
  closed = false;
  log: string[] = [];
  private needed = false;
  private made = 0;

  constructor(readonly config: RTCConfiguration) {}

  need(): void {
    this.needed = true;
    queueMicrotask(() => this.needed && this.signalingState === "stable" && this.onnegotiationneeded?.());
  }
  addTransceiver(track: unknown, init: { sendEncodings?: RTCRtpEncodingParameters[] }): FakeTransceiver {
    const t: FakeTransceiver = {
      mid: null,
      sender: { track, getParameters: () => ({ encodings: init.sendEncodings ?? [{}] }), replaceTrack: async (x) => void (t.sender.track = x) },
    };
    this.transceivers.push(t);
    this.need();
    return t;
  }
  restartIce(): void {
    this.restarts++;
    this.need();
  }
  async setLocalDescription(d?: { type: string }): Promise<void> {
    const kind = d?.type ?? (this.signalingState === "have-remote-offer" ? "answer" : "offer");
    this.log.push(`local ${kind}`);
    if (kind === "rollback") {
      this.signalingState = "stable";
      this.localDescription = null;
      return this.need();
    }
    if (kind === "offer") {
      this.needed = false;
      this.signalingState = "have-local-offer";
      this.transceivers.forEach((t, i) => (t.mid = String(i)));
    } else this.stable();
    this.localDescription = { type: kind, sdp: `${kind} ${++this.made}` };
  }
  async setRemoteDescription(d: { type: string; sdp: string }): Promise<void> {
    this.log.push(`remote ${d.type}`);
    if (d.type === "offer") {
      if (this.signalingState === "have-local-offer") this.needed = true; // taken back
      this.signalingState = "have-remote-offer";
    } else {
      if (this.signalingState !== "have-local-offer") throw new Error("an answer nobody waits for");
      this.stable();
    }
  }
  private stable(): void {
    this.signalingState = "stable";
    if (this.needed) this.need();
  }
  close(): void {
    this.closed = true;
  }
  getStats = async () => new Map();
}

export const fakeTrack = (height = 720): MediaStreamTrack => ({ enabled: true, getSettings: () => ({ height }) }) as unknown as MediaStreamTrack;
/** Lets everything that waits for a promise go on. */
export const settle = async (): Promise<void> => {
  for (let i = 0; i < 20; i++) await Promise.resolve();
};

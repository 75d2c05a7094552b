// One RTCPeerConnection for both directions: what we publish are sections that
// we offer, what we receive are slots that the server adds. We are the polite
// side of perfect negotiation: the browser takes our offer back when the
// server's comes, and tells us that it is still needed.
import type { Heard, Said, Source, TrackDecl } from "./wire";

export interface Ports {
  say: (m: Said) => void;
  changed: () => void; // tracks came or went, or the connection's state did
  broken: () => void; // descriptions do not fit any more: begin again
  make?: (c: RTCConfiguration) => RTCPeerConnection;
}

/** The layers of a picture, small to large, from its height in pixels. */
export function layersOf(height: number): RTCRtpEncodingParameters[] {
  const full = { rid: "f", maxBitrate: height >= 700 ? 1_400_000 : 500_000 };
  const half = { rid: "h", scaleResolutionDownBy: 2, maxBitrate: height >= 700 ? 450_000 : 150_000 };
  const quarter = { rid: "q", scaleResolutionDownBy: 4, maxBitrate: 130_000 };
  if (height >= 700) return [quarter, half, full];
  return height >= 300 ? [half, full] : [full];
}

export class Media {
  readonly pc: RTCPeerConnection;
  /** What each slot receives, by mid. */
  readonly received = new Map<string, MediaStreamTrack>();
  private readonly sending = new Map<Source, RTCRtpTransceiver>();
  private turn: Promise<void> = Promise.resolve(); // one description at a time
  private closed = false;

  constructor(
    private readonly ports: Ports,
    config: RTCConfiguration,
  ) {
    const pc = (this.pc = (ports.make ?? ((c) => new RTCPeerConnection(c)))(config));
    pc.onicecandidate = (e) => e.candidate && ports.say({ type: "candidate", candidate: e.candidate.toJSON() });
    pc.ontrack = (e) => {
      if (e.transceiver.mid) this.received.set(e.transceiver.mid, e.track);
      ports.changed();
    };
    pc.onnegotiationneeded = () =>
      this.next(async () => {
        if (pc.signalingState !== "stable") return; // asked again once it is
        await pc.setLocalDescription();
        this.offer();
      });
    pc.onconnectionstatechange = () => {
      if (pc.connectionState === "failed") this.restart();
      ports.changed();
    };
  }

  private next(step: () => Promise<void>): void {
    this.turn = this.turn.then(async () => {
      if (!this.closed) await step();
    }).catch(() => {
      if (!this.closed) this.ports.broken();
    });
  }

  private offer(): void {
    const tracks: TrackDecl[] = [];
    for (const [source, t] of this.sending) {
      if (t.mid === null) continue;
      const height = t.sender.track?.getSettings?.().height ?? 0;
      const layers = t.sender.getParameters().encodings.filter((e) => e.rid);
      tracks.push({
        mid: t.mid, source,
        ...(layers.length > 1 ? { layers: layers.map((e) => ({ rid: e.rid!, height: Math.round(height / (e.scaleResolutionDownBy ?? 1)) })) } : {}),
      });
    }
    this.ports.say({ type: "offer", sdp: this.pc.localDescription?.sdp ?? "", tracks });
  }

  /** Takes the server's side of the negotiation. */
  hear(m: Heard): void {
    const sdp = m.sdp ?? "";
    this.next(async () => {
      if (m.type === "offer") {
        await this.pc.setRemoteDescription({ type: "offer", sdp });
        await this.pc.setLocalDescription();
        this.ports.say({ type: "answer", sdp: this.pc.localDescription?.sdp ?? "" });
      } else if (this.pc.signalingState === "have-local-offer") {
        await this.pc.setRemoteDescription({ type: "answer", sdp });
      }
    });
  }

  /** Publishes, exchanges or (null) stops a track. A section lives as long as the connection. */
  async publish(source: Source, track: MediaStreamTrack | null): Promise<void> {
    const there = this.sending.get(source);
    if (there) return there.sender.replaceTrack(track);
    if (!track) return;
    const camera = source === "camera" ? { sendEncodings: layersOf(track.getSettings?.().height ?? 360) } : {};
    this.sending.set(source, this.pc.addTransceiver(track, { direction: "sendonly", ...camera }));
  }

  /** After the signalling came back: an offer whose answer was lost is made again. */
  resume(networkChanged: boolean): void {
    if (networkChanged || this.pc.connectionState !== "connected") this.pc.restartIce();
    this.next(async () => {
      if (this.pc.signalingState === "have-local-offer") {
        await this.pc.setLocalDescription({ type: "rollback" }); // and negotiationneeded comes again
      }
    });
  }

  restart(): void {
    this.pc.restartIce();
  }

  close(): void {
    this.closed = true;
    this.pc.onnegotiationneeded = this.pc.onicecandidate = this.pc.ontrack = this.pc.onconnectionstatechange = null;
    this.pc.close();
    this.received.clear();
  }
}

// How good the line is, from two looks at the connection's statistics.

export type Grade = "good" | "fair" | "poor" | "none";

export interface Look {
  at: number; // ms
  received: number; // packets of all streams
  lost: number;
  sent: number;
  remoteLost: number; // as the server reports of what we sent, 0 to 1, the worst stream
  rtt: number; // ms; 0 when unknown
  bytes: number; // received
  frames: Record<string, number>; // decoded, by mid
}

export interface Quality {
  grade: Grade;
  rtt: number;
  loss: number; // percent of what we receive
  lossUp: number; // percent of what we send
  kbps: number;
}

type Stat = Record<string, unknown> & { type: string };
const num = (s: Stat, key: string): number => (typeof s[key] === "number" ? (s[key] as number) : 0);

/** Takes what counts out of a report. */
export function look(report: Iterable<[string, unknown]> | RTCStatsReport, at: number): Look {
  const l: Look = { at, received: 0, lost: 0, sent: 0, remoteLost: 0, rtt: 0, bytes: 0, frames: {} };
  for (const [, value] of report as Iterable<[string, unknown]>) {
    const s = value as Stat;
    if (s.type === "inbound-rtp") {
      l.received += num(s, "packetsReceived");
      l.lost += Math.max(0, num(s, "packetsLost"));
      l.bytes += num(s, "bytesReceived");
      if (s["kind"] === "video") l.frames[String(s["mid"])] = num(s, "framesDecoded");
    } else if (s.type === "outbound-rtp") l.sent += num(s, "packetsSent");
    else if (s.type === "remote-inbound-rtp") l.remoteLost = Math.max(l.remoteLost, num(s, "fractionLost"));
    else if (s.type === "candidate-pair" && s["nominated"] === true && s["state"] === "succeeded") l.rtt = Math.max(l.rtt, num(s, "currentRoundTripTime") * 1000);
  }
  return l;
}

/** Judges the time between two looks. */
export function judge(before: Look, now: Look, connected: boolean): Quality {
  const received = now.received - before.received;
  const lost = Math.max(0, now.lost - before.lost);
  const loss = received + lost > 0 ? (100 * lost) / (received + lost) : 0;
  const lossUp = now.remoteLost * 100;
  const seconds = Math.max(0.001, (now.at - before.at) / 1000);
  const kbps = Math.max(0, ((now.bytes - before.bytes) * 8) / 1000 / seconds);
  const worst = Math.max(loss, lossUp);
  const grade: Grade = !connected ? "none" : worst >= 8 || now.rtt >= 500 ? "poor" : worst >= 2.5 || now.rtt >= 250 ? "fair" : "good";
  return { grade, rtt: Math.round(now.rtt), loss: Math.round(loss * 10) / 10, lossUp: Math.round(lossUp * 10) / 10, kbps: Math.round(kbps) };
}

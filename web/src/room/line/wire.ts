// The messages of docs/video-protocol.md, version 1. Nothing here does anything.

export type Source = "camera" | "mic" | "screen" | "screen_audio";
export type Quality = "off" | "low" | "medium" | "high";

export interface Participant {
  id: string;
  state: "waiting" | "in" | "away";
  admin?: boolean;
  info?: Record<string, unknown>;
}

export interface Publication {
  id: string;
  participant: string;
  source: Source;
  muted?: boolean;
}

export interface Grant {
  publish: Source[];
  subscribe: boolean;
  admin: boolean;
  hidden: boolean;
  apps?: Record<string, "room" | "admins">;
}

export interface Resume {
  room: string;
  participant: string;
  secret: string;
  ms?: number;
}

export interface TrackDecl {
  mid: string;
  source: Source;
  layers?: { rid: string; height: number }[];
}

/** What the server says; which fields stand in which message is in the document. */
export interface Heard {
  type: string;
  seq?: number;
  you?: Participant;
  grant?: Grant;
  resume?: Resume;
  room?: string;
  locked?: boolean;
  participants?: Participant[] | null;
  publications?: Publication[] | null;
  participant?: Participant;
  publication?: Publication;
  sdp?: string;
  slots?: { mid: string; publication?: string }[] | null;
  speakers?: string[] | null;
  id?: string;
  on?: boolean;
  state?: string;
  from?: string;
  kind?: string;
  data?: unknown;
  code?: string;
  reason?: string;
  text?: string;
  ice?: RTCIceServer[];
}

export type Said = { type: string; seq?: number } & Record<string, unknown>;

/** A refusal of the server, with its stable cause. */
export class Refusal extends Error {
  constructor(
    readonly code: string,
    readonly reason: string,
  ) {
    super(`${code}: ${reason}`);
    this.name = "Refusal";
  }
}

// The state of the room as the messages make it: a pure function, no media.
import type { Grant, Heard, Participant, Publication } from "./wire";

/** connecting: not in yet; waiting: at the door; in; away: the line broke and is being mended; ended. */
export type Phase = "connecting" | "waiting" | "in" | "away" | "ended";

export interface RoomState {
  phase: Phase;
  ended: string; // why, in the words of the protocol
  you: string;
  room: string;
  grant: Grant | null;
  locked: boolean;
  participants: Readonly<Record<string, Participant>>;
  publications: Readonly<Record<string, Publication>>;
  slots: Readonly<Record<string, string>>; // mid → publication
  speakers: readonly string[];
  media: boolean; // flows
}

export const nowhere: RoomState = {
  phase: "connecting", ended: "", you: "", room: "", grant: null, locked: false, participants: {}, publications: {}, slots: {}, speakers: [], media: false,
};

const byId = <T extends { id: string }>(list: readonly T[] | null | undefined): Record<string, T> => Object.fromEntries((list ?? []).map((x) => [x.id, x]));
const without = <T>(all: Readonly<Record<string, T>>, gone: (key: string, value: T) => boolean): Record<string, T> =>
  Object.fromEntries(Object.entries(all).filter(([k, v]) => !gone(k, v)));

// The whole room at once: at the beginning, after the door, and after a move.
function whole(s: RoomState, m: Heard): RoomState {
  return {
    ...s,
    phase: m.you?.state === "waiting" ? "waiting" : "in",
    you: m.you?.id ?? s.you,
    room: m.room ?? s.room,
    grant: m.grant ?? s.grant,
    locked: m.locked ?? false,
    participants: m.you && m.you.state !== "waiting" ? { ...byId(m.participants), [m.you.id]: m.you } : byId(m.participants), // the list names the others
    publications: byId(m.publications),
    speakers: m.speakers ?? [],
  };
}

/** The state after a message. What it does not know changes nothing. */
export function fold(s: RoomState, m: Heard): RoomState {
  switch (m.type) {
    case "welcome":
    case "resumed":
    case "admitted":
    case "moved":
      return whole(s, m);
    case "waiting":
    case "joined":
    case "state":
      return m.participant ? { ...s, participants: { ...s.participants, [m.participant.id]: m.participant } } : s;
    case "left":
      return {
        ...s,
        participants: without(s.participants, (id) => id === m.id),
        publications: without(s.publications, (_, p) => p.participant === m.id),
        speakers: s.speakers.filter((id) => id !== m.id),
      };
    case "published":
      return m.publication ? { ...s, publications: { ...s.publications, [m.publication.id]: m.publication } } : s;
    case "unpublished":
      return { ...s, publications: without(s.publications, (id) => id === m.id) };
    case "muted": {
      const p = s.publications[m.id ?? ""];
      return p ? { ...s, publications: { ...s.publications, [p.id]: { ...p, muted: m.on === true } } } : s;
    }
    case "slots":
      return { ...s, slots: Object.fromEntries((m.slots ?? []).map((x) => [x.mid, x.publication ?? ""])) };
    case "speakers":
      return { ...s, speakers: m.speakers ?? [] };
    case "media":
      return { ...s, media: m.state === "up" };
    case "reset":
      return { ...s, media: false, slots: {} };
    case "grant":
      return { ...s, grant: m.grant ?? s.grant };
    case "locked":
      return { ...s, locked: m.on === true };
    case "bye":
      return { ...s, phase: "ended", ended: m.reason ?? "left" };
  }
  return s;
}

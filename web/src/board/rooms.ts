// Live video rooms, from the session service. Everything that the board knows of
// that service is in this file; where it settles otherwise, only this changes.
import { problemOf } from "@/api/problem";
import { send } from "@/api/send";

export interface Room {
  id: string;
  case: string;
  number: string;
  state: string; // waiting, open, formal, paused
  from: string;
  room?: string;
  stalled?: string; // why the recording is not confirmed
  waiting: number; // people at the door
  inside: number;
  worst: number; // part of packets lost, of who has it worst
}

interface Answer {
  sessions: (Omit<Room, "waiting" | "inside" | "worst"> & { people: { here: string; loss?: number }[] })[];
}

/** The rooms that are live now; null where the hub has no video. */
export async function rooms(signal: AbortSignal): Promise<Room[] | null> {
  const response = await send(new Request(`${location.origin}/api/v1/sessions/board`, { credentials: "same-origin", signal }));
  if (response.status === 404) return null;
  if (!response.ok) throw problemOf(await response.json().catch(() => null), response);
  const { sessions } = (await response.json()) as Answer;
  return sessions.map(({ people, ...s }) => ({
    ...s,
    waiting: people.filter((p) => p.here === "waiting").length,
    inside: people.filter((p) => p.here === "admitted" || p.here === "consulting").length,
    worst: Math.max(0, ...people.map((p) => p.loss ?? 0)),
  }));
}

// Appointments of video sessions, as the desks ask the hub for them.
import { api, unwrap } from "@/api/client";
import { send } from "@/api/send";
import { problemOf } from "@/api/problem";
import type { Case, View } from "@/api/types";

export type Meeting = View["MeetingView"];
export type Slot = View["FreeTime"];

/** When a session could be on a day: the host has no other appointment then. */
export const freeSlots = async (c: Case, host: string, day: string, minutes: number): Promise<Slot[]> =>
  (await unwrap(api.GET("/api/v1/cases/{id}/sessions/slots", { params: { path: { id: c.id }, query: { host, from: `${day}T12:00:00+08:00`, days: 1, minutes } } }))).slots;

export interface Invitation {
  link: string;
  code: string;
  expires: string;
}

/** A new link and code for one person; an earlier link of his is worth nothing from then on. */
export async function invite(caseId: string, session: string, who: string): Promise<Invitation> {
  const init = { method: "POST", credentials: "same-origin" as const, headers: { "Content-Type": "application/json" }, body: JSON.stringify({ who }) };
  const response = await send(new Request(`${location.origin}/api/v1/cases/${caseId}/sessions/${session}/invitations`, init));
  const answer: unknown = await response.json().catch(() => null);
  if (!response.ok) throw problemOf(answer, response);
  return answer as Invitation;
}

/** Where a session can still be entered. */
export const enterable = (m: Meeting): boolean => ["scheduled", "waiting", "open", "formal", "paused"].includes(m.state);
/** Who comes by a link: parties, interpreters, observers. */
export const byLink = (m: Meeting): Meeting["people"] => m.people.filter((p) => !p.person && p.here !== "removed");

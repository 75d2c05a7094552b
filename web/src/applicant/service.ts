// What the applicant's pages ask of the hub. The first part is there; the second
// the hub does not offer to applicants yet: a page asks `offered` first and
// otherwise says how it is done at the window.
import { api, unwrap } from "@/api/client";
import type { Case, View } from "@/api/types";
import type { Stroke } from "@/kit/strokes";
import { may } from "@/shell/session";

export type Progress = View["ProgressView"];

export const readProgress = (id: string): Promise<Progress> => unwrap(api.GET("/api/v1/cases/{id}/progress", { params: { path: { id } } }));
export const readCase = (id: string): Promise<Case> => unwrap(api.GET("/api/v1/cases/{id}", { params: { path: { id } } }));
export const readStandard = (c: Pick<Case, "item" | "unit">): Promise<View["StandardView"]> =>
  unwrap(api.GET("/api/v1/standards", { params: { query: { item: c.item, unit: c.unit } } }));

const at = (id: string, rest: string): string => `/api/v1/cases/${encodeURIComponent(id)}/${rest}`;
export const ratePath = (id: string): string => at(id, "rate");
export const withdrawPath = (id: string): string => at(id, "withdraw");
export const resultPath = (id: string, result: string): string => at(id, `results/${encodeURIComponent(result)}`);
export const pagePath = (id: string, material: string, n: number): string => at(id, `materials/${encodeURIComponent(material)}/pages/${n}`);

// Not yet offered: the names of the actions that would allow it, and the requests.
export type Offer = "data.confirm" | "supplement.bring" | "document.sign";
export const offered = (action: Offer): boolean => may(action);
export const confirmPath = (id: string): string => at(id, "confirm");
/** { gap, files: [digest] }: photos for one gap; the receiving window looks at them and answers the notice. */
export const bringPath = (id: string): string => at(id, "brought");
/** { document, strokes }: the application as it stood on the page, by its digest. */
export const signPath = (id: string): string => at(id, "sign");
export interface SignWish { document: string; strokes: Stroke[] }

/** Appointments of the case, once the hub shows them. */
export interface Appointment { id: string; state: string; from: string; to: string }
export function appointmentsOf(c: Case): Appointment[] {
  const all = (c as Case & { sessions?: Appointment[] }).sessions;
  return Array.isArray(all) ? all : [];
}

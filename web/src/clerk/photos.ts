// Photos from a phone on their way to the desk: the phone writes a draft of its
// own beside the desk's, both of the same person; the desk looks into it.
import { api, unwrap } from "@/api/client";
import { Problem } from "@/api/problem";
import type { Paper } from "./intake";

export interface Photos {
  papers: Paper[];
}
export const photosId = (draft: string): string => `photos.${draft}`;

/** What the phone has sent so far; none is no error. */
export async function readPhotos(draft: string): Promise<Paper[]> {
  try {
    const d = await unwrap(api.GET("/api/v1/drafts/{id}", { params: { path: { id: photosId(draft) } } }));
    return (JSON.parse(d.content) as Photos).papers.filter((p) => p.digest);
  } catch (e) {
    if (e instanceof Problem && e.status === 404) return [];
    throw e;
  }
}

/** Adds what is new to the desk's papers; gives how many. */
export function takeOver(into: Paper[], photos: readonly Paper[]): number {
  let n = 0;
  for (const p of photos) {
    if (into.some((x) => x.id === p.id)) continue;
    into.push({ ...p });
    n++;
  }
  return n;
}

// The list that somebody came from, so that he can go to the next case of it
// and back. It lives as long as the window.
export interface Way {
  view: string; // address of the list
  name: string;
  ids: string[];
}

const stored = "tongban.review.way";

export const keepWay = (w: Way): void => sessionStorage.setItem(stored, JSON.stringify({ ...w, ids: w.ids.slice(0, 400) }));

export function way(): Way {
  try {
    const w = JSON.parse(sessionStorage.getItem(stored) ?? "null") as Way | null;
    if (w && Array.isArray(w.ids)) return w;
  } catch {
    // what cannot be read is as if it were not there
  }
  return { view: "/review", name: "", ids: [] };
}

/** The neighbours of a case in the list. */
export function neighbours(w: Way, id: string): { at: number; of: number; previous: string; next: string } {
  const i = w.ids.indexOf(id);
  return { at: i + 1, of: w.ids.length, previous: (i > 0 && w.ids[i - 1]) || "", next: (i >= 0 && w.ids[i + 1]) || "" };
}

// The views of the desk: which cases a list shows, as an address that can be
// kept and passed on.
import type { LocationQuery, LocationQueryRaw } from "vue-router";
import { byDue, levelOf, type Level } from "./clocks";
import type { Row } from "./types";

/** The views in the order of the desk; all but the first two are queues of the hub. */
export const viewKeys = [
  "mine", "due", "offered", "acceptance", "waiting", "first_review", "second_review", "decision", "booking", "closing", "suspended", "done", "all",
] as const;
export type ViewKey = (typeof viewKeys)[number];

export interface Filter {
  view: ViewKey;
  item: string;
  receiving: string;
  level: Level;
  sort: "changed" | "due";
  q: string;
}

const one = (v: LocationQuery[string] | undefined): string => (Array.isArray(v) ? v[0] : v) ?? "";

/** Reads a filter out of an address; what makes no sense is as if it were not there. */
export function filterOf(view: string, query: LocationQuery): Filter {
  const level = Number(one(query["level"]));
  return {
    view: (viewKeys as readonly string[]).includes(view) ? (view as ViewKey) : "mine",
    item: one(query["item"]),
    receiving: one(query["from"]),
    level: level === 50 || level === 80 || level === 100 ? level : 0,
    sort: one(query["sort"]) === "due" ? "due" : "changed",
    q: one(query["q"]).slice(0, 60),
  };
}

export function queryOf(f: Filter): LocationQueryRaw {
  const q: LocationQueryRaw = {};
  if (f.item) q["item"] = f.item;
  if (f.receiving) q["from"] = f.receiving;
  if (f.level) q["level"] = String(f.level);
  if (f.sort === "due") q["sort"] = "due";
  if (f.q) q["q"] = f.q;
  return q;
}

/** What was typed into the search: a number of a case, a unit, somebody's papers, or a word to look for in the list. */
export function searchOf(q: string): { kind: "number" | "unit" | "citizen_id" | "credit_code" | "word" | "none"; value: string } {
  const value = q.replace(/\s+/g, "").toUpperCase();
  if (!value) return { kind: "none", value };
  if (/^\d{6}-\d{8}-\d{6}-[0-9A-Z]$/.test(value)) return { kind: "number", value };
  if (/^\d{12}[A-Z]{2}\d{5}[A-Z]\d{8}$/.test(value)) return { kind: "unit", value };
  if (/^\d{17}[\dX]$/.test(value)) return { kind: "citizen_id", value };
  if (/^[0-9A-HJ-NPQRTUWXY]{18}$/.test(value)) return { kind: "credit_code", value };
  return { kind: "word", value: q.trim() };
}

/** What the hub does not filter and sort itself, over the rows that are here. */
export function arrange(rows: Row[], f: Filter, now: number): Row[] {
  const word = searchOf(f.q);
  const kept = rows.filter(
    (r) =>
      (!f.receiving || r.receiving === f.receiving) &&
      (!f.item || r.item === f.item) &&
      levelOf(r, now) >= f.level &&
      (word.kind !== "word" || `${r.number} ${r.unit} ${r.parties}`.toUpperCase().includes(word.value.toUpperCase())),
  );
  return f.sort === "due" ? [...kept].sort(byDue) : kept;
}

/** The case to take next: the nearest end of those that nobody has. */
export const nextFree = (rows: Row[]): Row | undefined => [...rows].filter((r) => !r.lease).sort(byDue)[0];

export interface SavedView {
  name: string;
  view: ViewKey;
  query: Record<string, string>;
}

const stored = (person: string) => `tongban.review.views.${person}`;

/** Views that a person keeps in this browser. */
export function savedViews(person: string): SavedView[] {
  try {
    const all: unknown = JSON.parse(localStorage.getItem(stored(person)) ?? "[]");
    return Array.isArray(all) ? (all as SavedView[]).filter((v) => typeof v.name === "string" && viewKeys.includes(v.view)) : [];
  } catch {
    return [];
  }
}

export function keepViews(person: string, all: SavedView[]): void {
  localStorage.setItem(stored(person), JSON.stringify(all.slice(0, 20)));
}

// What the desk reads from the hub, kept so that the next case is there before
// it is asked for. Everything is forgotten when the person signs out.
import { QueryClient } from "@tanstack/vue-query";
import { api, unwrap } from "@/api/client";
import type { View } from "@/api/types";
import { beforeSignOut } from "@/shell/session";
import { language } from "@/words";
import type { Case, Event, Pages, Row, Standard } from "./types";
import { searchOf, type Filter } from "./views";

export const queries = new QueryClient({
  defaultOptions: { queries: { retry: false, refetchOnWindowFocus: false, refetchOnReconnect: true, staleTime: 15_000, gcTime: 5 * 60_000 } },
});
beforeSignOut(() => queries.clear());

const path = (id: string) => ({ params: { path: { id } } });

export const caseKey = (id: string) => ["case", id, language()] as const;
export const caseQuery = (id: string) => ({
  queryKey: caseKey(id),
  queryFn: (): Promise<Case> => unwrap(api.GET("/api/v1/cases/{id}", path(id))),
});

export const eventsQuery = (id: string, seq: number) => ({
  queryKey: ["events", id, seq] as const,
  queryFn: async (): Promise<Event[]> => (await unwrap(api.GET("/api/v1/cases/{id}/events", path(id)))).events,
  staleTime: Infinity,
});

export const clocksQuery = (id: string, seq: number) => ({
  queryKey: ["clocks", id, seq] as const,
  queryFn: async () => (await unwrap(api.GET("/api/v1/cases/{id}/clocks", path(id)))).clocks,
});

export const registerQuery = (id: string, seq: number) => ({
  queryKey: ["register", id, seq, language()] as const,
  queryFn: () => unwrap(api.GET("/api/v1/cases/{id}/register", path(id))),
  staleTime: 5_000,
});

/** The version that the case is pinned to; it never changes. */
export const standardQuery = (ref: Case["standard"]) => ({
  queryKey: ["standard", ref.item, ref.agency ?? "", ref.version] as const,
  queryFn: (): Promise<Standard> => unwrap(api.GET("/api/v1/standards", { params: { query: { item: ref.item, agency: ref.agency ?? "", version: ref.version } } })),
  staleTime: Infinity,
  gcTime: Infinity,
});

/** The pages of a material; once they are drawn they do not change. */
export const pagesQuery = (id: string, material: string) => ({
  queryKey: ["pages", id, material, language()] as const,
  queryFn: (): Promise<Pages> => unwrap(api.GET("/api/v1/cases/{id}/materials/{mid}/pages", { params: { path: { id, mid: material } } })),
  staleTime: 10 * 60_000,
});

export const itemsQuery = () => ({
  queryKey: ["items"] as const,
  queryFn: async () => (await unwrap(api.GET("/api/v1/items"))).items,
  staleTime: Infinity,
});

export const agenciesQuery = () => ({
  queryKey: ["agencies"] as const,
  queryFn: async () => (await unwrap(api.GET("/api/v1/agencies"))).agencies,
  staleTime: Infinity,
});

export const queuesQuery = () => ({
  queryKey: ["queues"] as const,
  queryFn: async () => (await unwrap(api.GET("/api/v1/queues"))).queues,
  staleTime: 5_000,
});

export interface ListPage { rows: Row[]; next: string }

/** One page of a view. */
export async function listPage(f: Filter, cursor: string, limit = 40): Promise<ListPage> {
  const s = searchOf(f.q);
  const more = { ...(f.item ? { item: f.item } : {}), limit, ...(cursor ? { cursor } : {}) };
  if (s.kind === "citizen_id" || s.kind === "credit_code") {
    const found = await unwrap(api.POST("/api/v1/cases/search", { body: { party: { id_kind: s.kind, id_number: s.value }, ...more } }));
    return { rows: found.cases, next: found.next ?? "" };
  }
  if (s.kind === "number" || s.kind === "unit") {
    const found = await unwrap(api.GET("/api/v1/cases", { params: { query: { [s.kind]: s.value, ...more } } }));
    return { rows: found.cases, next: found.next ?? "" };
  }
  if (f.view === "mine") return { rows: (await unwrap(api.GET("/api/v1/leases"))).cases, next: "" };
  if (f.view === "due") {
    const level = String(f.level || 50) as "50";
    const found = await unwrap(api.GET("/api/v1/clocks", { params: { query: { level, limit: 100 } } }));
    return { rows: found.clocks.map((c) => c.case), next: "" };
  }
  const found = await unwrap(api.GET("/api/v1/cases", { params: { query: { queue: f.view, ...more } } }));
  return { rows: found.cases, next: found.next ?? "" };
}

export type Held = View["HeldView"];

/** Takes cases, so that nobody else does the same work; says who has each then. */
export async function takeCases(ids: string[], over = false): Promise<Held[]> {
  const out: Held[] = [];
  for (let i = 0; i < ids.length; i += 100) {
    out.push(...(await unwrap(api.POST("/api/v1/leases", { body: { cases: ids.slice(i, i + 100), over } }))).held);
  }
  return out;
}

export const giveBack = (id: string): Promise<unknown> => unwrap(api.DELETE("/api/v1/leases/{id}", path(id)));

// The next case before it is asked for: its data and the first three pages.
import { caseQuery, pagesQuery, queries, standardQuery } from "./data";
import { inOrder } from "./materials";
import { pageStore } from "./pages";

export async function prefetchCase(id: string): Promise<void> {
  try {
    const c = await queries.fetchQuery(caseQuery(id));
    const std = await queries.fetchQuery(standardQuery(c.standard));
    const first = inOrder(c.materials, std.slots)[0];
    if (!first) return;
    const pages = await queries.fetchQuery(pagesQuery(id, first.id));
    pageStore.prefetch(pages.pages.slice(0, 3).map((p) => ({ case: id, material: first.id, n: p.n, size: "page" as const })));
  } catch {
    // it will be asked for again when it is opened
  }
}

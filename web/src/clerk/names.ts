// Names of items and agencies, loaded once for the desk.
import { reactive } from "vue";
import { api, unwrap } from "@/api/client";
import type { Agency, View } from "@/api/types";
import { pick } from "@/words";

const known = reactive({ items: new Map<string, View["ItemView"]>(), agencies: new Map<string, Agency>() });
let asked = false;

function load(): void {
  if (asked) return;
  asked = true;
  void unwrap(api.GET("/api/v1/items")).then(({ items }) => items.forEach((i) => known.items.set(i.item, i)), () => (asked = false));
  void unwrap(api.GET("/api/v1/agencies")).then(({ agencies }) => agencies.forEach((a) => known.agencies.set(a.id, a)), () => (asked = false));
}

export function useNames() {
  load();
  return {
    item: (code: string): string => pick(known.items.get(code)) || code,
    agency: (id: string | undefined): string => (id ? pick(known.agencies.get(id)) || id : ""),
  };
}

// Names of the kinds of service, asked for once.
import { ref } from "vue";
import { api, unwrap } from "@/api/client";
import type { View } from "@/api/types";
import { pick } from "@/words";

const items = ref<View["ItemView"][]>([]);
let asked = false;

/** The name in the reader's language; "" until it is known. */
export function itemName(item: string): string {
  if (!asked) {
    asked = true;
    unwrap(api.GET("/api/v1/items")).then((r) => (items.value = r.items ?? []), () => (asked = false));
  }
  return pick(items.value.find((i) => i.item === item));
}

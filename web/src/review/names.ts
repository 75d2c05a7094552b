// Names of agencies, items and roles in the reader's language. They are loaded
// once; until then, and for what another hub has, the code stands there.
import { useQuery } from "@tanstack/vue-query";
import { computed } from "vue";
import { session } from "@/shell/session";
import { pick, t, word } from "@/words";
import { agenciesQuery, itemsQuery, queries } from "./data";
import type { Lease, Signatory } from "./types";

export function useNames() {
  const agencies = useQuery(agenciesQuery(), queries);
  const items = useQuery(itemsQuery(), queries);
  const agency = (id: string | undefined): string => pick(agencies.data.value?.find((a) => a.id === id)) || id || "";
  const item = (code: string): string => pick(items.data.value?.find((i) => i.item === code)) || code;
  /** Who did something: the hub names people to their own agency only, so others go by their duty. */
  const who = (s: Signatory): string =>
    s.person === session.me?.id ? t("review.who.you") : t("review.who.role", { role: word("common.role", s.role), agency: agency(s.agency) });
  return { agency, item, who, items: computed(() => items.data.value ?? []) };
}

export const holder = (l: Lease): string => (l.mine ? t("review.who.you") : pick(l));

// The agencies of the hub and how they are called, loaded once for a page.
import { api, unwrap } from "@/api/client";
import type { Agency } from "@/api/types";
import { useLoad } from "@/kit/load";
import { pick } from "@/words";

export function useAgencies() {
  const load = useLoad(async () => (await unwrap(api.GET("/api/v1/agencies"))).agencies as Agency[]);
  const nameOf = (id: string | undefined): string => {
    if (!id) return "";
    return pick(load.data?.find((a) => a.id === id)) || id;
  };
  return { load, nameOf };
}

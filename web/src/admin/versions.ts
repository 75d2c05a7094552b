// The versions of standards: how they are called, ordered and fetched.
import { api, bytes, unwrap } from "@/api/client";
import type { View } from "@/api/types";
import type { Tone } from "@/kit/StatusTag.vue";

export type Version = View["VersionView"];

export const tones: Record<string, Tone> = { draft: "idle", published: "info", frozen: "ok", withdrawn: "paused" };

export const keyOf = (v: Pick<Version, "item" | "agency" | "version">): string => `${v.item}|${v.agency ?? ""}|${v.version}`;

/** By item, the national base first, then by agency; the newest version first. */
export function ordered(all: readonly Version[]): Version[] {
  return [...all].sort((a, b) => a.item.localeCompare(b.item) || (a.agency ?? "").localeCompare(b.agency ?? "") || b.version - a.version);
}

/** The version that one is best compared with: the one before it, else the base's newest. */
export function before(v: Version, all: readonly Version[]): Version | undefined {
  const own = all.filter((x) => x.item === v.item && (x.agency ?? "") === (v.agency ?? "") && x.version < v.version);
  const base = all.filter((x) => x.item === v.item && !x.agency && keyOf(x) !== keyOf(v));
  const newest = (list: Version[]) => list.sort((a, b) => b.version - a.version)[0];
  return newest(own) ?? newest(base);
}

export const loadVersions = async (): Promise<Version[]> => ordered((await unwrap(api.GET("/api/v1/standards/all"))).standards);

/** Lets the browser save a version as YAML. */
export async function save(v: Version): Promise<void> {
  const query = new URLSearchParams({ item: v.item, version: String(v.version), ...(v.agency && { agency: v.agency }) });
  const blob = await bytes(`/api/v1/standards/export?${query}`, "");
  const url = URL.createObjectURL(blob);
  const a = Object.assign(document.createElement("a"), { href: url, download: `${v.item}.${v.agency || "base"}.${v.version}.yaml` });
  a.click();
  URL.revokeObjectURL(url);
}

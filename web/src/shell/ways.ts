// The desks and who sees them; a desk adds the ways inside it.
import type { Key } from "@/words";

export interface Way {
  to: string;
  label: Key;
  may?: string;
}

export const desks: Way[] = [
  { to: "/clerk", label: "common.desk.clerk", may: "case.receive" },
  { to: "/review", label: "common.desk.review", may: "register.read" },
  { to: "/board", label: "common.desk.board", may: "rating.answer" },
  { to: "/admin/standards", label: "common.desk.system", may: "standard.manage" },
  { to: "/admin/people", label: "common.desk.security", may: "people.manage" },
  { to: "/admin/access", label: "common.desk.audit", may: "access.read" },
];

// Short names of what the desk works with.
import type { View } from "@/api/types";

export type { Case, Row, Standard, Material, Field, Slot, Form } from "@/api/types";
export type Event = View["EventView"];
export type Gap = View["GapWish"];
export type Supplement = View["SupplementView"];
export type Lease = View["LeaseView"];
export type Pages = View["PagesView"];
export type Page = View["MaterialPage"];
export type RegisterCheck = View["RegisterCheckView"];
export type Paper = View["PaperView"];
export type CaseClock = View["ClockView"];
export type Signatory = View["SignatoryView"];

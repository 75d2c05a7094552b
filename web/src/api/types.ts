// Short names for the views of the hub that pages use.
import type { components } from "./schema";

export type View = components["schemas"];
export type Case = View["CaseView"];
export type Row = View["RowView"];
export type Standard = View["StandardView"];
export type Slot = View["SlotView"];
export type Field = View["FieldView"];
export type Party = View["PartyWish"];
export type Material = View["MaterialView"];
export type Agency = View["AgencyView"];
export type Me = View["MeView"];
export type Clock = View["ClockView"];
export type Answer = string | number | boolean | Record<string, unknown>[] | string[];
export type Form = Record<string, unknown>;

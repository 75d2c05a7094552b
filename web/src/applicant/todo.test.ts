import { expect, test } from "vitest";
import type { Appointment, Progress } from "./service";
import { stepsOf, todoOf } from "./todo";

const place = { agency: "a", name: "郏县" };
const at = "2026-11-20T02:12:00Z";
const base: Progress = {
  number: "n", item: "transfer.resale", status: "accepted", words: "", holder: place, receiving: place, handling: place, waits_for_applicant: false,
  steps: [{ kind: "case.received", words: "", place, at }, { kind: "case.accepted", words: "", place, at }], results: [], rate: [],
};
const paper = (given: number) => ({ given: Array(given).fill({}) }) as unknown as Progress["results"][number];
const soon: Appointment = { id: "s", state: "scheduled", from: "2026-11-20T06:00:00Z", to: "" };
const now = Date.parse("2026-11-20T03:00:00Z");

test.each<[string, Partial<Progress>, Appointment[], boolean, string]>([
  ["under way", {}, [], false, "nothing"],
  ["papers are missing", { waits_for_applicant: true, status: "correcting" }, [], false, "supplement"],
  ["the session has begun, papers are missing too", { waits_for_applicant: true }, [{ ...soon, state: "formal" }], false, "session"],
  ["a session today", {}, [soon], false, "session"],
  ["a session next week", {}, [{ ...soon, from: "2026-11-27T06:00:00Z" }], false, "nothing"],
  ["received, to be confirmed", { status: "received" }, [], true, "confirm"],
  ["received, the hub offers no confirming", { status: "received" }, [], false, "nothing"],
  ["a certificate to fetch", { status: "booked", results: [paper(0)], rate: ["handling"] }, [], false, "papers"],
  ["handed out, not rated", { status: "booked", results: [paper(1)], rate: ["handling"] }, [], false, "rate"],
  ["handed out and rated", { status: "closed", results: [paper(1)] }, [], false, "ended"],
  ["withdrawn", { status: "withdrawn" }, [], false, "ended"],
])("%s", (_, part, sessions, confirm, want) => {
  expect(todoOf({ ...base, ...part }, sessions, confirm, now)).toBe(want);
});

test.each<[string, Partial<Progress>, string]>([
  ["received", { status: "received", steps: base.steps.slice(0, 1) }, "done now later later later"],
  ["in review", {}, "done done now later later"],
  ["papers are missing", { status: "correcting", waits_for_applicant: true }, "done done waiting later later later"],
  ["papers are missing before acceptance", { status: "correcting", waits_for_applicant: true, steps: base.steps.slice(0, 1) }, "done later waiting later later later"],
  ["approved", { status: "approved" }, "done done done now later"],
  ["booked", { status: "booked", results: [paper(0)] }, "done done done done now"],
  ["handed out", { status: "booked", results: [paper(1)] }, "done done done done done"],
  ["refused", { status: "refused", steps: base.steps.slice(0, 1) }, "done stopped stopped stopped stopped"],
])("the steps when %s", (_, part, want) => {
  expect(stepsOf({ ...base, ...part }).map((s) => s.state).join(" ")).toBe(want);
});

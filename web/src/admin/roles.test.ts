import { expect, test } from "vitest";
import { clash, excluded } from "./roles";

test("one administrator excludes the other two, and nothing else", () => {
  expect(excluded("audit_admin", ["system_admin"])).toBe(true);
  expect(excluded("security_admin", ["clerk", "audit_admin"])).toBe(true);
  expect(excluded("system_admin", ["system_admin", "clerk"])).toBe(false);
  expect(excluded("clerk", ["system_admin"])).toBe(false);
  expect(clash(["system_admin", "audit_admin"])).toBe(true);
  expect(clash(["system_admin", "clerk", "supervisor"])).toBe(false);
});

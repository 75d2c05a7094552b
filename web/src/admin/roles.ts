// The roles that can be given, and which of them never go together.
export const roles = [
  "clerk", "first_reviewer", "second_reviewer", "booking_officer", "cashier", "window_lead", "supervisor", "applicant", "agent", "institution",
  "system_admin", "security_admin", "audit_admin", "integrator",
] as const;

/** The three administrators are three people (GB/T 22239 level 3). */
const administrators = new Set(["system_admin", "security_admin", "audit_admin"]);

/** Whether a role cannot be added to those chosen. */
export const excluded = (role: string, chosen: readonly string[]): boolean =>
  administrators.has(role) && chosen.some((r) => r !== role && administrators.has(r));

export const clash = (chosen: readonly string[]): boolean => chosen.some((r) => excluded(r, chosen));

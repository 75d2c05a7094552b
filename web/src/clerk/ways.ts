// The ways inside the clerk's desk.
import type { Way } from "@/shell/ways";

export const clerkWays: Way[] = [{ to: "/clerk", label: "clerk.cases.title" }];

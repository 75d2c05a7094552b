// The ways inside the desk, in the bar on top.
import type { Way } from "@/shell/ways";

export const ways: Way[] = [{ to: "/review", label: "review.queue.title" }];

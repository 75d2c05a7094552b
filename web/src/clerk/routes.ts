import type { RouteRecordRaw } from "vue-router";
import type { Area } from "@/words";

const meta = { words: ["clerk"] as Area[], may: "case.receive" };

export const clerkRoutes: RouteRecordRaw[] = [
  { path: "/clerk", name: "clerk", component: () => import("./CasesPage.vue"), meta: { ...meta, title: "clerk.cases.title" } },
  { path: "/clerk/intake/:draft", name: "clerk-intake", component: () => import("./IntakePage.vue"), meta: { ...meta, title: "clerk.intake.title" } },
  { path: "/clerk/camera/:draft/:slot", name: "clerk-camera", component: () => import("./CameraPage.vue"), meta: { ...meta, title: "clerk.camera.short", phone: true } },
  { path: "/clerk/cases/:id", name: "clerk-case", component: () => import("./CasePage.vue"), meta: { ...meta, words: ["clerk", "meet"] as Area[], title: "clerk.case.title" } },
  { path: "/clerk/cases/:id/asking/:party", name: "clerk-asking", component: () => import("./AskingPage.vue"), meta: { ...meta, title: "clerk.asking.title" } },
  { path: "/clerk/cases/:id/supplement", name: "clerk-supplement", component: () => import("./SupplementPage.vue"), meta: { ...meta, title: "clerk.gap.title" } },
];

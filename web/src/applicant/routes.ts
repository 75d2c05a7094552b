import type { RouteRecordRaw } from "vue-router";
import type { Area } from "@/words";

const meta = { words: ["applicant"] as Area[], phone: true };

export const applicantRoutes: RouteRecordRaw[] = [
  { path: "/my", name: "my", component: () => import("./MyCasesPage.vue"), meta: { ...meta, title: "applicant.list.title" } },
  { path: "/my/:id", name: "my-case", component: () => import("./StatusPage.vue"), meta: { ...meta, title: "applicant.case.title" } },
  { path: "/my/:id/data", component: () => import("./DataPage.vue"), meta: { ...meta, title: "applicant.data.title" } },
  { path: "/my/:id/supplement", component: () => import("./SupplementPage.vue"), meta: { ...meta, title: "applicant.supplement.title" } },
  { path: "/my/:id/record", component: () => import("./RecordPage.vue"), meta: { ...meta, title: "applicant.record.title" } },
  { path: "/my/:id/sign", component: () => import("./SignPage.vue"), meta: { ...meta, title: "applicant.sign.title" } },
  { path: "/my/:id/pay", component: () => import("./PayPage.vue"), meta: { ...meta, title: "applicant.pay.title" } },
  { path: "/my/:id/papers", component: () => import("./PapersPage.vue"), meta: { ...meta, title: "applicant.papers.title" } },
  { path: "/my/:id/rate", component: () => import("./RatePage.vue"), meta: { ...meta, title: "applicant.rate.title" } },
  { path: "/my/:id/withdraw", component: () => import("./WithdrawPage.vue"), meta: { ...meta, title: "applicant.withdraw.title" } },
];

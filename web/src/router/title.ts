// The title of the page, apart from the router so that anything may set it.
import { t } from "@/words";

/** Sets the title; `error` puts "有误：" before it, as after a refused form. */
export function setTitle(text: string, error = false): void {
  document.title = `${error ? t("common.error_prefix") : ""}${text} · ${t("common.product")}`;
}

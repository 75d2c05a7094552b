// The public check of a paper: a page of its own, so that whoever scans a QR
// loads little. It needs no session and no router.
import "../styles/tokens.css";
import "../styles/base.css";
import "../styles/print.css";
import "../shell/theme";
import { createApp } from "vue";
import { i18n, language, loadAreas } from "../words";
import CheckPage from "./CheckPage.vue";

document.documentElement.lang = language();
await loadAreas(["common", "check"]);
createApp(CheckPage).use(i18n).mount("#app");

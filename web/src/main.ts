import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/print.css";
import "./shell/theme";
import { createApp } from "vue";
import App from "./App.vue";
import { router } from "./router";
import { language, loadAreas } from "./words";

document.documentElement.lang = language();
await loadAreas(["common"]);
createApp(App).use(router).mount("#app");

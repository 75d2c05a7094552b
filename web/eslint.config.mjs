import { defineConfigWithVueTs, vueTsConfigs } from "@vue/eslint-config-typescript";
import vue from "eslint-plugin-vue";
import a11y from "eslint-plugin-vuejs-accessibility";
import globals from "globals";
import { noHanInTemplates } from "./lint/no-han-in-templates.mjs";

const elementPlus = { group: ["element-plus", "element-plus/*"], message: "Element Plus is wrapped in src/ui and used only through it." };
const desksOnly = { group: ["@/ui/*", "@/ui"], message: "src/ui carries Element Plus, which is for desks; use src/kit here." };

export default defineConfigWithVueTs(
  { ignores: ["dist/**", ".built/**", "node_modules/**", "openapi/node_modules/**", "src/api/schema.d.ts", "docs/**", "screens/**"] },
  vue.configs["flat/recommended"],
  a11y.configs["flat/recommended"],
  vueTsConfigs.recommended,
  { files: ["*.mjs", "forms/*.mjs", "openapi/*.mjs", "lint/*.mjs"], languageOptions: { globals: globals.node } },
  { files: ["e2e/**"], languageOptions: { globals: { ...globals.node, ...globals.browser } } },
  {
    files: ["src/**/*.{ts,vue}"],
    plugins: { tongban: { rules: { "no-han-in-templates": noHanInTemplates } } },
    rules: {
      "tongban/no-han-in-templates": "error",
      "no-restricted-imports": ["error", { patterns: [elementPlus] }],
      "vue/no-v-html": "error",
      "max-lines": ["error", { max: 400 }],
      // Layout of the markup is a matter of taste; these rules only make noise.
      "vue/max-attributes-per-line": "off",
      "vue/singleline-html-element-content-newline": "off",
      "vue/multiline-html-element-content-newline": "off",
      "vue/html-self-closing": "off",
      "vue/html-indent": "off",
      "vue/html-closing-bracket-newline": "off",
      "vue/first-attribute-linebreak": "off",
      "vue/multi-word-component-names": "off",
      "vue/require-default-prop": "off", // TypeScript says which may be missing
      // Labels stand beside their control with for/id; the rule wants both ways at once.
      "vuejs-accessibility/label-has-for": ["error", { required: { some: ["nesting", "id"] } }],
      "vuejs-accessibility/form-control-has-label": "off", // FormField gives the label; axe looks at the result
      "vuejs-accessibility/no-autofocus": "off",
    },
  },
  { files: ["src/ui/**"], rules: { "no-restricted-imports": "off" } },
  {
    files: ["src/kit/**", "src/applicant/**", "src/pages/**", "src/api/**", "src/words/**"],
    rules: { "no-restricted-imports": ["error", { patterns: [elementPlus, desksOnly] }] },
  },
);

import { readdirSync, existsSync } from "node:fs";
import jsxA11y from "eslint-plugin-jsx-a11y";
import reactHooks from "eslint-plugin-react-hooks";
import globals from "globals";
import tseslint from "typescript-eslint";

// Imports go one way: app → features → parts → ui | api → lib. Features never import a sibling:
// link by URL, or move the shared part down (style.md, "Frontend").
const forbid = (files, patterns) => ({
  files,
  ignores: ["**/*.test.{ts,tsx}"],
  rules: { "no-restricted-imports": ["error", { patterns }] },
});
const rule = (group, message) => ({ group, message });

const features = existsSync("src/features")
  ? readdirSync("src/features", { withFileTypes: true }).filter((entry) => entry.isDirectory())
  : [];

const alias = rule(["@/features/*", "@/app/*"], "A feature imports parts, ui, lib and api only.");
const siblings = features.flatMap(({ name }) => [
  forbid([`src/features/${name}/*.{ts,tsx}`], [alias, rule(["../*"], "Features never import a sibling.")]),
  forbid([`src/features/${name}/*/*.{ts,tsx}`], [alias, rule(["../../*"], "Features never import a sibling.")]),
]);

export default tseslint.config(
  { ignores: ["dist", "node_modules", "src/api/schema.gen.ts", "public"] },
  ...tseslint.configs.strict,
  jsxA11y.flatConfigs.recommended,
  {
    files: ["**/*.{ts,tsx}"],
    plugins: { "react-hooks": reactHooks },
    rules: {
      ...reactHooks.configs.recommended.rules,
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      // A form's first field and a dialog's safe button take the focus on purpose.
      "jsx-a11y/no-autofocus": "off",
    },
  },
  { files: ["scripts/**", "*.js", "*.ts"], languageOptions: { globals: globals.node } },
  forbid(["src/lib/**"], [rule(["@/*", "!@/lib/*"], "lib holds pure helpers.")]),
  forbid(["src/api/**"], [rule(["@/ui/*", "@/parts/*", "@/features/*", "@/app/*"], "api knows no pages.")]),
  forbid(["src/parts/**"], [rule(["@/features/*", "@/app/*"], "parts are shared by features and know none.")]),
  forbid(["src/ui/**"], [rule(["@/api/*", "@/parts/*", "@/features/*", "@/app/*"], "ui fetches nothing and knows no feature.")]),
  ...siblings,
);

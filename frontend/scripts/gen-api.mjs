// Writes src/api/schema.gen.ts from the checked-in OpenAPI document; `--check` only compares.
import { readFileSync, writeFileSync } from "node:fs";
import openapiTS, { astToString } from "openapi-typescript";

const source = new URL("../../docs/openapi.json", import.meta.url);
const target = new URL("../src/api/schema.gen.ts", import.meta.url);

const header = "// Generated from docs/openapi.json by `npm run gen:api`. Do not edit.\n\n";
const wanted = header + astToString(await openapiTS(source, { alphabetize: true }));

if (!process.argv.includes("--check")) {
  writeFileSync(target, wanted);
} else if (readFileSync(target, "utf8") !== wanted) {
  console.error("src/api/schema.gen.ts is not what docs/openapi.json gives. Run: npm run gen:api");
  process.exit(1);
}

// Measures what a first visit loads: the entry, its static imports and their style sheets,
// gzipped. Fails above the budget (quality.md P17).
import { readFileSync, existsSync } from "node:fs";
import { gzipSync } from "node:zlib";

const BUDGET = { js: 160, css: 20 };
const AIM = 140;

const dist = new URL("../dist/", import.meta.url);
const manifest = JSON.parse(readFileSync(new URL(".vite/manifest.json", dist), "utf8"));
const gzipped = (file) => gzipSync(readFileSync(new URL(file, dist)), { level: 9 }).length / 1000;

function closure(keys, seen = new Set()) {
  for (const key of keys) {
    if (seen.has(key)) continue;
    seen.add(key);
    closure(manifest[key].imports ?? [], seen);
  }
  return seen;
}

function weigh(keys) {
  const js = new Set();
  const css = new Set();
  for (const key of keys) {
    js.add(manifest[key].file);
    for (const sheet of manifest[key].css ?? []) css.add(sheet);
  }
  const sum = (files) => [...files].reduce((total, file) => total + gzipped(file), 0);
  return { js: sum(js), css: sum(css), files: [...js, ...css] };
}

const entry = Object.keys(manifest).find((key) => manifest[key].isEntry);
const first = closure([entry]);
const total = weigh(first);
if (existsSync(new URL("assets/theme.js", dist))) total.js += gzipped("assets/theme.js");

for (const file of total.files) console.log(`${gzipped(file).toFixed(1).padStart(7)} kB  ${file}`);
console.log(`first load: ${total.js.toFixed(1)} kB JavaScript (aim ${AIM}, at most ${BUDGET.js}), ${total.css.toFixed(1)} kB CSS (at most ${BUDGET.css})`);

const pages = Object.keys(manifest).filter((key) => manifest[key].isDynamicEntry && key.includes("/pages/"));
for (const page of pages) {
  const extra = weigh([...closure([page])].filter((key) => !first.has(key)));
  console.log(`${extra.js.toFixed(1).padStart(7)} kB more for ${page}${extra.css ? ` (+${extra.css.toFixed(1)} CSS)` : ""}`);
}

if (total.js > BUDGET.js || total.css > BUDGET.css) {
  console.error("The first load is over its budget.");
  process.exit(1);
}

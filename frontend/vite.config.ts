import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

const portal = process.env.ATELIER_PORTAL_URL ?? "http://localhost:8000";

/** Development only: `VITE_MOCK=1 npm run dev` shows the pages without a portal. */
const mockWorker: Plugin = {
  name: "mock-worker",
  apply: "serve",
  configureServer(server) {
    server.middlewares.use("/mockServiceWorker.js", (_request, response) => {
      response.setHeader("Content-Type", "text/javascript");
      response.end(readFileSync("node_modules/msw/lib/mockServiceWorker.js"));
    });
  },
};

/** The portal sends what lies compressed beside a file; it compresses nothing itself. */
const compressed: Plugin = {
  name: "compressed",
  apply: "build",
  writeBundle({ dir = "dist" }) {
    for (const name of readdirSync(join(dir, "assets"))) {
      if (!/\.(js|css|svg)$/.test(name)) continue;
      const file = join(dir, "assets", name);
      const bytes = readFileSync(file);
      writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }));
      writeFileSync(`${file}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
    }
  },
};

// The portal serves dist/index.html for every page and dist/assets/ at /assets/.
export default defineConfig({
  base: "/",
  plugins: [react(), mockWorker, compressed],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: {
    target: "es2023",
    // No inlined data: the portal's content security policy allows only its own origin.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: true,
    cssMinify: "lightningcss",
    reportCompressedSize: false,
  },
  server: {
    port: Number(process.env.PORT ?? 5173),
    strictPort: true,
    proxy: process.env.VITE_MOCK ? {} : { "/api": { target: portal, changeOrigin: true } },
  },
  test: {
    environment: "jsdom",
    globals: true,
    setupFiles: ["src/test/setup.ts"],
    css: false,
    // Two cores are shared with the rest of the checks.
    maxWorkers: 2,
    restoreMocks: true,
    testTimeout: 90_000,
  },
});

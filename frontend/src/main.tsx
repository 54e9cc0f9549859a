import { start } from "@/app/start";

async function main(): Promise<void> {
  // Development without a portal: VITE_MOCK=1 npm run dev. Never part of a build.
  if (import.meta.env.DEV && import.meta.env.VITE_MOCK) await (await import("@/test/browser")).startMock();
  const root = document.getElementById("root");
  if (root) await start(root);
}

void main();

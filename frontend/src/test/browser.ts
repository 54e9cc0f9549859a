import { setupWorker } from "msw/browser";
import { aMe } from "./factories";
import { aWorld, handlersFor } from "./handlers";
import { anAdmin, anAuditor } from "./platform";

/** Pages without a portal, for development. `?as=nobody|new|admin|auditor` in the first address chooses who looks. */
export async function startMock(): Promise<void> {
  const as = new URLSearchParams(location.search).get("as") ?? sessionStorage.getItem("as") ?? "alice";
  sessionStorage.setItem("as", as);
  const world = aWorld();
  if (as === "nobody") world.me = null;
  if (as === "new") Object.assign(world, { me: aMe({ projects: [] }), notebooks: [], jobs: [] });
  if (as === "empty") Object.assign(world, { notebooks: [], jobs: [] });
  // A log that is written while one looks.
  setInterval(() => { world.logs.j42 += `epoch 90  step ${Date.now() % 100_000}  loss 0.1071  lr 2.4e-04\n`; }, 1000);
  if (as === "admin") world.me = anAdmin(aMe());
  if (as === "auditor") world.me = anAuditor(aMe());
  await setupWorker(...handlersFor(world)).start({ onUnhandledFrame: "bypass", quiet: true, serviceWorker: { url: "/mockServiceWorker.js" } });
}

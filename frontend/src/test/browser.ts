import { setupWorker } from "msw/browser";
import { aMe } from "./factories";
import { aWorld, handlersFor } from "./handlers";

/** Pages without a portal, for development. `?as=nobody|new|admin` in the first address chooses who looks. */
export async function startMock(): Promise<void> {
  const as = new URLSearchParams(location.search).get("as") ?? sessionStorage.getItem("as") ?? "alice";
  sessionStorage.setItem("as", as);
  const world = aWorld();
  if (as === "nobody") world.me = null;
  if (as === "new") Object.assign(world, { me: aMe({ projects: [] }), notebooks: [] });
  if (as === "empty") world.notebooks = [];
  if (as === "admin") world.me = aMe({ platform_role: "admin", permissions: { create_project: true, platform_admin: true, platform_audit: true } });
  await setupWorker(...handlersFor(world)).start({ onUnhandledFrame: "bypass", quiet: true, serviceWorker: { url: "/mockServiceWorker.js" } });
}

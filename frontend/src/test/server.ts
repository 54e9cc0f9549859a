import { setupServer } from "msw/node";
import { aWorld, handlersFor, type World } from "./handlers";

export const server = setupServer();

/** A portal in this state for the rest of the test. */
export function portal(changes: Partial<World> = {}): World {
  const world = aWorld(changes);
  server.use(...handlersFor(world));
  return world;
}

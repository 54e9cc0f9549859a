import { aNotebook, aStarting, aStopped } from "@/test/factories";
import { idleSeconds, isInUse, sort } from "./meaning";

const now = new Date();
const inSeconds = (seconds: number) => new Date(now.getTime() + seconds * 1000).toISOString();

test("the countdown appears a quarter of an hour before the stop", () => {
  expect(idleSeconds(aNotebook({ idle_stop_at: inSeconds(16 * 60) }), now)).toBeNull();
  expect(idleSeconds(aNotebook({ idle_stop_at: inSeconds(14 * 60) }), now)).toBe(14 * 60);
  expect(idleSeconds(aNotebook({ idle_stop_at: inSeconds(-5) }), now)).toBe(0);
  expect(idleSeconds(aStopped({ idle_stop_at: inSeconds(60) }), now)).toBeNull();
});

test("in use is what was busy a moment ago, and what has not said anything yet", () => {
  expect(isInUse(aNotebook({ last_activity: inSeconds(-30) }), now)).toBe(true);
  expect(isInUse(aNotebook({ last_activity: null }), now)).toBe(true);
  expect(isInUse(aNotebook({ last_activity: inSeconds(-3600) }), now)).toBe(false);
  expect(isInUse(aStarting(), now)).toBe(false);
});

test("mine that live, mine that rest and the others' stand apart", () => {
  const { live, stopped, others } = sort([aStopped(), aNotebook(), aNotebook({ id: "x", owner: "dan" }), aStarting()], "alice");

  expect(live.map(({ id }) => id).sort()).toEqual(["n1", "n2"]);
  expect(stopped.map(({ id }) => id)).toEqual(["n3"]);
  expect(others.map(({ id }) => id)).toEqual(["x"]);
});

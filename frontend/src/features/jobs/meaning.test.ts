import { aJob } from "@/test/jobs";
import { elapsed, queuedSeconds, startingSeconds } from "./meaning";

const now = new Date("2026-11-24T14:00:00Z");
const at = (minute: number) => new Date(now.getTime() + minute * 60_000).toISOString();
const progress = (...seconds: (number | null)[]) => ["quota", "submitted", "placed", "image", "ready"].map((step, index) => ({
  step, state: seconds[index] === null ? "waiting" as const : "done" as const, seconds: seconds[index] ?? null,
}));

const withSteps = (...seconds: (number | null)[]) => {
  const job = aJob();
  return { ...job, workload: { ...job.workload, progress: progress(...seconds) } };
};

test("what it waits for a place counts as queued, what comes after as starting", () => {
  expect([queuedSeconds(withSteps(2, 1, 117, 6, 1)), startingSeconds(withSteps(2, 1, 117, 6, 1))]).toEqual([120, 7]);
  expect([queuedSeconds(withSteps(2, null, null, null, null)), startingSeconds(withSteps(2, null, null, null, null))]).toEqual([2, null]);
  expect(queuedSeconds(withSteps(null, null, null, null, null))).toBeNull();
});

test("the figure beside the status is of the wait, then of the run, then of the whole run", () => {
  expect(elapsed(aJob({ created: at(-9), started: null, status: "queued" }), now)).toBe(540);
  expect(elapsed(aJob({ created: at(-9), started: at(-5) }), now)).toBe(300);
  expect(elapsed(aJob({ created: at(-9), started: at(-5), finished: at(-1), status: "succeeded" }), now)).toBe(240);
  expect(elapsed(aJob({ created: at(-9), started: null, finished: at(-1), status: "refused" }), now)).toBeNull();
});

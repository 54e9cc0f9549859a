import { aWorkload, churn, fraud } from "@/test/factories";
import { matching, sumOf } from "./filter";

const GIB = 1024 ** 3;
const nothing = { search: "", kind: "", owner: "", project: "", status: "" };
const all = [
  aWorkload(),
  aWorkload({ id: "w2", name: "risk-eda", owner: "dan", project: fraud, status: "starting", phase: "STARTING" }),
  aWorkload({ id: "w3", name: "embeddings", owner: "dan", status: "queued", phase: "QUEUED", started: null }),
];
const ids = (wanted: Partial<typeof nothing>) => matching(all, { ...nothing, ...wanted }).map(({ id }) => id);

test("filters narrow together", () => {
  expect(ids({})).toEqual(["w1", "w2", "w3"]);
  expect(ids({ owner: "dan" })).toEqual(["w2", "w3"]);
  expect(ids({ owner: "dan", project: churn.slug })).toEqual(["w3"]);
  expect(ids({ search: "RISK" })).toEqual(["w2"]);
  expect(ids({ status: "queued", search: "w3" })).toEqual(["w3"]);
  expect(ids({ kind: "job" })).toEqual([]);
});

test("what only waits for quota holds none", () => {
  expect(sumOf(all)).toMatchObject({ running: 1, starting: 1, queued: 1, stale: 0, cpu: 8000, memory: 32 * GIB });
});

test("what the engine did not confirm is counted apart", () => {
  expect(sumOf([aWorkload({ stale_since: "2026-11-24T08:00:00Z" })]).stale).toBe(1);
});

import { diff, written } from "./diff";

test("what changed comes before what did not", () => {
  expect(diff({ name: "Churn", slug: "churn" }, { name: "Churn 2", slug: "churn" })).toEqual([
    { field: "name", before: "Churn", after: "Churn 2", kind: "changed" },
    { field: "slug", before: "churn", after: "churn", kind: "same" },
  ]);
});

test("a creation has only an after, a deletion only a before", () => {
  expect(diff(null, { role: "lead" })).toEqual([{ field: "role", before: "", after: "lead", kind: "added" }]);
  expect(diff({ role: "lead" }, null)).toEqual([{ field: "role", before: "lead", after: "", kind: "removed" }]);
});

test("no limit is a value too", () => {
  expect(diff({ limit: null }, { limit: 4 })).toEqual([{ field: "limit", before: "null", after: "4", kind: "changed" }]);
});

test("nested values are named by their path", () => {
  expect(diff({ resources: { cpu: 1 } }, { resources: { cpu: 2 } })[0]).toMatchObject({ field: "resources.cpu", before: "1", after: "2" });
});

test("lists are compared as a whole", () => {
  expect(diff({ projects: ["a"] }, { projects: ["a"] })[0]?.kind).toBe("same");
  expect(written(["a"])).toBe('["a"]');
});

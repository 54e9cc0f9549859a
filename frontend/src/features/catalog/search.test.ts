import { anEnvironment } from "@/test/factories";
import { findEnvironments } from "./search";

const all = [anEnvironment(), anEnvironment({ id: "e2", name: "PyTorch 2", description: "", packages: [{ name: "torch", version: "2.9" }] })];

test("an environment is found by what is installed in it", () => {
  expect(findEnvironments(all, "TORC").map(({ environment }) => environment.id)).toEqual(["e2"]);
  expect(findEnvironments(all, "pandas")).toEqual([{ environment: all[0], match: null }]);
  expect(findEnvironments(all, "scikit").map(({ match }) => match)).toEqual([null]);
});

test("the package that matched is told where the name does not", () => {
  const plain = [anEnvironment({ name: "Base", description: "" })];
  expect(findEnvironments(plain, "scikit")[0]?.match).toEqual({ name: "scikit-learn", version: "1.9.1" });
});

test("without a query all are shown", () => {
  expect(findEnvironments(all, " ")).toHaveLength(2);
});

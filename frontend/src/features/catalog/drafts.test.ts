import { anEnvironment, aProfile, someProfiles } from "@/test/factories";
import {
  badPackageLine, emptyEnvironment, emptyProfile, environmentBody, environmentDraft, environmentProblems, parsePackages, profileBody,
  profileDraft, profileProblems,
} from "./drafts";

test("an environment survives the form unchanged", () => {
  expect(anEnvironment()).toMatchObject(environmentBody(environmentDraft(anEnvironment())));
});

test.each(someProfiles().map((profile) => [profile.name, profile] as const))("the profile %s survives the form unchanged", (_name, profile) => {
  const wanted = { ...profile, resources: { accelerators: {}, ...profile.resources } };
  expect(wanted).toMatchObject(profileBody(profileDraft(profile)));
});

test("packages are read as people write them", () => {
  expect(parsePackages("pandas 3.0.1\n\n scikit-learn==1.9.1 \nnumpy == 2.4")).toEqual([
    { name: "pandas", version: "3.0.1" }, { name: "scikit-learn", version: "1.9.1" }, { name: "numpy", version: "2.4" },
  ]);
});

test("a package without a version is told by its line", () => {
  expect(badPackageLine("pandas 3.0.1\n\nnumpy")).toBe(3);
  expect(environmentProblems({ ...emptyEnvironment, name: "x", slug: "x", packages: "numpy" }, true)).toEqual({ packages: "badPackages" });
});

test("a new entry needs a name and a short name, a known one only a name", () => {
  expect(Object.keys(environmentProblems(emptyEnvironment, true))).toEqual(["name", "slug"]);
  expect(Object.keys(environmentProblems(emptyEnvironment, false))).toEqual(["name"]);
});

test.each(["", "0", "-1", "many", "NaN", "1e9"])("cores of %j are refused beside the field", (cores) => {
  expect(profileProblems({ ...emptyProfile, name: "x", slug: "x", cores }, true)).toEqual({ cores: "badNumber" });
});

test("Spark executors are asked for only of Spark profiles", () => {
  const draft = { ...profileDraft(aProfile()), executors: "none" };
  expect(profileProblems(draft, false)).toEqual({});
  expect(profileProblems({ ...draft, kind_label: "spark" }, false)).toEqual({ executors: "badCount" });
});

test("a profile for some projects keeps them; for all it names none", () => {
  const draft = { ...profileDraft(aProfile()), all_projects: false, projects: ["p111"] };
  expect(profileBody(draft).projects).toEqual(["p111"]);
  expect(profileBody({ ...draft, all_projects: true }).projects).toEqual([]);
});

import { EMPTY, envOf, fromAddress, problemsOf, storedDraft, storeDraft } from "./draft";

test("an address fills the form", () => {
  const search = new URLSearchParams("name=eda&command=python+-c+'print(1)'&profile=small&env=SEED%3D1&env=URL%3Da%3Db&env=EMPTY");

  expect(fromAddress(search)).toEqual({
    ...EMPTY, name: "eda", command: "python -c 'print(1)'", profile: "small",
    variables: [{ name: "SEED", value: "1" }, { name: "URL", value: "a=b" }, { name: "EMPTY", value: "" }],
  });
});

test("a variable's name must be one, and only once; an empty row is none", () => {
  const row = (name: string, value = "x") => ({ name, value });

  expect(problemsOf([row("SEED"), row("2X"), row("A B"), row("SEED"), row("", ""), row("")])).toEqual([
    null, "form.envBadName", "form.envBadName", "form.envTwice", null, "form.envBadName",
  ]);
  expect(envOf([row("SEED", "1"), row("", "")])).toEqual({ SEED: "1" });
});

test("a draft is found at its own address only", () => {
  storeDraft("churn", "?like=j1", { ...EMPTY, name: "kept" });

  expect(storedDraft("churn", "?like=j1")?.name).toBe("kept");
  expect(storedDraft("churn", "")).toBeNull();
  expect(storedDraft("fraud", "?like=j1")).toBeNull();
  storeDraft("churn", "?like=j1", null);
  expect(storedDraft("churn", "?like=j1")).toBeNull();
});

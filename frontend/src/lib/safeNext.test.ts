import { safeNext } from "./safeNext";

const here = "http://localhost:8000";

test.each(["/p/churn", "/p/churn/notebooks?status=failed#x"])("%s is a place of ours", (path) => {
  expect(safeNext(path, here)).toBe(path);
});

test.each([null, "", "p/churn", "//evil.example", "/\\evil.example", "/\t/evil.example", "https://evil.example/", "javascript:alert(1)", "/a\\b"])(
  "%s is not followed", (path) => {
    expect(safeNext(path, here)).toBe("/");
  },
);

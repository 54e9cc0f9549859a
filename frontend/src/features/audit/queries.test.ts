import { momentOf } from "./queries";

test("a day begins at its first moment and ends with its last", () => {
  expect(new Date(momentOf("2026-11-24", true)).getTime() - new Date(momentOf("2026-11-24", false)).getTime()).toBe(86_399_999);
});

test.each(["", "yesterday", "2026-13-45", "24.11.2026"])("%j is no day", (day) => {
  expect(momentOf(day, false)).toBe("");
});

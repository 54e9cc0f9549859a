import { figure, figures, limitText, parseLimit } from "./amounts";

const GIB = 1024 ** 3;

test.each([
  ["cpu", "2.5", 2500], ["cpu", "", null], ["cpu", "lots", undefined], ["memory", "640", 640 * GIB], ["memory", "0", 0],
  ["notebooks", "12", 12], ["notebooks", "1.5", undefined], ["accelerator:nvidia.com/l4", "4", 4], ["notebooks", "-1", undefined],
])("%s typed as %j is %j", (resource, text, limit) => {
  expect(parseLimit(resource, text)).toBe(limit);
});

test.each([["cpu", 96_000], ["memory", 640 * GIB], ["notebooks", 10], ["cpu", null]])("a %s limit of %j survives the field", (resource, limit) => {
  expect(parseLimit(resource, limitText(resource, limit))).toBe(limit);
});

test("memory in use is written in the unit of its limit", () => {
  expect(figures("memory", 172 * GIB, 640 * GIB, "en")).toEqual({ used: "172", limit: "640\u00a0GiB" });
  expect(figures("memory", 172 * GIB, null, "en")).toEqual({ used: "172\u00a0GiB", limit: null });
});

test("cores are written as cores, in the reader's language", () => {
  expect(figure("cpu", 96_500, "en")).toBe("96.5");
  expect(figure("cpu", 96_500, "fr")).toBe("96,5");
});

import { coresText, gibText, parseCores, parseCount, parseDecimal, parseGib } from "./quantity";

test.each([["2", 2], ["2.5", 2.5], ["2,5", 2.5], [" 16 ", 16], ["0", 0]])("%j is %d", (text, value) => {
  expect(parseDecimal(text)).toBe(value);
});

test.each(["", "-1", "1e9", "NaN", "Infinity", "2.5.1", "0x10", "12 GiB", "9999999999", "1.0001", "٣"])("%j is no amount", (text) => {
  expect(parseDecimal(text)).toBeNull();
});

test("a count has no fraction", () => {
  expect(parseCount("12")).toBe(12);
  expect(parseCount("1.5")).toBeNull();
});

test("what is shown in a field is read back as the same amount", () => {
  expect(parseCores(coresText(2500))).toBe(2500);
  expect(parseGib(gibText(8 * 1024 ** 3))).toBe(8 * 1024 ** 3);
});

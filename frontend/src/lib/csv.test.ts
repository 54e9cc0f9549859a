import { toCsv } from "./csv";

test("quotes are doubled and cells with commas are quoted", () => {
  expect(toCsv(["a", "b"], [['say "hi"', "x,y"], [1, null]])).toBe('\uFEFFa,b\r\n"say ""hi""","x,y"\r\n1,\r\n');
});

test("a cell cannot become a formula", () => {
  expect(toCsv(["n"], [["=1+1"], ["@cmd"], ["-2"], [-2]])).toBe("\uFEFFn\r\n'=1+1\r\n'@cmd\r\n'-2\r\n-2\r\n");
});

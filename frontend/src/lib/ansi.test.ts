import { PLAIN, parseAnsi, stripAnsi } from "./ansi";

const E = "\u001b";
const words = (line: string) => parseAnsi(line).spans.map(({ text, style }) => [text, style]);

test("colours begin and end where the terminal would begin and end them", () => {
  expect(words(`a ${E}[31mred ${E}[1mbold${E}[0m b`)).toEqual([
    ["a ", {}], ["red ", { fg: "red" }], ["bold", { fg: "red", bold: true }], [" b", {}],
  ]);
});

test("a colour left open goes on in the next line", () => {
  const { end } = parseAnsi(`${E}[92;44mok`);
  expect(parseAnsi("still", end).spans).toEqual([{ text: "still", style: { fg: "green", bg: "blue" } }]);
});

test("colours of 256 and of 16 million become the nearest one of the theme", () => {
  expect(parseAnsi(`${E}[38;5;196mx`).spans[0]?.style.fg).toBe("red");
  expect(parseAnsi(`${E}[38;2;10;180;110mx`).spans[0]?.style.fg).toBe("green");
  expect(parseAnsi(`${E}[38;5;196;1mx`).spans[0]?.style).toEqual({ fg: "red", bold: true });
});

test.each([
  [`${E}[2K${E}[1Gline`, "line"],
  [`${E}]8;;https://example.org${E}\\text${E}]8;;${E}\\`, "text"],
  [`${E}]0;title\u0007after`, "after"],
  ["a\u0000b\u0008c", "abc"],
  [`cut ${E}[3`, "cut "],
  ["<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>"],
])("%j shows only its words", (line, text) => {
  expect(stripAnsi(line)).toBe(text);
  expect(parseAnsi(line).spans.map((span) => span.text).join("")).toBe(text);
});

test("a plain line costs nothing", () => {
  expect(parseAnsi("epoch 1")).toEqual({ spans: [{ text: "epoch 1", style: PLAIN }], end: PLAIN });
});

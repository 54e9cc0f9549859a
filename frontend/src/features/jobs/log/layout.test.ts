import { Layout, ROW } from "./layout";
import { LogText } from "./text";

function logOf(text: string): LogText {
  const log = new LogText();
  log.append(text);
  return log;
}

test("without wrapping every line is one row", () => {
  const log = logOf("a\nb\nc\n");
  const layout = new Layout(null);
  layout.update(log);

  expect(layout.height(log)).toBe(3 * ROW);
  expect(layout.lineAt(ROW + 1, log)).toBe(1);
  expect(layout.lineAt(1e9, log)).toBe(2);
});

test("with wrapping a long line takes the rows its columns need, and may grow", () => {
  const log = logOf(`${"x".repeat(25)}\nshort\n${"y".repeat(9)}`);
  const layout = new Layout(10);
  layout.update(log);
  expect([0, 1, 2, 3].map((line) => layout.top(line))).toEqual([0, 3 * ROW, 4 * ROW, 5 * ROW]);

  log.append("yy\nz\n");
  layout.update(log);

  expect(layout.top(3)).toBe(6 * ROW);
  expect(layout.lineAt(2.5 * ROW, log)).toBe(0);
  expect(layout.lineAt(3 * ROW, log)).toBe(1);
  expect(layout.lineAt(5 * ROW, log)).toBe(2);
});

test("tabs and wide letters get the room they take", () => {
  const log = logOf("\t\t\n日本語日本語\n");
  const layout = new Layout(10);
  layout.update(log);

  expect(layout.top(1)).toBe(2 * ROW);
  expect(layout.height(log)).toBe(4 * ROW);
});

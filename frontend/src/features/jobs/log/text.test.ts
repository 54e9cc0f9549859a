import { LogText, Search } from "./text";

const all = (log: LogText) => Array.from({ length: log.length }, (_, index) => log.words(index));

function logOf(...pieces: string[]): LogText {
  const log = new LogText();
  for (const piece of pieces) log.append(piece);
  return log;
}

test("pieces cut anywhere make the same lines", () => {
  const text = "one\ntwo\r\n\nfour";
  const whole = all(logOf(text));

  expect(whole).toEqual(["one", "two", "", "four"]);
  for (let cut = 1; cut < text.length; cut++) expect(all(logOf(text.slice(0, cut), text.slice(cut))), String(cut)).toEqual(whole);
});

test("a progress bar is the line it last was", () => {
  expect(all(logOf("\r 10%", "\r 50%", "\r100%\ndone\n"))).toEqual(["100%", "done"]);
  expect(all(logOf("10%\r", "20%\r"))).toEqual(["20%"]);
});

test("a colour left open colours the next line, across pieces", () => {
  const log = logOf("\u001b[31mred\n", "still red\n");

  expect(log.at(1)?.start).toEqual({ fg: "red" });
  expect(log.words(0)).toBe("red");
});

test("of too many lines the last ones stay, and it is known how many are left out", () => {
  const log = new LogText(100);
  for (let line = 0; line < 250; line++) log.append(`line ${line}\n`);

  expect(log.dropped + log.length).toBe(250);
  expect(log.length).toBeLessThanOrEqual(110);
  expect(log.words(log.length - 1)).toBe("line 249");
});

test("a search goes on where it was and takes back nothing but the line that grew", () => {
  const log = logOf("checkpoint 1\nepoch\ncheck");
  const search = new Search("CHECKPOINT");
  expect(search.in(log)).toEqual([0]);

  log.append("point 2\nepoch\n");
  expect(search.in(log)).toEqual([0, 2]);
  expect(search.in(log)).toEqual([0, 2]);
});

test("an empty search finds nothing", () => {
  expect(new Search("").in(logOf("a\n"))).toEqual([]);
});

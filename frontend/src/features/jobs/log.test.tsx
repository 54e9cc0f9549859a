import { fireEvent, screen, waitFor } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { problem } from "@/test/factories";
import { aJob } from "@/test/jobs";
import { open } from "@/test/render";
import { portal, server } from "@/test/server";

const JOB = "/p/churn/jobs/j42";
const lines = (count: number) => Array.from({ length: count }, (_, index) => `line ${index + 1}\n`).join("");
const list = () => screen.findByRole("log", { name: "Log of churn-xgb" });

/** jsdom lays nothing out: say how far the list is scrolled. */
function scrolledTo(log: HTMLElement, top: number, height = 40_000) {
  Object.defineProperties(log, { scrollHeight: { value: height, configurable: true }, clientHeight: { value: 600, configurable: true } });
  fireEvent.scroll(log, { target: { scrollTop: top } });
}

test("a live log shows its end and goes on as it is written", async () => {
  const world = portal({ logs: { j42: lines(1000) } });
  await open(JOB);

  expect(await screen.findByText("line 1000")).toBeVisible();
  expect(screen.queryByText("line 1")).toBeNull();
  world.logs.j42 += "a new line\n";

  expect(await screen.findByText("a new line")).toBeVisible();
  expect(screen.getByText("Live, 1,001 lines")).toBeVisible();
  expect(screen.getByText("From the engine, may be incomplete")).toBeVisible();
});

test("whoever scrolls up is not pulled down, learns what came and returns with one press", async () => {
  const world = portal({ logs: { j42: lines(1000) } });
  const { user } = await open(JOB);
  await screen.findByText("line 1000");
  const log = await list();
  scrolledTo(log, 30_000);
  scrolledTo(log, 100);
  expect(screen.getByRole("switch", { name: "Follow" })).not.toBeChecked();

  world.logs.j42 += "one\ntwo\nthree\n";
  await user.click(await screen.findByRole("button", { name: "3 new lines" }));

  expect(screen.getByRole("switch", { name: "Follow" })).toBeChecked();
  expect(screen.queryByRole("button", { name: /new line/ })).toHaveTextContent("Read new lines");
});

test("a search counts and walks through what it finds, and is in the address", async () => {
  portal({ logs: { j42: `${lines(50)}checkpoint a\n${lines(50)}checkpoint b\n` } });
  const { user, router } = await open(JOB);
  await screen.findByText("checkpoint b");

  await user.type(screen.getByRole("searchbox", { name: "Search the log" }), "CHECK");
  expect(await screen.findByText("2 lines")).toBeVisible();
  await user.keyboard("{Enter}");
  expect(await screen.findByText("1 of 2")).toBeVisible();
  expect(router.state.location.search).toBe("?q=CHECK&line=51");
  await user.keyboard("{Enter}");
  expect(await screen.findByText("2 of 2")).toBeVisible();
  await user.keyboard("{Shift>}{Enter}{/Shift}");
  expect(await screen.findByText("1 of 2")).toBeVisible();
  expect(screen.getByRole("switch", { name: "Follow" })).not.toBeChecked();
});

test("a search without a match says so", async () => {
  portal();
  await open(`${JOB}?q=zzz`);

  expect(await screen.findByText("no match")).toBeVisible();
});

test("an address leads to a line", async () => {
  portal({ logs: { j42: lines(2000) } });
  await open(`${JOB}?line=1200`);

  const log = await list();
  await waitFor(() => expect(log.scrollTop).toBeGreaterThan(20_000));
  scrolledTo(log, log.scrollTop);
  expect(await screen.findByRole("link", { name: "Link to line 1,200" })).toHaveAttribute("href", "/p/churn/jobs/j42?line=1200");
});

test("colours are words of a style sheet and nothing of a log becomes markup", async () => {
  portal({ logs: { j42: '\u001b[31mred\u001b[0m <img src=x onerror="alert(1)">\n' } });
  await open(JOB);

  expect((await screen.findByText("red")).className).toContain("fg-red");
  expect((await list()).querySelector("img")).toBeNull();
  expect(await list()).toHaveTextContent('<img src=x onerror="alert(1)">');
});

test("a line of a million letters is cut and said", async () => {
  portal({ logs: { j42: `${"x".repeat(1_000_000)}\n` } });
  await open(JOB);

  expect(await screen.findByText(/996,000 more characters are in the download/)).toBeVisible();
});

test("a log that cannot be read says that the job goes on, and is read again", async () => {
  portal();
  server.use(http.get("*/api/v1/jobs/:id/log", () => HttpResponse.json(problem(503, "UNAVAILABLE", "The database is away."), { status: 503 }), { once: true }));
  const { user } = await open(JOB);

  expect(await screen.findByText("The log cannot be read. The job is not affected.")).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Retry" }));

  expect(await screen.findByText(/^Live, 400 lines/)).toBeVisible();
});

test("the whole log can be taken home", async () => {
  portal();
  await open(JOB);

  expect(await screen.findByRole("link", { name: "Download the whole log" })).toHaveAttribute("href", "/api/v1/jobs/j42/log/file");
});

test("an ended log is read to its end and no further", async () => {
  let asked = 0;
  portal();
  server.use(http.get("*/api/v1/jobs/j40/log", () => { asked += 1; return undefined; }));
  await open("/p/churn/jobs/j40");

  expect(await screen.findByText("Ended, 600 lines")).toBeVisible();
  await new Promise((resolve) => { setTimeout(resolve, 3000); });
  expect(asked).toBe(1);
});

test("before the command runs nothing is asked for", async () => {
  portal();
  await open("/p/churn/jobs/j17");

  expect(await screen.findByText("Nothing is written yet. The log begins when the command runs.")).toBeVisible();
});

test("a job that never ran has no log, and says so", async () => {
  portal({ jobs: [aJob({ status: "refused", started: null, finished: new Date().toISOString(), reason: { code: "QUOTA_EXCEEDED", text: "This project may have 8 cores.", action: "" } })], logs: {} });
  await open(JOB);

  expect(await screen.findByText("The command never ran, so there is no log.")).toBeVisible();
});

test("those who hear the page ask for the new lines", async () => {
  portal({ logs: { j42: "one\ntwo\n" } });
  const { user } = await open(JOB);
  await screen.findByText("two");
  expect(await list()).toHaveAttribute("aria-live", "off");

  await user.click(screen.getByRole("button", { name: "Read new lines" }));
  await waitFor(() => expect(document.querySelector("[aria-live=assertive]")).toHaveTextContent("one two"));
  await user.click(screen.getByRole("button", { name: "Read new lines" }));

  await waitFor(() => expect(document.querySelector("[aria-live=assertive]")).toHaveTextContent("No new lines"));
});

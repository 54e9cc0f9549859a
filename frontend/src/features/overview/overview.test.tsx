import { screen, waitFor, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { violations } from "@/test/axe";
import { aFailed, aMe, aNotebook, problem, someQuota } from "@/test/factories";
import { aJob } from "@/test/jobs";
import { open } from "@/test/render";
import { portal, server } from "@/test/server";
import { finishedToday, needs } from "./components/needs";

test("an idle stop and a failure stand above everything else", async () => {
  const now = new Date();
  const failed = aFailed();
  const recent = { ...failed, workload: failed.workload && { ...failed.workload, finished: now.toISOString() } };
  portal({ notebooks: [aNotebook({ idle_stop_at: new Date(now.getTime() + 468_000).toISOString() }), recent] });
  const { user } = await open("/p/churn");

  const region = await screen.findByRole("region", { name: "Needs you" });
  expect(region).toHaveTextContent("exploration stops in 8 min.");
  expect(region).toHaveTextContent("legacy-r failed.");
  await user.click(within(region).getByRole("button", { name: "Keep running" }));

  await waitFor(() => expect(region).not.toHaveTextContent("exploration stops"));
});

test("live work can be narrowed to mine, and the choice is in the address", async () => {
  portal();
  const { user, router } = await open("/p/churn");
  const table = await screen.findByRole("table", { name: "Live now" });
  expect(within(table).getByText("risk-eda")).toBeVisible();

  await user.click(screen.getByRole("button", { name: "Mine" }));

  expect(router.state.location.search).toBe("?owner=me");
  expect(within(screen.getByRole("table", { name: "Live now" })).queryByText("risk-eda")).toBeNull();
});

test("the quota names what is used, what is reserved and what is free", async () => {
  portal();
  await open("/p/churn");

  const quota = await screen.findByRole("region", { name: "Project quota" });
  await within(quota).findByText("CPU");
  expect(quota).toHaveTextContent("30 used, 34 reserved of 96 cores");
  expect(quota).toHaveTextContent("32 cores free now");
});

test("one part that fails leaves the others at work", async () => {
  portal();
  server.use(http.get("*/api/v1/projects/:id/quota", () => HttpResponse.json(problem(503, "DATABASE_AWAY", "The database does not answer."), { status: 503 })));
  await open("/p/churn");

  expect(await screen.findByText("The quota cannot be shown.")).toBeVisible();
  expect(await screen.findByRole("table", { name: "Live now" })).toBeVisible();
});

test("somebody without a project is led to create one", async () => {
  portal({ me: aMe({ projects: [] }), notebooks: [] });
  const { user, router } = await open("/");

  await user.type(await screen.findByLabelText("Project name"), "Demand planning{Enter}");

  await waitFor(() => expect(router.state.location.pathname).toBe("/p/demand-planning"));
});

test("whoever may not create projects is told whom to ask", async () => {
  portal({ me: aMe({ projects: [], permissions: { create_project: false, platform_admin: false, platform_audit: false } }), notebooks: [] });
  await open("/");

  expect(await screen.findByText(/Ask a project lead for an invitation/)).toBeVisible();
});

test("a refused project name is said beside it", async () => {
  portal({ me: aMe({ projects: [] }), notebooks: [] });
  const { user } = await open("/welcome");

  await user.type(await screen.findByLabelText("Project name"), "Taken{Enter}");

  expect(await screen.findByText("Another project has this address. Choose another name.")).toBeVisible();
});

test("a limit that is nearly used up is a need, one with room is not", () => {
  const lines = someQuota();
  const found = needs([], [], lines, new Date());

  expect(found.map((need) => need.kind === "quota" && need.line.resource)).toEqual(["notebooks"]);
});

test("what finished yesterday is not of today", () => {
  const workload = aFailed().workload;
  const yesterday = new Date(Date.now() - 26 * 3600_000).toISOString();
  expect(workload && finishedToday([{ ...workload, finished: yesterday }], new Date())).toEqual([]);
});

test("axe finds nothing on the overview", async () => {
  portal();
  await open("/p/churn");
  await screen.findByRole("table", { name: "Live now" });

  expect(await violations()).toEqual([]);
});

test("jobs that live stand beside the notebooks, each with a way to its page and why it waits", async () => {
  portal();
  await open("/p/churn");

  const table = await screen.findByRole("table", { name: "Live now" });
  expect(within(table).getByRole("link", { name: "retrain-weekly" })).toHaveAttribute("href", "/p/churn/jobs/j17");
  expect(within(table).getByRole("row", { name: /retrain-weekly Queued/ })).toHaveTextContent("Waiting for 2 × A100 on one node.");
  expect(within(table).getByRole("link", { name: "exploration" })).toHaveAttribute("href", "/p/churn/notebooks/n1");
});

test("a job of mine that failed today asks to be looked at", () => {
  const [need, ...rest] = needs([], [aJob({ status: "failed", finished: new Date().toISOString() }), aJob({ status: "failed", created: "2026-01-01T10:00:00Z", finished: "2026-01-01T10:00:00Z" })], [], new Date());

  expect(need).toMatchObject({ kind: "job", job: { id: "j42" } });
  expect(rest).toEqual([]);
});

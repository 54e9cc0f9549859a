import { screen, waitFor, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { violations } from "@/test/axe";
import { aMe, problem } from "@/test/factories";
import { aJob } from "@/test/jobs";
import { open } from "@/test/render";
import { portal, server } from "@/test/server";

const rows = async () => (await screen.findAllByRole("row")).slice(1).map((row) => within(row).getAllByRole("cell")[0]?.textContent);

test("the list says what each job does, or why not", async () => {
  portal();
  await open("/p/churn/jobs");

  const table = await screen.findByRole("table", { name: "Jobs" });
  expect(within(table).getByRole("row", { name: /retrain-weekly Queued Waiting for 2 × A100 on one node\./ })).toBeVisible();
  expect(within(table).getByRole("row", { name: /churn-xgb-41 Failed The command ended with exit code 3\..*15 min/ })).toBeVisible();
  expect(within(table).getByRole("row", { name: /churn-xgb-40 Succeeded Exit code 0/ })).toBeVisible();
  expect(within(table).getByRole("row", { name: /features Starting Step 4 of 5/ })).toBeVisible();
});

test("filters are in the address and narrow together", async () => {
  portal();
  const { user, router } = await open("/p/churn/jobs?status=failed");
  expect(await rows()).toEqual(["churn-xgb-41", "embed"]);

  await user.type(screen.getByRole("searchbox", { name: "Filter by name" }), "embed");

  await waitFor(async () => expect(await rows()).toEqual(["embed"]));
  expect(router.state.location.search).toBe("?status=failed&search=embed");
  await user.click(screen.getByRole("button", { name: "Clear filters" }));
  await waitFor(async () => expect(await rows()).toHaveLength(6));
});

test("what lives is counted by status, and a count shows only those", async () => {
  portal();
  const { user, router } = await open("/p/churn/jobs");

  await user.click(await screen.findByRole("link", { name: "Queued 1" }));

  expect(router.state.location.search).toBe("?status=queued");
  await waitFor(async () => expect(await rows()).toEqual(["retrain-weekly"]));
});

test("without jobs the page says what one is and offers the first", async () => {
  portal({ jobs: [] });
  await open("/p/churn/jobs");

  expect(await screen.findByText("No jobs yet")).toBeVisible();
  expect(screen.getByText("atelier run")).toBeVisible();
  expect(screen.getByRole("link", { name: "New job" })).toHaveAttribute("href", "/p/churn/jobs/new");
});

test("filters that match nothing can be cleared", async () => {
  portal();
  await open("/p/churn/jobs?owner=nobody");

  expect(await screen.findByText("No job matches these filters.")).toBeVisible();
  expect(screen.getAllByRole("button", { name: "Clear filters" })[0]).toBeVisible();
});

test("viewers see the jobs and no button to submit one", async () => {
  portal({ me: aMe({ projects: [{ id: "p111", slug: "churn", name: "Churn forecasting", role: "viewer" }] }) });
  await open("/p/churn/jobs");

  expect(await screen.findByRole("table", { name: "Jobs" })).toBeVisible();
  expect(screen.queryByRole("link", { name: "New job" })).toBeNull();
});

test("a list that cannot be read says so and can be asked again", async () => {
  portal();
  server.use(http.get("*/api/v1/jobs", () => HttpResponse.json(problem(503, "UNAVAILABLE", "The database is away."), { status: 503 })));
  await open("/p/churn/jobs");

  expect(await screen.findByRole("alert")).toHaveTextContent("The jobs cannot be shown.");
  expect(screen.getByRole("button", { name: "Retry" })).toBeVisible();
});

test("a job that waits says why, since when, and what can be done", async () => {
  const world = portal();
  const { user } = await open("/p/churn/jobs/j17");

  const why = await screen.findByRole("region", { name: "Why is it waiting?" });
  expect(why).toHaveTextContent("Waiting for 2 × A100 on one node.");
  expect(screen.getByRole("list", { name: "Timeline" })).toHaveTextContent("14 min so far");
  await user.click(screen.getByRole("button", { name: "Cancel job" }));

  expect(await screen.findByText("retrain-weekly is cancelled.")).toBeVisible();
  expect(world.jobs.find(({ id }) => id === "j17")?.status).toBe("stopped");
});

test("a job that starts shows each step", async () => {
  portal();
  await open("/p/churn/jobs/j18");

  const steps = await screen.findByRole("list", { name: "Steps of the start" });
  expect(within(steps).getByText("Handed to the engine")).toBeVisible();
  expect(within(steps).getByText("Pulling the image").closest("li")).toHaveAttribute("aria-current", "step");
});

test("a failed job says why with its exit code and last lines, and is run again from the form", async () => {
  portal();
  const { user, router } = await open("/p/churn/jobs/j41?tab=events");

  expect(await screen.findByRole("region", { name: "Why it failed" })).toHaveTextContent("The command ended with exit code 3.");
  expect(await screen.findByLabelText("Last lines of the log")).toHaveTextContent("ValueError: label column is missing");
  expect(screen.getByRole("list", { name: "Timeline" })).toHaveTextContent("exit code 3");
  await user.click(screen.getByRole("button", { name: "Open the form: Run it again" }));

  expect(router.state.location.pathname + router.state.location.search).toBe("/p/churn/jobs/new?like=j41");
  expect(await screen.findByRole("textbox", { name: "Command" })).toHaveValue("python train.py --lr 3e-4");
});

test("a job that ran out of memory is offered more", async () => {
  portal();
  await open("/p/churn/jobs/j39");

  expect(await screen.findByRole("button", { name: "Open the form: Run it with more memory" })).toBeVisible();
});

test("stopping names the job and says what is lost", async () => {
  const world = portal();
  const { user } = await open("/p/churn/jobs/j42");

  await user.click(await screen.findByRole("button", { name: "Stop churn-xgb" }));
  const dialog = screen.getByRole("alertdialog", { name: "Stop churn-xgb?" });
  expect(dialog).toHaveTextContent("The log stays");
  await user.click(within(dialog).getByRole("button", { name: "Stop churn-xgb" }));

  expect(await screen.findByText("churn-xgb is stopping.")).toBeVisible();
  expect(world.jobs[0]?.status).toBe("stopping");
});

test("somebody else's job cannot be stopped by a member, who learns why", async () => {
  portal({ me: aMe({ projects: [{ id: "p111", slug: "churn", name: "Churn forecasting", role: "member" }] }), jobs: [aJob({ owner: "bob" })] });
  await open("/p/churn/jobs/j42");

  const button = await screen.findByRole("button", { name: "Stop churn-xgb" });
  expect(button).toHaveAttribute("aria-disabled", "true");
  expect(button).toHaveAccessibleDescription("Only bob and project leads can stop it.");
});

test("a refused stop is taken back and said", async () => {
  portal();
  server.use(http.post("*/api/v1/jobs/:id/stop", () => HttpResponse.json(problem(409, "ALREADY_OVER", "It has ended already."), { status: 409 })));
  const { user } = await open("/p/churn/jobs/j42");

  await user.click(await screen.findByRole("button", { name: "Stop churn-xgb" }));
  await user.click(within(screen.getByRole("alertdialog")).getByRole("button", { name: "Stop churn-xgb" }));

  expect(await screen.findByText("It has ended already.")).toBeVisible();
});

test("the spec shows the words, the variables and the line that asks for the same", async () => {
  portal();
  await open("/p/churn/jobs/j42?tab=spec");

  const words = await screen.findByRole("list", { name: "The words of the command" });
  expect(within(words).getAllByRole("listitem").map((word) => word.textContent)).toEqual(["python", "train.py", "--lr", "3e-4"]);
  expect(screen.getByRole("row", { name: "SEED 7" })).toBeVisible();
  expect(await screen.findByText("atelier run --project churn --profile large --environment python --env SEED=7 --name churn-xgb -- python train.py --lr 3e-4")).toBeVisible();
});

test("a job that does not exist reads the same as one that may not be seen", async () => {
  portal();
  await open("/p/churn/jobs/nope");

  expect(await screen.findByText("This page does not exist, or you are not a member of its project.")).toBeVisible();
});

test("what cannot be confirmed keeps its status with a clock", async () => {
  const job = aJob();
  portal({ jobs: [{ ...job, workload: { ...job.workload, stale_since: new Date().toISOString() } }] });
  await open("/p/churn/jobs/j42");

  expect(await screen.findByText(/^Not confirmed since/)).toBeVisible();
  expect(screen.getAllByText("Running")[0]).toBeVisible();
});

test.each(["/p/churn/jobs", "/p/churn/jobs/new", "/p/churn/jobs/j42", "/p/churn/jobs/j17", "/p/churn/jobs/j41?tab=spec"])("axe finds nothing on %s", async (path) => {
  portal();
  await open(path);
  await screen.findByRole("heading", { level: 1 });
  await waitFor(() => expect(screen.queryByText("Loading")).toBeNull());

  expect(await violations()).toEqual([]);
});

import { screen, waitFor, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { aMe, aNotebook, aStarting, aStopped, churn, problem } from "@/test/factories";
import { violations } from "@/test/axe";
import { open } from "@/test/render";
import { portal, server } from "@/test/server";

const card = (name: string) => screen.findByRole("region", { name });
const soon = () => new Date(Date.now() + 468_000).toISOString();

test("a starting notebook shows each step with its duration", async () => {
  portal();
  await open("/p/churn/notebooks");

  const steps = within(await card("feature-spark")).getByRole("list", { name: "Steps of the start" });

  expect(within(steps).getByText("Quota reserved").closest("li")).toHaveTextContent("0.1 s");
  expect(within(steps).getByText("Starting the server").closest("li")).toHaveAttribute("aria-current", "step");
  expect(within(steps).getByText("Ready to open").closest("li")).toHaveTextContent("to come");
});

test("a running notebook opens in a new tab that cannot reach back", async () => {
  portal();
  await open("/p/churn/notebooks");

  const link = await screen.findByRole("link", { name: "Open exploration" });

  expect(link).toHaveAttribute("href", "http://127.0.0.1:8001/user/alice/n1/lab");
  expect(link).toHaveAttribute("target", "_blank");
  expect(link.getAttribute("rel")).toContain("noopener");
});

test("an idle notebook counts down and keeps running on request", async () => {
  portal({ notebooks: [aNotebook({ idle_stop_at: soon() })] });
  const { user } = await open("/p/churn/notebooks");
  expect(await screen.findByText(/^Stops in 7:4/)).toBeVisible();

  await user.click(screen.getByRole("button", { name: "Keep running" }));

  await waitFor(() => expect(screen.queryByText(/^Stops in/)).toBeNull());
  expect(await screen.findByText("exploration keeps running.")).toBeVisible();
});

test("stopping what somebody works in asks first", async () => {
  const world = portal({ notebooks: [aNotebook({ last_activity: new Date().toISOString() })] });
  const { user } = await open("/p/churn/notebooks");

  await user.click(await screen.findByRole("button", { name: "Stop exploration" }));
  expect(world.notebooks[0]?.status).toBe("running");
  await user.click(within(screen.getByRole("alertdialog")).getByRole("button", { name: "Stop exploration" }));

  expect(await screen.findByText("Stopping")).toBeVisible();
});

test("an idle notebook stops at once", async () => {
  portal({ notebooks: [aNotebook({ idle_stop_at: soon() })] });
  const { user } = await open("/p/churn/notebooks");

  await user.click(await screen.findByRole("button", { name: "Stop exploration" }));

  expect(screen.queryByRole("alertdialog")).toBeNull();
  expect(await screen.findByText("exploration is stopping.")).toBeVisible();
});

test("a refused stop is taken back with the portal's sentence", async () => {
  portal({ notebooks: [aNotebook({ idle_stop_at: soon() })] });
  server.use(http.post("*/api/v1/notebooks/:id/stop", () => HttpResponse.json(
    problem(503, "HUB_UNREACHABLE", "The hub does not answer.", { action: "Try again in a minute." }), { status: 503 },
  )));
  const { user } = await open("/p/churn/notebooks");

  await user.click(await screen.findByRole("button", { name: "Stop exploration" }));

  expect(await screen.findByText("The hub does not answer. Try again in a minute.")).toBeVisible();
  expect((await screen.findAllByText(/^The notebook hub does not answer since/))[0]).toBeVisible();
  expect(within(await card("exploration")).getByText("Running")).toBeVisible();
});

test("a notebook is renamed in place, and back again with Undo", async () => {
  const world = portal({ notebooks: [aNotebook()] });
  const { user } = await open("/p/churn/notebooks");

  await user.click(await screen.findByRole("button", { name: "More for exploration" }));
  await user.click(screen.getByRole("menuitem", { name: "Rename" }));
  await user.keyboard("churn-eda{Enter}");
  await waitFor(() => expect(world.notebooks[0]?.name).toBe("churn-eda"));
  await user.click(await screen.findByRole("button", { name: "Undo" }));

  await waitFor(() => expect(world.notebooks[0]?.name).toBe("exploration"));
});

test("Escape leaves the name as it was", async () => {
  const world = portal({ notebooks: [aNotebook()] });
  const { user } = await open("/p/churn/notebooks");

  await user.click(await screen.findByRole("button", { name: "More for exploration" }));
  await user.click(screen.getByRole("menuitem", { name: "Rename" }));
  await user.keyboard("other{Escape}");

  expect(await screen.findByRole("link", { name: "exploration" })).toBeVisible();
  expect(world.notebooks[0]?.name).toBe("exploration");
});

test("a running notebook cannot be deleted, and the menu says why", async () => {
  portal({ notebooks: [aNotebook()] });
  const { user } = await open("/p/churn/notebooks");

  await user.click(await screen.findByRole("button", { name: "More for exploration" }));

  expect(screen.getByRole("menuitem", { name: /^Delete/ })).toHaveAttribute("aria-disabled", "true");
  expect(screen.getByRole("menuitem", { name: /^Delete/ })).toHaveTextContent("Stop it first.");
});

test("deleting a stopped notebook says that its files stay, and asks", async () => {
  const world = portal({ notebooks: [aStopped(), aNotebook()] });
  const { user } = await open("/p/churn/notebooks");

  await user.click(await screen.findByRole("button", { name: "More for embeddings" }));
  await user.click(screen.getByRole("menuitem", { name: /^Delete/ }));
  expect(screen.getByText(/files in your home folder of this project stay/)).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Delete embeddings" }));

  await waitFor(() => expect(world.notebooks).toHaveLength(1));
  expect(screen.queryByRole("link", { name: "embeddings" })).toBeNull();
});

test("a failed notebook offers a rescue start", async () => {
  portal();
  const sent: unknown[] = [];
  server.events.on("request:start", ({ request }) => { if (request.url.endsWith("/start")) void request.clone().json().then((body: unknown) => sent.push(body)); });
  const { user } = await open("/p/churn/notebooks");

  await user.click(await screen.findByRole("button", { name: "Rescue start" }));

  await waitFor(() => expect(sent).toEqual([{ rescue: true }]));
  server.events.removeAllListeners();
});

test("a restart with another profile sends what was chosen", async () => {
  portal({ notebooks: [aNotebook()] });
  const sent: unknown[] = [];
  server.use(http.post("*/api/v1/notebooks/:id/restart", async ({ request }) => { sent.push(await request.json()); return HttpResponse.json(aStarting({ id: "n1", name: "exploration" }), { status: 202 }); }));
  const { user } = await open("/p/churn/notebooks");

  await user.click(await screen.findByRole("button", { name: "More for exploration" }));
  await user.click(screen.getByRole("menuitem", { name: "Restart with other resources" }));
  await user.click(await screen.findByRole("radio", { name: /CPU small/ }));
  await user.click(screen.getByRole("button", { name: "Restart exploration" }));

  await waitFor(() => expect(sent).toEqual([{ profile: "h1", environment: "e1" }]));
});

test("filters of the project's table are in the address", async () => {
  portal();
  const { user, router } = await open("/p/churn/notebooks?owner=erin");
  const table = await screen.findByRole("table", { name: "In this project" });
  expect(within(table).getByText("onboarding")).toBeVisible();
  expect(within(table).queryByText("risk-eda")).toBeNull();

  await user.selectOptions(screen.getByRole("combobox", { name: "Owner" }), "dan");

  expect(router.state.location.search).toBe("?owner=dan");
  expect(within(screen.getByRole("table", { name: "In this project" })).getByText("risk-eda")).toBeVisible();
});

test("without notebooks the page says what one is and offers one", async () => {
  portal({ notebooks: [] });
  await open("/p/churn/notebooks");

  expect(await screen.findByText("No notebooks yet")).toBeVisible();
  expect(screen.getByRole("link", { name: "New notebook" })).toHaveAttribute("href", "/p/churn/notebooks/new");
});

test("a viewer sees the notebooks and no button to start one", async () => {
  portal({ me: aMe({ projects: [{ ...churn, role: "viewer" }] }) });
  await open("/p/churn/notebooks");

  await screen.findByRole("table", { name: "In this project" });
  expect(screen.queryByRole("link", { name: "New notebook" })).toBeNull();
});

test("when the list fails the page says so, with the request id and a way to try again", async () => {
  const world = portal();
  server.use(http.get("*/api/v1/notebooks", () => HttpResponse.json(problem(503, "DATABASE_AWAY", "The database does not answer."), { status: 503 }), { once: true }));
  const { user } = await open("/p/churn/notebooks");
  expect(await screen.findByText("The notebooks cannot be shown.")).toBeVisible();
  expect(screen.getByText("Request req-7f3a21")).toBeVisible();

  await user.click(screen.getByRole("button", { name: "Retry" }));

  expect(await card(world.notebooks[0]?.name ?? "")).toBeVisible();
});

test("a state that nobody could confirm keeps its badge and says since when", async () => {
  const notebook = aNotebook();
  portal({ notebooks: [{ ...notebook, workload: notebook.workload && { ...notebook.workload, stale_since: new Date().toISOString() } }] });
  await open("/p/churn/notebooks");

  expect(await screen.findByText(/^Not confirmed since/)).toBeVisible();
  expect(screen.getByText(/running notebooks go on\.$/)).toBeVisible();
});

test.each(["/p/churn/notebooks", "/p/churn/notebooks/n2", "/p/churn/notebooks/n4", "/p/churn/notebooks/new"])("axe finds nothing on %s", async (path) => {
  portal();
  await open(path);
  await screen.findByRole("heading", { level: 1 });
  await screen.findAllByRole("listitem");

  expect(await violations()).toEqual([]);
});

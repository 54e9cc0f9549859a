import { screen, waitFor } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { aMe, aSession, churn } from "@/test/factories";
import { open } from "@/test/render";
import { portal, server } from "@/test/server";

const FORM = "/p/churn/notebooks/new";

test("two presses make a notebook: New, then Start", async () => {
  const world = portal({ notebooks: [] });
  const { user, router } = await open("/p/churn/notebooks");

  await user.click(await screen.findByRole("link", { name: "New notebook" }));
  await screen.findByText("Starts in about 3 s.");
  await user.click(screen.getByRole("button", { name: "Start notebook" }));

  await waitFor(() => expect(router.state.location.pathname).toBe("/p/churn/notebooks"));
  expect(world.notebooks).toHaveLength(1);
  expect(await screen.findByRole("region", { name: "notebook-1" })).toBeVisible();
});

test("a form sent the moment the name is typed leads to the list, and the list stays", async () => {
  portal({ notebooks: [] });
  const { user, router } = await open(FORM);
  await screen.findByText("Starts in about 3 s.");

  await user.type(screen.getByRole("textbox", { name: "Name" }), "eda{Enter}");

  await waitFor(() => expect(router.state.location.pathname).toBe("/p/churn/notebooks"));
  await new Promise((resolve) => { setTimeout(resolve, 400); });
  expect(router.state.location.pathname).toBe("/p/churn/notebooks");
});

test("what would wait says what holds it and what would fit now", async () => {
  portal();
  const { user } = await open(`${FORM}?profile=large`);
  expect(await screen.findByText("Will wait")).toBeVisible();
  expect(screen.getByText(/You use 14 of 16 cores/)).toBeVisible();
  expect(screen.getByRole("button", { name: "Start and wait" })).toBeVisible();

  await user.click(screen.getByRole("button", { name: "Use CPU small" }));

  expect(await screen.findByText("Starts in about 3 s.")).toBeVisible();
  expect(screen.getByRole("radio", { name: /CPU small/ })).toBeChecked();
});

test("what never fits stays in the list with its reason and cannot be started", async () => {
  const world = portal({ notebooks: [] });
  const { user } = await open(`${FORM}?profile=l4`);
  await screen.findByRole("button", { name: "Use CPU large" });
  const button = screen.getByRole("button", { name: "Start notebook" });

  expect(button).toHaveAttribute("aria-disabled", "true");
  expect(button).toHaveAccessibleDescription("This machine has no L4.");
  await user.click(button);
  expect(world.notebooks).toEqual([]);
});

test("the form can be prefilled and keeps its draft in the address", async () => {
  portal();
  const { user, router } = await open(`${FORM}?name=eda&environment=torch&profile=spark`);

  expect(await screen.findByRole("textbox", { name: "Name" })).toHaveValue("eda");
  expect(screen.getByRole("combobox", { name: "Environment" })).toHaveDisplayValue("PyTorch 2");
  expect(await screen.findByRole("radio", { name: /Spark/ })).toBeChecked();
  await user.type(screen.getByRole("textbox", { name: "Name" }), "-2");
  await waitFor(() => expect(new URLSearchParams(router.state.location.search).get("name")).toBe("eda-2"));
});

test("the last choice is offered first the next time", async () => {
  portal({ notebooks: [] });
  const first = await open(`${FORM}?profile=spark`);
  await screen.findByText("Starts in about 3 s.");
  await first.user.click(screen.getByRole("button", { name: "Start notebook" }));
  await screen.findByRole("region", { name: "notebook-1" });

  await first.user.click(screen.getByRole("link", { name: "New notebook" }));

  expect(await screen.findByRole("radio", { name: /Spark/ })).toBeChecked();
});

test("a taken name is said beside the name", async () => {
  portal();
  const { user } = await open(`${FORM}?name=exploration`);
  await screen.findByText("Starts in about 3 s.");

  await user.click(screen.getByRole("button", { name: "Start notebook" }));

  expect(await screen.findByText("You have a notebook of this name here.")).toBeVisible();
  expect(screen.getByRole("textbox", { name: "Name" })).toBeInvalid();
});

test("when the check cannot be made the form still works", async () => {
  portal();
  server.use(http.post("*/api/v1/check", () => HttpResponse.error()));
  await open(FORM);

  expect(await screen.findByText("Could not check. You can start it; the same rules apply then.")).toBeVisible();
  expect(screen.getByRole("button", { name: "Start notebook" })).not.toHaveAttribute("aria-disabled");
});

test("every start carries a key, so that a repeated request starts nothing twice", async () => {
  portal({ notebooks: [] });
  const keys: (string | null)[] = [];
  server.events.on("request:start", ({ request }) => {
    if (request.method === "POST" && request.url.endsWith("/notebooks")) keys.push(request.headers.get("idempotency-key"));
  });
  const { user } = await open(FORM);
  await screen.findByText("Starts in about 3 s.");

  await user.click(screen.getByRole("button", { name: "Start notebook" }));

  await waitFor(() => expect(keys).toHaveLength(1));
  expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/);
  server.events.removeAllListeners();
});

test("a viewer is told that viewers start nothing", async () => {
  portal({ me: aMe({ projects: [{ ...churn, role: "viewer" }] }) });
  await open(FORM);

  const button = await screen.findByRole("button", { name: "Start notebook" });
  await waitFor(() => expect(button).toHaveAccessibleDescription(/Viewers cannot start notebooks/));
});

test("a machine that does not keep users apart says so where a notebook is started, and beside the places", async () => {
  portal({});
  const session = aSession();
  server.use(http.get("*/api/v1/session", () => HttpResponse.json({ ...session, config: { ...session.config, isolation: "none" } })));

  await open(FORM);

  expect(await screen.findByText(/others who use it can reach your files/)).toBeVisible();
  expect(screen.getByText("Notebooks and jobs run without isolation between users on this machine.")).toBeInTheDocument();
});

test("a machine that does keeps quiet about it", async () => {
  portal({});

  await open(FORM);

  expect(await screen.findByRole("heading", { name: "New notebook" })).toBeVisible();
  expect(screen.queryByText(/without isolation/)).toBeNull();
});

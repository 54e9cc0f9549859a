import { screen, waitFor, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { violations } from "@/test/axe";
import { aMe, problem } from "@/test/factories";
import { anAdmin, anAuditor, setBehind } from "@/test/platform";
import { open } from "@/test/render";
import { portal, server } from "@/test/server";
import { promised } from "./components/Summary";
import { liveBy } from "./live";

const row = async (name: string) => (await screen.findByText(name)).closest("tr") as HTMLElement;
const cell = async (name: string, resource: string) => within(await row(name)).getByRole("button", { name: new RegExp(`^${resource} of`) });
const admin = () => portal({ me: anAdmin(aMe()) });
const cpuOf = (world: ReturnType<typeof portal>, id: string) => {
  const line = world.platform.quotas.find(({ scope_id: scope }) => scope === id)?.lines.find(({ resource }) => resource === "cpu");
  if (!line) throw new Error("no such line");
  return line;
};

async function typeLimit(name: string, resource: string, text: string) {
  const { user } = await open("/admin/quotas");
  (await cell(name, resource)).focus();
  await user.keyboard("{Enter}");
  await user.keyboard(text);
  return user;
}

test("a cell says what is used, what is allowed and that it can be changed", async () => {
  admin();
  await open("/admin/quotas");

  expect(await cell("Churn forecasting", "CPU")).toHaveAccessibleName("CPU of Churn forecasting: 30 of 96 Change the limit");
  expect(await violations()).toEqual([]);
});

test("Enter makes a cell a field, Escape puts it back and the focus with it", async () => {
  admin();
  const user = await typeLimit("Churn forecasting", "CPU", "120");
  expect(screen.getByRole("textbox", { name: "Limit of CPU for Churn forecasting" })).toHaveValue("120");

  await user.keyboard("{Escape}");

  expect(screen.queryByRole("textbox", { name: /Limit of CPU/ })).toBeNull();
  expect(await cell("Churn forecasting", "CPU")).toHaveFocus();
});

test("the effect is told before anything is saved", async () => {
  const world = admin();
  await typeLimit("Churn forecasting", "CPU", "40");

  expect(await screen.findByText(/CPU 96 → 40\. It is over this limit then; nothing is stopped\./)).toBeVisible();
  expect(cpuOf(world, "p111").limit).toBe(96_000);
});

test("Enter in the field saves the row", async () => {
  const world = admin();
  const user = await typeLimit("Churn forecasting", "CPU", "120");
  await user.keyboard("{Enter}");

  expect(await screen.findByText("The limits of Churn forecasting are saved.")).toBeVisible();
  expect(cpuOf(world, "p111").limit).toBe(120_000);
  expect(within(await row("Churn forecasting")).getByText("of 120")).toBeVisible();
});

test("a first limit of its own is made where there was only the default", async () => {
  const world = admin();
  const user = await typeLimit("Sandbox", "CPU", "8");
  await user.keyboard("{Enter}");

  await waitFor(() => expect(cpuOf(world, "p444")).toMatchObject({ limit: 8000, inherits: false }));
});

test("an empty field means no limit", async () => {
  const world = admin();
  const user = await typeLimit("Churn forecasting", "CPU", "{Backspace}");
  await user.keyboard("{Enter}");

  await waitFor(() => expect(cpuOf(world, "p111").limit).toBeNull());
});

test("what is no amount is not sent", async () => {
  const world = admin();
  const user = await typeLimit("Churn forecasting", "CPU", "lots");
  await user.keyboard("{Enter}");

  expect(screen.getByRole("textbox", { name: /Limit of CPU/ })).toBeInvalid();
  expect(screen.getAllByText(/A number is needed, or nothing for no limit/).length).toBeGreaterThan(0);
  expect(cpuOf(world, "p111").limit).toBe(96_000);
});

describe("when somebody else set the limit meanwhile", () => {
  const clash = async () => {
    const world = admin();
    const user = await typeLimit("Churn forecasting", "CPU", "120");
    setBehind(world.platform, cpuOf(world, "p111"), 10_000, "carol");
    await user.keyboard("{Enter}");
    const dialog = within(await screen.findByRole("alertdialog", { name: /^carol set 10 at/ }));
    return { world, user, dialog };
  };

  test("keeping mine sets it over theirs", async () => {
    const { world, user, dialog } = await clash();
    await user.click(dialog.getByRole("button", { name: "Keep yours" }));

    await waitFor(() => expect(cpuOf(world, "p111").limit).toBe(120_000));
  });

  test("taking theirs changes nothing", async () => {
    const { world, user, dialog } = await clash();
    await user.click(dialog.getByRole("button", { name: "Take theirs" }));

    expect(cpuOf(world, "p111").limit).toBe(10_000);
    await waitFor(() => expect(screen.queryByRole("alertdialog")).toBeNull());
    expect(await cell("Churn forecasting", "CPU")).toHaveAccessibleName(/of 10 /);
    expect(screen.queryByRole("textbox", { name: /Limit of CPU/ })).toBeNull();
  });
});

test("a refusal is told in the effect line and the text stays", async () => {
  admin();
  server.use(http.patch("*/api/v1/quota-lines/:id", () => HttpResponse.json(problem(503, "UNAVAILABLE", "The database is away."), { status: 503 })));
  const user = await typeLimit("Churn forecasting", "CPU", "120");
  await user.keyboard("{Enter}");

  expect(await screen.findByRole("alert")).toHaveTextContent("CPU was not saved. The database is away.");
  expect(screen.getByRole("textbox", { name: /Limit of CPU/ })).toHaveValue("120");
});

test("a limit can go back to the default", async () => {
  const world = admin();
  const { user } = await open("/admin/quotas");

  await user.click(within(await row("Churn forecasting")).getByRole("button", { name: "Actions for Churn forecasting" }));
  await user.click(screen.getByRole("menuitem", { name: /^Inherit the default: CPU/ }));

  await waitFor(() => expect(cpuOf(world, "p111").inherits).toBe(true));
});

test("the history tells who set what", async () => {
  const world = admin();
  setBehind(world.platform, cpuOf(world, "p111"), 72_000, "carol");
  const { user } = await open("/admin/quotas");

  await user.click(within(await row("Churn forecasting")).getByRole("button", { name: "Actions for Churn forecasting" }));
  await user.click(screen.getByRole("menuitem", { name: "History" }));

  const line = await within(await screen.findByRole("dialog")).findByRole("row", { name: /carol/ });
  expect(line).toHaveTextContent("96 → 72");
});

test("the address says whose limits are shown and what is filtered", async () => {
  admin();
  const { user, router } = await open("/admin/quotas?by=user&search=dan");
  expect(await screen.findByText("dan")).toBeVisible();
  expect(screen.queryByText("alice")).toBeNull();

  await user.click(screen.getByRole("button", { name: "Platform" }));

  expect(router.state.location.search).toContain("by=platform");
  expect(await screen.findByText("Whole platform")).toBeVisible();
});

test("auditors look and change nothing", async () => {
  portal({ me: anAuditor(aMe()) });
  const { user } = await open("/admin/quotas");
  const own = await cell("Churn forecasting", "CPU");
  expect(own).toHaveAttribute("aria-disabled", "true");

  await user.click(own);

  expect(screen.queryByRole("textbox", { name: /Limit of/ })).toBeNull();
  expect(screen.getByText("Auditors can look; administrators change limits.")).toBeVisible();
});

test("others do not see that the page exists", async () => {
  portal();
  await open("/admin/quotas");

  expect(await screen.findByRole("heading", { name: "Page not found" })).toBeVisible();
});

test("what is promised adds up, and says when somebody has no limit", () => {
  const line = (limit: number | null) => ({ id: "q", resource: "cpu", limit, inherits: false, used: 0, in_use: 0, reserved: 0, version: 1 });
  const owner = (id: string, limit: number | null) => ({ scope: "project" as const, scope_id: id, name: id, defaults: id === "*", lines: [line(limit)] });

  expect(promised([owner("*", 5), owner("a", 10), owner("b", 20)])).toEqual({ amount: 30, projects: 2, unlimited: false });
  expect(promised([owner("a", 10), owner("b", null)]).unlimited).toBe(true);
});

test("what waits is counted apart from what runs", async () => {
  const { aWorkload } = await import("@/test/factories");
  const counts = liveBy([aWorkload(), aWorkload({ status: "queued" }), aWorkload({ owner: "dan" })], ({ owner }) => owner);

  expect(counts.get("alice")).toEqual({ running: 1, queued: 1 });
  expect(counts.get("dan")).toEqual({ running: 1, queued: 0 });
});

import { screen, waitFor, within } from "@testing-library/react";
import { violations } from "@/test/axe";
import { aMe } from "@/test/factories";
import { anAdmin, anAuditor } from "@/test/platform";
import { open } from "@/test/render";
import { portal } from "@/test/server";

const admin = () => portal({ me: anAdmin(aMe()) });

test("an environment that cannot be served says why", async () => {
  portal();
  await open("/p/churn/environments");

  const torch = (await screen.findByRole("link", { name: "PyTorch 2" })).closest("tr");
  expect(torch).toHaveTextContent("Cannot be started here It has no local runtime.");
  expect(await violations()).toEqual([]);
});

test("environments are found by their packages", async () => {
  portal();
  await open("/p/churn/environments?search=torch");

  expect(await screen.findByRole("link", { name: "PyTorch 2" })).toBeVisible();
  expect(screen.queryByRole("link", { name: "Python 3.11" })).toBeNull();
});

test("the packages of an environment can be searched", async () => {
  portal();
  const { user } = await open("/p/churn/environments/e1");
  await user.type(await screen.findByRole("searchbox", { name: "Filter packages" }), "scikit");

  expect(await screen.findByText("scikit-learn")).toBeVisible();
  await waitFor(() => expect(screen.queryByText("pandas")).toBeNull());
});

test("profiles show what they hold and whether they can be started", async () => {
  portal();
  await open("/p/churn/environments?tab=profiles");

  expect(await screen.findByRole("article", { name: "GPU L4" })).toHaveTextContent("Cannot be started here This machine has no L4.");
  expect(screen.getByRole("article", { name: "Spark" })).toHaveTextContent("4 executors, each 2 cores · 8 GiB");
});

test("a new profile is previewed and put into the catalog", async () => {
  const world = admin();
  const { user } = await open("/admin/profiles/new");
  await user.type(await screen.findByLabelText("Name"), "Tiny");
  await user.type(screen.getByLabelText("Short name"), "tiny");
  await user.clear(screen.getByLabelText("CPU cores"));
  await user.type(screen.getByLabelText("CPU cores"), "0,5");
  expect(screen.getByRole("article", { name: "Tiny" })).toHaveTextContent("0.5 cores · 8 GiB");

  await user.click(screen.getByLabelText("Only these projects"));
  await user.click(await screen.findByLabelText("Fraud detection"));
  await user.click(screen.getByRole("button", { name: "Save" }));

  expect(await screen.findByText("Tiny is in the catalog.")).toBeVisible();
  expect([...world.platform.profiles.values()].at(-1)?.value).toMatchObject({
    slug: "tiny", resources: { cpu_millicores: 500 }, all_projects: false, projects: ["p222"],
  });
});

test("what is missing or no amount is told beside its field, and nothing is sent", async () => {
  const world = admin();
  const { user } = await open("/admin/profiles/new");
  const cores = await screen.findByLabelText("CPU cores");
  await user.clear(cores);
  await user.type(cores, "-1");
  await user.click(screen.getByRole("button", { name: "Save" }));

  expect(cores).toBeInvalid();
  expect(screen.getAllByText("This is needed.")).toHaveLength(2);
  expect(world.platform.profiles.size).toBe(4);
});

test("a short name that is taken is told beside it", async () => {
  admin();
  const { user } = await open("/admin/environments/new");
  await user.type(await screen.findByLabelText("Name"), "Another");
  await user.type(screen.getByLabelText("Short name"), "python");
  await user.click(screen.getByRole("button", { name: "Save" }));

  expect(await screen.findByText("This short name is taken.")).toBeVisible();
});

test("an edit that meets another asks, and what was not touched is theirs", async () => {
  const world = admin();
  const { user } = await open("/admin/environments/e1");
  await user.type(await screen.findByLabelText("Description"), " and more");
  const kept = world.platform.environments.get("e1");
  if (kept) Object.assign(kept, { value: { ...kept.value, name: "Python, renamed" }, version: 9 });
  await user.click(screen.getByRole("button", { name: "Save" }));

  const dialog = within(await screen.findByRole("alertdialog"));
  expect(dialog.queryByText("Python, renamed")).toBeNull();
  await user.click(dialog.getByRole("button", { name: "Keep yours" }));

  await waitFor(() => expect(world.platform.environments.get("e1")?.value).toMatchObject({
    name: "Python, renamed", description: "JupyterLab, pandas, scikit-learn, XGBoost and more",
  }));
});

test("deleting says what goes on and leads back to the list", async () => {
  const world = admin();
  const { user, router } = await open("/admin/environments/e3");
  await user.click(await screen.findByRole("button", { name: "Delete" }));
  const dialog = within(screen.getByRole("alertdialog"));
  expect(dialog.getByText(/What runs now goes on/)).toBeVisible();
  await user.click(dialog.getByRole("button", { name: "Delete R 4.4" }));

  await waitFor(() => expect(router.state.location.pathname).toBe("/admin/environments"));
  expect(world.platform.environments.has("e3")).toBe(false);
});

test("administrators see what is switched off and to whom it is offered", async () => {
  admin();
  await open("/admin/environments");

  const old = (await screen.findByRole("link", { name: "R 4.4" })).closest("tr");
  expect(old).toHaveTextContent("Switched off");
  expect(old).toHaveTextContent("One project");
});

test("auditors look at the catalog and cannot add to it", async () => {
  portal({ me: anAuditor(aMe()) });
  await open("/admin/profiles");

  expect(await screen.findByRole("link", { name: "CPU small" })).toBeVisible();
  expect(screen.queryByRole("link", { name: "New profile" })).toBeNull();
});

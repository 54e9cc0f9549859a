import { screen, waitFor, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { violations } from "@/test/axe";
import { aMe, aWorkload, problem } from "@/test/factories";
import { aMember, anAdmin } from "@/test/platform";
import { open } from "@/test/render";
import { portal, server } from "@/test/server";
import { shares } from "./components/QuotaCards";
import { slugOf } from "./slug";

const row = async (name: string) => within((await screen.findByRole("cell", { name: new RegExp(name) })).closest("tr") as HTMLElement);

test("the list shows my role and who leads", async () => {
  portal();
  await open("/projects");

  const fraud = (await screen.findByRole("link", { name: "Fraud detection" })).closest("tr");
  expect(fraud).toHaveTextContent("Member");
  expect(fraud).toHaveTextContent("dan");
  expect(await violations()).toEqual([]);
});

test("archived projects are a choice that stays in the address", async () => {
  portal();
  const { user, router } = await open("/projects");
  await user.selectOptions(await screen.findByRole("combobox", { name: "Active projects" }), "Archived projects");

  expect(await screen.findByRole("link", { name: "Sandbox" })).toBeVisible();
  expect(router.state.location.search).toBe("?archived=true");
});

test("a filter without a match offers to clear it", async () => {
  portal();
  const { user } = await open("/projects?search=nothing-like-it");
  expect(await screen.findByText("No project matches these filters.")).toBeVisible();

  const [, clear] = screen.getAllByRole("button", { name: "Clear filters" });
  await user.click(clear as HTMLElement);

  expect(await screen.findByRole("link", { name: "Churn forecasting" })).toBeVisible();
});

test("a new project proposes its address from its name and opens", async () => {
  portal();
  const { user, router } = await open("/projects/new");
  await user.type(await screen.findByLabelText("Name"), "Été à la mer");
  expect(screen.getByLabelText("Address")).toHaveValue("ete-a-la-mer");

  await user.click(screen.getByRole("button", { name: "Create project" }));

  await waitFor(() => expect(router.state.location.pathname).toMatch(/^\/p\//));
});

test("a name that is taken is told beside the field", async () => {
  portal();
  const { user } = await open("/projects/new");
  await user.type(await screen.findByLabelText("Name"), "Taken");
  await user.click(screen.getByRole("button", { name: "Create project" }));

  expect(await screen.findByText("Another project has this address. Choose another name.")).toBeVisible();
});

test.each([["Churn forecasting", "churn-forecasting"], ["  42 ways!  ", "ways"], ["Ça & là", "ca-la"], ["日本", ""], ["x".repeat(40), "x".repeat(30)]])("%j becomes %j", (name, slug) => {
  expect(slugOf(name)).toBe(slug);
});

test("a role is changed at once and can be undone", async () => {
  const world = portal();
  const { user } = await open("/p/churn/members");
  const role = () => world.platform.members.find(({ username }) => username === "bob")?.role;

  await user.click(await screen.findByRole("button", { name: "Role of bob: Member" }));
  await user.click(screen.getByRole("menuitemradio", { name: /^Lead/ }));
  expect(await screen.findByText("bob is now Lead.")).toBeVisible();
  expect(role()).toBe("lead");

  await user.click(screen.getByRole("button", { name: "Undo" }));
  await waitFor(() => expect(role()).toBe("member"));
});

test("the last lead stays lead and cannot leave, and the reason is told", async () => {
  portal();
  const { user } = await open("/p/churn/members");

  const role = await screen.findByRole("button", { name: "Role of alice: Lead" });
  expect(role).toHaveAttribute("aria-disabled", "true");
  expect(role).toHaveAccessibleDescription("A project needs a lead. Make somebody else lead first.");
  await user.click((await row("Alice Martin")).getByRole("button", { name: "Actions for alice" }));
  expect(screen.getByRole("menuitem", { name: /Leave project/ })).toHaveAttribute("aria-disabled", "true");
});

test("removing somebody says what stops and stays", async () => {
  const world = portal();
  const { user } = await open("/p/churn/members");
  await user.click((await row("Bob")).getByRole("button", { name: "Actions for bob" }));
  await user.click(screen.getByRole("menuitem", { name: "Remove from project" }));

  const dialog = within(screen.getByRole("alertdialog"));
  expect(dialog.getByText("What bob runs in this project stops. The files of bob stay.")).toBeVisible();
  await user.click(dialog.getByRole("button", { name: "Remove bob" }));

  await waitFor(() => expect(world.platform.members.map(({ username }) => username)).not.toContain("bob"));
});

test("adding somebody unknown is told beside the field", async () => {
  portal();
  const { user } = await open("/p/churn/members");
  await user.click(await screen.findByRole("button", { name: "Add member" }));
  const dialog = within(screen.getByRole("dialog"));

  await user.type(dialog.getByLabelText("User name"), "nobody");
  await user.click(dialog.getByRole("button", { name: "Add member" }));

  expect(await dialog.findByText("There is no user of this name.")).toBeVisible();
});

test("an invitation link is shown once", async () => {
  portal();
  const { user } = await open("/p/churn/members");
  await user.click(await screen.findByRole("button", { name: "New invitation" }));
  const dialog = within(screen.getByRole("dialog"));
  await user.type(dialog.getByLabelText("Note"), "Nadia");
  await user.click(dialog.getByRole("button", { name: "Create link" }));

  expect(await dialog.findByLabelText("Invitation link")).toHaveValue("http://localhost:8000/invitations/sample-not-a-real-token");
  await user.click(dialog.getByRole("button", { name: "Done" }));

  expect(await screen.findByText("Nadia")).toBeVisible();
  expect(screen.queryByLabelText("Invitation link")).toBeNull();
});

test("a revoked invitation is gone, an expired one says so", async () => {
  const world = portal();
  const { user } = await open("/p/churn/members");
  expect(await screen.findByText("Expired")).toBeVisible();

  await user.click(screen.getByRole("button", { name: "Revoke the invitation as Member" }));

  expect(await screen.findByText("The invitation no longer works.")).toBeVisible();
  expect(world.platform.invitations).toHaveLength(1);
});

test("members who do not lead see who does", async () => {
  const world = portal();
  world.platform.members = [aMember("dan", "lead"), aMember("alice", "member")];
  await open("/p/fraud/members");

  const add = await screen.findByRole("button", { name: "Add member" });
  expect(add).toHaveAttribute("aria-disabled", "true");
  expect(add).toHaveAccessibleDescription("Leads can change members. The lead here: dan.");
});

test("who uses the project is added up by owner, the largest first", () => {
  const found = shares([aWorkload({ owner: "bob" }), aWorkload(), aWorkload()]);

  expect(found.map(({ owner, live, cpu }) => [owner, live, cpu])).toEqual([["alice", 2, 8000], ["bob", 1, 4000]]);
});

test("settings are saved with the version that was read", async () => {
  const world = portal();
  const { user } = await open("/p/churn/settings");
  const name = await screen.findByLabelText("Name");
  await user.clear(name);
  await user.type(name, "Churn 2");
  await user.click(screen.getByRole("button", { name: "Save" }));

  expect(await screen.findByText("Settings saved.")).toBeVisible();
  expect(world.platform.projects.get("p111")).toMatchObject({ version: 2, value: { name: "Churn 2" } });
});

test("settings that somebody else saved meanwhile are not overwritten unasked", async () => {
  const world = portal();
  const { user } = await open("/p/churn/settings");
  await user.type(await screen.findByLabelText("Description"), " Mine.");
  const kept = world.platform.projects.get("p111");
  if (kept) Object.assign(kept, { value: { ...kept.value, description: "Theirs." }, version: 5 });
  await user.click(screen.getByRole("button", { name: "Save" }));

  const dialog = within(await screen.findByRole("alertdialog"));
  expect(dialog.getByText("Theirs.")).toBeVisible();
  await user.click(dialog.getByRole("button", { name: "Take theirs" }));

  expect(screen.getByLabelText("Description")).toHaveValue("Theirs.");
  expect(world.platform.projects.get("p111")?.value.description).toBe("Theirs.");
});

test("archiving names what stops and asks for the project's name", async () => {
  const world = portal();
  const { user } = await open("/p/churn/settings");
  await user.click(await screen.findByRole("button", { name: "Archive project" }));
  const dialog = within(screen.getByRole("alertdialog"));
  expect(await dialog.findByText("6 things that run now are stopped:")).toBeVisible();
  expect(dialog.getByText("risk-eda of dan")).toBeVisible();

  const act = () => dialog.getByRole("button", { name: "Archive Churn forecasting" });
  await user.click(act());
  expect(world.platform.projects.get("p111")?.value.archived_at).toBeNull();
  await user.type(dialog.getByRole("textbox"), "churn");
  await user.click(act());

  expect(await screen.findByText(/^This project has been archived since/)).toBeVisible();
});

test("settings that cannot be read say so and can be tried again", async () => {
  portal({ me: anAdmin(aMe()) });
  let broken = true;
  server.use(http.get("*/api/v1/projects/churn", () =>
    broken ? HttpResponse.json(problem(503, "UNAVAILABLE", "The database is away."), { status: 503 }) : undefined));
  const { user } = await open("/p/churn/settings");
  expect(await screen.findByRole("alert")).toHaveTextContent("The settings cannot be shown.The database is away.");

  broken = false;
  await user.click(screen.getByRole("button", { name: "Retry" }));

  expect(await screen.findByLabelText("Name")).toHaveValue("Churn forecasting");
});

const archived = () => {
  const world = portal({ me: anAdmin(aMe()) });
  const churn = world.platform.projects.get("p111");
  if (churn) churn.value = { ...churn.value, archived_at: new Date().toISOString() };
  return world;
};

test("an archived project is deleted once its address is typed, and says so while it goes", async () => {
  const world = archived();
  const { user, router } = await open("/p/churn/settings");
  await user.click(await screen.findByRole("button", { name: "Delete project" }));
  const dialog = within(screen.getByRole("alertdialog", { name: "Delete Churn forecasting?" }));
  expect(dialog.getByText(/This cannot be undone/)).toBeVisible();

  await user.type(dialog.getByRole("textbox"), "churn");
  await user.click(dialog.getByRole("button", { name: "Delete Churn forecasting" }));

  expect(await screen.findByText(/^This project is being deleted since/)).toBeVisible();
  expect(screen.queryByRole("button", { name: "Delete project" })).toBeNull();
  expect(screen.queryByRole("button", { name: "Open project again" })).toBeNull();
  // The portal forgets it; so does the session.
  world.platform.projects.delete("p111");
  if (world.me) world.me = { ...world.me, projects: world.me.projects.filter(({ slug }) => slug !== "churn") };
  await waitFor(() => expect(router.state.location.pathname).toBe("/projects"), { timeout: 20_000 });
  expect(await screen.findByText("Churn forecasting is deleted.")).toBeVisible();
});

test("a project that is not archived offers no deletion", async () => {
  portal();
  await open("/p/churn/settings");

  expect(await screen.findByRole("button", { name: "Archive project" })).toBeVisible();
  expect(screen.queryByRole("button", { name: "Delete project" })).toBeNull();
});

test("a place that is being prepared is said above every page of the project", async () => {
  const world = portal();
  const churn = world.platform.projects.get("p111");
  if (churn) churn.value = { ...churn.value, place: { state: "pending", reason: null } };
  await open("/p/churn/jobs");

  expect(await screen.findByText("This project’s place on the cluster is being prepared.")).toBeVisible();
  expect(await screen.findByRole("table", { name: "Jobs" })).toBeVisible();
});

test("on a cluster the settings tell the place, and administrators let it out to the internet", async () => {
  const world = portal({ me: anAdmin(aMe()) });
  const churn = world.platform.projects.get("p111");
  if (churn) churn.value = { ...churn.value, place: { state: "ready", reason: null } };
  const { user } = await open("/p/churn/settings");

  const card = within(await screen.findByRole("region", { name: "Place on the cluster" }));
  expect(await card.findByText("atelier-p111")).toBeVisible();
  await user.click(card.getByRole("switch", { name: /^Reach the internet/ }));

  await waitFor(() => expect(world.platform.internet).toBe(false));
});

import { act, screen, waitFor, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { setStream } from "@/api/live";
import { violations } from "@/test/axe";
import { aMe, problem } from "@/test/factories";
import { open } from "@/test/render";
import { portal, server } from "@/test/server";
import { match, type Command } from "./shell/useCommands";

const palette = () => screen.findByRole("combobox", { name: "Search or run a command" });

test("only places that exist are in the navigation, with what is live", async () => {
  portal();
  await open("/p/churn");

  const nav = await screen.findByRole("navigation", { name: "Main" });
  const notebooks = await within(nav).findByRole("link", { name: /^Notebooks ?3$/ });
  expect(notebooks).toHaveAttribute("href", "/p/churn/notebooks");
  expect(within(nav).getByRole("link", { name: /^Jobs ?3$/ })).toHaveAttribute("href", "/p/churn/jobs");
  expect(within(nav).queryByText("Endpoints")).toBeNull();
});

test("Ctrl K finds a notebook by name and goes there", async () => {
  portal();
  const { user, router } = await open("/p/churn");
  await screen.findByRole("heading", { level: 1 });

  await user.keyboard("{Control>}k{/Control}");
  await user.type(await palette(), "embed");
  await user.click(await screen.findByRole("option", { name: /^embeddings/ }));

  await waitFor(() => expect(router.state.location.pathname).toBe("/p/churn/notebooks/n3"));
});

test("the palette keeps a notebook running without a visit", async () => {
  const world = portal();
  const { user } = await open("/p/churn");
  await screen.findByRole("heading", { level: 1 });

  await user.keyboard("{Control>}k{/Control}");
  await user.type(await palette(), ">keep expl");
  await screen.findByRole("option", { name: "Keep exploration running" });
  await user.keyboard("{Enter}");

  await waitFor(() => expect(world.notebooks.find(({ id }) => id === "n1")?.idle_stop_at).toBeNull());
});

test("a query that matches nothing says so", async () => {
  portal();
  const { user } = await open("/p/churn");
  await screen.findByRole("heading", { level: 1 });

  await user.keyboard("{Control>}k{/Control}");
  await user.type(await palette(), "zzz");

  expect(await screen.findByText("Nothing matches “zzz”.")).toBeVisible();
});

const command = (label: string, isAction = false): Command => ({ id: label, group: "", label, icon: "dot", isAction, run: () => undefined });

test("matching ignores accents and case, wants every word and puts beginnings first", () => {
  const commands = [command("Reprendre l’évaluation"), command("Évaluation finale"), command("Arrêter", true)];

  expect(match(commands, "evaluation").map(({ label }) => label)).toEqual(["Évaluation finale", "Reprendre l’évaluation"]);
  expect(match(commands, "final evalu")).toHaveLength(1);
  expect(match(commands, ">").map(({ label }) => label)).toEqual(["Arrêter"]);
});

test("G then N goes to the notebooks, and C opens the New menu", async () => {
  portal();
  const { user, router } = await open("/p/churn");
  await screen.findByRole("heading", { level: 1 });

  await user.keyboard("gn");
  await waitFor(() => expect(router.state.location.pathname).toBe("/p/churn/notebooks"));
  await user.keyboard("c");

  expect(await screen.findByRole("menuitem", { name: "Notebook" })).toHaveFocus();
});

test("single keys can be switched off; Ctrl K stays", async () => {
  portal();
  const { user, router } = await open("/p/churn");
  await screen.findByRole("heading", { level: 1 });
  await user.keyboard("?");
  await user.click(await screen.findByRole("switch", { name: /^Single keys/ }));
  await user.click(screen.getByRole("button", { name: "Close" }));

  await user.keyboard("gn");
  expect(router.state.location.pathname).toBe("/p/churn");
  await user.keyboard("{Control>}k{/Control}");
  expect(await palette()).toBeVisible();
});

test("keys typed into a field are text", async () => {
  portal();
  const { user, router } = await open("/p/churn/notebooks/new");

  await user.type(await screen.findByRole("textbox", { name: "Name" }), "gnc?");

  expect(screen.getByRole("textbox", { name: "Name" })).toHaveValue("gnc?");
  expect(router.state.location.pathname).toBe("/p/churn/notebooks/new");
  expect(screen.queryByRole("dialog")).toBeNull();
});

test("the language changes at once and is kept in the profile", async () => {
  const world = portal();
  const { user } = await open("/p/churn");

  await user.click(await screen.findByRole("button", { name: "Account menu of alice" }));
  await user.click(screen.getByRole("menuitemradio", { name: "Français" }));

  const nav = await screen.findByRole("navigation", { name: "Principale" });
  expect(within(nav).getByRole("link", { name: "Vue d’ensemble" })).toBeVisible();
  await waitFor(() => expect(world.me?.language).toBe("fr"));
});

test("another project is two presses away", async () => {
  portal();
  const { user, router } = await open("/p/churn");

  await user.click((await screen.findAllByRole("button", { name: /^Switch project: ?Churn forecasting/ }))[0] as HTMLElement);
  await user.click(await screen.findByRole("menuitemradio", { name: /Fraud detection/ }));

  expect(router.state.location.pathname).toBe("/p/fraud");
});

test("a menu is walked with the arrows, jumped through by letters and left with Escape", async () => {
  portal();
  const { user } = await open("/p/churn");
  const button = await screen.findByRole("button", { name: "Account menu of alice" });

  await user.click(button);
  await user.keyboard("{ArrowUp}");
  expect(screen.getByRole("menuitem", { name: "Sign out" })).toHaveFocus();
  await user.keyboard("f");
  expect(screen.getByRole("menuitemradio", { name: "Français" })).toHaveFocus();
  await user.keyboard("{Escape}");

  expect(screen.queryByRole("menu")).toBeNull();
  expect(button).toHaveFocus();
});

test("a session that ends leads to signing in and back", async () => {
  const world = portal();
  const { user, router } = await open("/p/churn");
  await screen.findByRole("table", { name: "Live now" });
  world.me = null;
  server.use(http.get("*/api/v1/notebooks", () => HttpResponse.json(problem(401, "NOT_SIGNED_IN", "You are not signed in."), { status: 401 })));

  await user.click((await screen.findAllByRole("link", { name: /^Notebooks/ }))[0] as HTMLElement);

  await waitFor(() => expect(router.state.location.pathname).toBe("/login"));
  expect(router.state.location.search).toBe(`?next=${encodeURIComponent("/p/churn/notebooks")}`);
});

test("a stream that is lost for ten seconds is said in a thin bar", async () => {
  portal();
  await open("/p/churn");
  await screen.findByRole("heading", { level: 1 });

  act(() => setStream("lost"));
  expect(screen.queryByText(/^Live updates paused/)).toBeNull();
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 11_000 });

  expect((await screen.findAllByText(/^Live updates paused at/))[0]).toBeVisible();
  vi.useRealTimers();
});

test("a project one is not in reads like one that does not exist", async () => {
  portal();
  await open("/p/secret/notebooks");

  expect(await screen.findByText("This page does not exist, or you are not a member of its project.")).toBeVisible();
});

test("an address without its project leads to the current one", async () => {
  portal();
  const { router } = await open("/notebooks");

  await waitFor(() => expect(router.state.location.pathname).toBe("/p/churn/notebooks"));
});

test("people without a platform role find no platform", async () => {
  portal();
  await open("/admin");

  expect(await screen.findByText("This page does not exist, or you are not a member of its project.")).toBeVisible();
  expect(screen.queryByRole("link", { name: "Platform" })).toBeNull();
});

test("a portal that does not answer is said, with a way to try again", async () => {
  server.use(http.get("*/api/v1/session", () => HttpResponse.error()));
  await open("/");

  expect(await screen.findByText("The portal cannot be reached.", {}, { timeout: 5000 })).toBeVisible();
  expect(screen.getByRole("button", { name: "Retry" })).toBeVisible();
});

test("signing out forgets the session at the portal", async () => {
  const world = portal({ me: aMe() });
  const { user } = await open("/p/churn");

  await user.click(await screen.findByRole("button", { name: "Account menu of alice" }));
  await user.click(screen.getByRole("menuitem", { name: "Sign out" }));

  await waitFor(() => expect(world.me).toBeNull());
});

test("axe finds nothing in the palette or the help", async () => {
  portal();
  const { user } = await open("/p/churn");
  await screen.findByRole("table", { name: "Live now" });
  await user.keyboard("{Control>}k{/Control}");
  await screen.findAllByRole("option");
  expect(await violations()).toEqual([]);

  await user.keyboard("{Escape}");
});

import { screen, waitFor, within } from "@testing-library/react";
import { violations } from "@/test/axe";
import { aMe } from "@/test/factories";
import { anAdmin, anAuditor } from "@/test/platform";
import { open } from "@/test/render";
import { portal } from "@/test/server";

const admin = () => portal({ me: anAdmin(aMe()) });
const actions = (name: string) => screen.findByRole("button", { name: `Actions for ${name}` });

test("what runs anywhere is shown with its owner and since when it was not confirmed", async () => {
  admin();
  await open("/admin/live");

  const row = (await screen.findByText("doc-embed")).closest("tr");
  expect(row).toHaveTextContent("erin");
  expect(row).toHaveTextContent(/Not confirmed since/);
  expect(await violations()).toEqual([]);
});

test("filters narrow and stay in the address", async () => {
  admin();
  const { user, router } = await open("/admin/live");
  await screen.findByText("risk-eda");
  await user.selectOptions(await screen.findByRole("combobox", { name: "All owners" }), "dan");
  await user.selectOptions(screen.getByRole("combobox", { name: "All statuses" }), "Queued");

  expect(screen.getByText("risk-batch")).toBeVisible();
  expect(screen.queryByText("risk-eda")).toBeNull();
  expect(router.state.location.search).toBe("?owner=dan&status=queued");
});

test("stopping somebody's work asks and names both", async () => {
  const world = admin();
  const { user } = await open("/admin/live");
  await user.click(await actions("doc-embed"));
  await user.click(screen.getByRole("menuitem", { name: "Stop doc-embed" }));
  const dialog = within(screen.getByRole("alertdialog", { name: "Stop doc-embed of erin?" }));
  await user.click(dialog.getByRole("button", { name: "Stop doc-embed" }));

  await waitFor(() => expect(world.platform.elsewhere.find(({ id }) => id === "w32")?.status).toBe("stopping"));
});

test("settling by hand needs the name typed", async () => {
  const world = admin();
  const { user } = await open("/admin/live");
  await user.click(await actions("doc-embed"));
  await user.click(screen.getByRole("menuitem", { name: /Settle by hand/ }));
  const dialog = within(screen.getByRole("alertdialog"));
  const settle = () => dialog.getByRole("button", { name: "Settle doc-embed" });
  await user.click(settle());
  expect(world.platform.elsewhere.find(({ id }) => id === "w32")?.status).toBe("running");

  await user.type(dialog.getByRole("textbox"), "doc-embed");
  await user.click(settle());

  expect(await screen.findByText("doc-embed is settled.")).toBeVisible();
});

test("auditors look and stop nothing", async () => {
  portal({ me: anAuditor(aMe()) });
  const { user } = await open("/admin/live");
  await user.click(await actions("doc-embed"));

  expect(screen.getByRole("menuitem", { name: /Stop doc-embed/ })).toHaveAttribute("aria-disabled", "true");
});

test("an idle platform says so", async () => {
  const world = portal({ me: anAdmin(aMe()), notebooks: [], jobs: [] });
  world.platform.elsewhere = [];
  await open("/admin/live");

  expect(await screen.findByText("Nothing runs on the platform now.")).toBeVisible();
});

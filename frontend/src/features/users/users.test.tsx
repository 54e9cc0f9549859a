import { screen, waitFor, within } from "@testing-library/react";
import { violations } from "@/test/axe";
import { aMe } from "@/test/factories";
import { anAdmin, anAuditor } from "@/test/platform";
import { open } from "@/test/render";
import { portal } from "@/test/server";

const admin = () => portal({ me: anAdmin(aMe()) });

test("the search is kept in the address while one types", async () => {
  admin();
  const { user, router } = await open("/admin/users");
  await user.type(await screen.findByRole("searchbox"), "dan");

  await waitFor(() => expect(screen.queryByRole("link", { name: "Bob" })).toBeNull());
  expect(screen.getByRole("link", { name: "Dan" })).toBeVisible();
  expect(router.state.location.search).toBe("?search=dan");
  expect(await violations()).toEqual([]);
});

test("deactivated accounts can be looked for", async () => {
  admin();
  await open("/admin/users?active=false");

  expect(await screen.findByRole("link", { name: "Erin" })).toBeVisible();
  expect(screen.queryByRole("link", { name: "Bob" })).toBeNull();
});

test("a new user gets a link to choose a password, shown once", async () => {
  const world = admin();
  const { user } = await open("/admin/users");
  await user.click(await screen.findByRole("button", { name: "New user" }));
  const dialog = within(screen.getByRole("dialog"));
  await user.type(dialog.getByLabelText("User name"), "grace");
  await user.type(dialog.getByLabelText("Display name"), "Grace Hopper");
  await user.click(dialog.getByRole("button", { name: "Create user" }));

  expect(await screen.findByLabelText("Link to choose a password")).toHaveValue("http://localhost:8000/password-resets/sample-not-a-real-token");
  expect(world.platform.users.has("grace")).toBe(true);
});

test("a name that is taken is told beside the field", async () => {
  admin();
  const { user } = await open("/admin/users");
  await user.click(await screen.findByRole("button", { name: "New user" }));
  const dialog = within(screen.getByRole("dialog"));
  await user.type(dialog.getByLabelText("User name"), "bob");
  await user.type(dialog.getByLabelText("Display name"), "Another Bob");
  await user.click(dialog.getByRole("button", { name: "Create user" }));

  expect(await dialog.findByText("This name is taken.")).toBeVisible();
});

test("a change of role says that it signs out, before it is saved", async () => {
  const world = admin();
  const { user } = await open("/admin/users/dan");
  await user.selectOptions(await screen.findByLabelText("Platform role"), "Auditor");
  expect(screen.getByText("Another role signs dan out of every browser.")).toBeVisible();

  await user.click(screen.getByRole("button", { name: "Save" }));

  expect(await screen.findByText("dan is saved.")).toBeVisible();
  expect(world.platform.users.get("dan")?.value.platform_role).toBe("auditor");
});

test("deactivating names what will stop", async () => {
  const world = admin();
  const { user } = await open("/admin/users/dan");
  await user.click(await screen.findByRole("button", { name: "Deactivate" }));
  const dialog = within(screen.getByRole("alertdialog"));
  expect(await dialog.findByText("One thing of dan is stopped:")).toBeVisible();
  expect(dialog.getByText("notebook-1")).toBeVisible();

  await user.click(dialog.getByRole("button", { name: "Deactivate dan" }));

  expect(await screen.findByText("dan is deactivated.")).toBeVisible();
  expect(world.platform.users.get("dan")?.value.is_active).toBe(false);
  expect(await screen.findByRole("button", { name: "Open again" })).toBeVisible();
});

test("one's own account cannot be closed by oneself", async () => {
  admin();
  await open("/admin/users/alice");

  expect(await screen.findByRole("button", { name: "Deactivate" })).toHaveAccessibleDescription("You cannot deactivate your own account.");
});

test("a reset link is shown with its end", async () => {
  admin();
  const { user } = await open("/admin/users/bob");
  await user.click(await screen.findByRole("button", { name: "Make reset link" }));

  expect(await screen.findByLabelText("Link to choose a password")).toBeVisible();
  expect(screen.getByText(/^It works once, until/)).toBeVisible();
});

test("auditors see the users and can change none", async () => {
  portal({ me: anAuditor(aMe()) });
  await open("/admin/users/bob");

  expect(await screen.findByRole("button", { name: "Deactivate" })).toHaveAttribute("aria-disabled", "true");
  expect(screen.getByRole("button", { name: "Save" })).toHaveAttribute("aria-disabled", "true");
});

test("an unknown user is not found", async () => {
  admin();
  await open("/admin/users/nobody");

  expect(await screen.findByText("This user cannot be shown.")).toBeVisible();
});

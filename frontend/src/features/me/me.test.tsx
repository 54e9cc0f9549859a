import { screen, waitFor, within } from "@testing-library/react";
import { violations } from "@/test/axe";
import { aMe } from "@/test/factories";
import { anAdmin } from "@/test/platform";
import { open } from "@/test/render";
import { portal } from "@/test/server";

test("the profile is saved on request", async () => {
  const world = portal();
  const { user } = await open("/me");
  const name = await screen.findByLabelText("Display name");
  await user.clear(name);
  await user.type(name, "Alice M.");
  await user.click(screen.getByRole("button", { name: "Save" }));

  expect(await screen.findByText("Profile saved.")).toBeVisible();
  expect(world.me?.display_name).toBe("Alice M.");
  expect(await violations()).toEqual([]);
});

test("a language is taken at once and kept", async () => {
  const world = portal();
  const { user } = await open("/me");
  await user.click(await screen.findByRole("button", { name: "Français" }));

  expect(await screen.findByRole("heading", { name: "Votre compte" })).toBeVisible();
  await waitFor(() => expect(world.me?.language).toBe("fr"));
});

test("a time zone is kept and told with its time", async () => {
  const world = portal();
  const { user } = await open("/me");
  await user.selectOptions(await screen.findByLabelText("Time zone"), "Asia/Tokyo");

  await waitFor(() => expect(world.me?.time_zone).toBe("Asia/Tokyo"));
  expect(screen.getByText(/^Times are shown in this zone/)).toBeVisible();
});

async function changePassword(current: string, next: string, repeated = next) {
  portal();
  const { user } = await open("/me/security");
  await user.type(await screen.findByLabelText("Current password"), current);
  await user.type(screen.getByLabelText("New password"), next);
  await user.type(screen.getByLabelText("Repeat the new password"), repeated);
  await user.click(screen.getByRole("button", { name: "Change password" }));
}

test("a changed password says what it ended, and the fields are empty again", async () => {
  await changePassword("correct horse", "a longer battery staple");

  expect(await screen.findByText("Your password is changed. All other browsers are signed out.")).toBeVisible();
  expect(screen.getByLabelText("Current password")).toHaveValue("");
});

test("a wrong password is told beside its field", async () => {
  await changePassword("wrong", "a longer battery staple");

  expect(await screen.findByText("This is not your current password.")).toBeVisible();
  expect(screen.getByLabelText("Current password")).toBeInvalid();
});

test("a weak one is told beside the new one", async () => {
  await changePassword("correct horse", "short");

  expect(await screen.findByText("Use at least 10 characters.")).toBeVisible();
});

test("two that differ are not sent", async () => {
  await changePassword("correct horse", "a longer battery staple", "another");

  expect(await screen.findByText("The two passwords differ.")).toBeVisible();
});

test("this browser is marked; another can be signed out", async () => {
  const world = portal();
  const { user } = await open("/me/security");
  const here = (await screen.findByText("This browser")).closest("tr") as HTMLElement;
  expect(here).toHaveTextContent("Chrome on Linux");
  expect(within(here).getByRole("button")).toHaveAttribute("aria-disabled", "true");

  await user.click(screen.getByRole("button", { name: "Sign out Safari on iOS" }));

  await waitFor(() => expect(world.platform.browsers.map(({ id }) => id)).toEqual(["b1"]));
});

test("a token's secret is shown once", async () => {
  portal();
  const { user } = await open("/me/tokens");
  await user.click(await screen.findByRole("button", { name: "New token" }));
  const dialog = within(screen.getByRole("dialog"));
  await user.type(dialog.getByLabelText("Name"), "ci");
  await user.click(dialog.getByLabelText("Read and write"));
  await user.click(dialog.getByRole("button", { name: "Create token" }));

  expect(await dialog.findByLabelText("Token")).toHaveValue("atl_sample_7Qm2-not-a-real-token");
  await user.click(dialog.getByRole("button", { name: "Done" }));

  expect(await screen.findByRole("button", { name: "Revoke ci" })).toBeVisible();
  expect(screen.queryByDisplayValue(/atl_sample/)).toBeNull();
});

test("only administrators may make a token that administers", async () => {
  portal();
  const { user } = await open("/me/tokens");
  await user.click(await screen.findByRole("button", { name: "New token" }));

  expect(screen.queryByLabelText("Administer")).toBeNull();
});

test("administrators are offered it", async () => {
  portal({ me: anAdmin(aMe()) });
  const { user } = await open("/me/tokens");
  await user.click(await screen.findByRole("button", { name: "New token" }));

  expect(screen.getByLabelText("Administer")).toBeVisible();
});

test("revoking asks, for it cannot be undone", async () => {
  const world = portal();
  const { user } = await open("/me/tokens");
  await user.click(await screen.findByRole("button", { name: "Revoke laptop" }));
  expect(world.platform.tokens).toHaveLength(2);

  await user.click(within(screen.getByRole("alertdialog")).getByRole("button", { name: "Revoke laptop" }));

  await waitFor(() => expect(world.platform.tokens.map(({ name }) => name)).toEqual(["nightly report"]));
});

test("without a token the page says what one is for", async () => {
  const world = portal();
  world.platform.tokens = [];
  await open("/me/tokens");

  expect(await screen.findByText("No API tokens yet.")).toBeVisible();
});

test("usage shows my quota and what of mine is live", async () => {
  portal();
  await open("/me/usage");

  expect(await screen.findByText("exploration")).toBeVisible();
  expect(screen.queryByText("risk-eda")).toBeNull();
  expect(await screen.findByText("30 used, 34 reserved")).toBeVisible();
});

import { screen, waitFor } from "@testing-library/react";
import { violations } from "@/test/axe";
import { open } from "@/test/render";
import { portal } from "@/test/server";

test.each(["/password-resets/good", "/reset/good"])("%s sets a new password and leads to signing in", async (path) => {
  portal({ me: null });
  const { user, router } = await open(path);

  await user.type(await screen.findByLabelText("New password"), "correct horse battery");
  await user.type(screen.getByLabelText("Repeat the new password"), "correct horse battery{Enter}");

  await waitFor(() => expect(router.state.location.pathname).toBe("/login"));
  expect(await screen.findByText("Your password is set. Sign in with it.")).toBeVisible();
});

test("two passwords that differ are not sent", async () => {
  portal({ me: null });
  const { user } = await open("/password-resets/good");

  await user.type(await screen.findByLabelText("New password"), "correct horse battery");
  await user.type(screen.getByLabelText("Repeat the new password"), "correct house battery{Enter}");

  expect(screen.getByText("The two passwords differ.")).toBeVisible();
});

test("a used reset link says where to get another", async () => {
  portal({ me: null });
  await open("/password-resets/used");

  expect(await screen.findByText("This link does not work any more.")).toBeVisible();
  expect(screen.getByText(/Ask an administrator for a new one/)).toBeVisible();
});

test("an invitation says who invites to what, and leads into the project", async () => {
  portal();
  const { user, router } = await open("/invitations/good");
  expect(await screen.findByText("dan", { exact: false })).toBeVisible();

  await user.click(screen.getByRole("button", { name: "Join Fraud detection" }));

  await waitFor(() => expect(router.state.location.pathname).toBe("/p/fraud"));
});

test("an invitation that is gone is said without blame", async () => {
  portal();
  await open("/invitations/old");

  expect(await screen.findByText("This invitation does not work any more.")).toBeVisible();
});

test("the door speaks French as soon as it is asked to", async () => {
  portal({ me: null });
  const { user } = await open("/login");

  await user.click(await screen.findByRole("button", { name: "Français" }));

  expect(await screen.findByRole("button", { name: "Se connecter" })).toBeVisible();
  expect(document.documentElement.lang).toBe("fr");
});

test("a password can be looked at", async () => {
  portal({ me: null });
  const { user } = await open("/login");
  const field = await screen.findByLabelText("Password");

  await user.click(screen.getByRole("button", { name: "Show the password" }));

  expect(field).toHaveAttribute("type", "text");
});

test.each(["/login", "/password-resets/good", "/invitations/good"])("axe finds nothing on %s", async (path) => {
  portal(path.startsWith("/inv") ? {} : { me: null });
  await open(path);
  await screen.findByRole("heading", { level: 1 });

  expect(await violations()).toEqual([]);
});

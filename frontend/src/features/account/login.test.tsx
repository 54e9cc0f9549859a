import { screen } from "@testing-library/react";
import { open } from "@/test/render";
import { portal } from "@/test/server";

test("a wrong password is said beside the form, and nothing else happens", async () => {
  portal({ me: null });
  const { user } = await open("/login");

  await user.type(await screen.findByLabelText("User name"), "alice");
  await user.type(screen.getByLabelText("Password"), "guess");
  await user.click(screen.getByRole("button", { name: "Sign in" }));

  expect(await screen.findByText("That name and password do not match.")).toBeVisible();
});

test("too many attempts say how long to wait", async () => {
  portal({ me: null });
  const { user } = await open("/login");

  await user.type(await screen.findByLabelText("User name"), "alice");
  await user.type(screen.getByLabelText("Password"), "slow down{Enter}");

  expect(await screen.findByText("Too many attempts. Try again in 1 min 30 s.")).toBeVisible();
});

test("whoever was sent to sign in comes back to where they were", async () => {
  portal({ me: null });
  const { user, router } = await open("/p/churn/notebooks?status=failed");
  expect(await screen.findByText("You are not signed in. Sign in to go on to that page.")).toBeVisible();

  await user.type(screen.getByLabelText("User name"), "alice");
  await user.type(screen.getByLabelText("Password"), "correct horse{Enter}");

  await screen.findByRole("navigation", { name: "Breadcrumbs" });
  expect(router.state.location.pathname + router.state.location.search).toBe("/p/churn/notebooks?status=failed");
});

test("empty fields are named before anything is sent", async () => {
  portal({ me: null });
  const { user } = await open("/login");

  await user.click(await screen.findByRole("button", { name: "Sign in" }));

  expect(screen.getByText("Enter your user name.")).toBeVisible();
  expect(screen.getByText("Enter your password.")).toBeVisible();
});

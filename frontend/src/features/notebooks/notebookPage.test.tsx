import { screen, within } from "@testing-library/react";
import { open } from "@/test/render";
import { portal } from "@/test/server";

test("a failed notebook says why, how far it came and what to do", async () => {
  portal();
  await open("/p/churn/notebooks/n4");

  const why = await screen.findByRole("region", { name: "Why it failed" });
  expect(why).toHaveTextContent("The server ended with exit code 1 before it answered.");
  const timeline = screen.getByRole("list", { name: "Timeline" });
  expect(within(timeline).getByText("Failed")).toBeVisible();
  expect(screen.getByRole("button", { name: "Start: Rescue start" })).toBeVisible();
});

test("the events of the run stand newest first", async () => {
  portal();
  await open("/p/churn/notebooks/n2");

  const events = await screen.findByRole("region", { name: "Events" });
  const lines = (await within(events).findAllByRole("listitem")).map((line) => line.textContent);

  expect(lines[0]).toContain("The server process was started");
  expect(lines[2]).toContain("Quota reserved");
});

test("somebody else's notebook shows its state and none of the actions", async () => {
  portal();
  await open("/p/churn/notebooks/n5");

  expect(await screen.findByRole("heading", { level: 1, name: "risk-eda" })).toBeVisible();
  expect(screen.queryByRole("button", { name: /Stop/ })).toBeNull();
  expect(screen.queryByText("What you can do")).toBeNull();
});

test("what does not exist reads the same as what may not be seen", async () => {
  portal();
  await open("/p/churn/notebooks/nope");

  expect(await screen.findByText("This page does not exist, or you are not a member of its project.")).toBeVisible();
});

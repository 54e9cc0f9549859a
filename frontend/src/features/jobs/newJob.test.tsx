import { screen, waitFor, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { aSession } from "@/test/factories";
import { open } from "@/test/render";
import { portal, server } from "@/test/server";

const FORM = "/p/churn/jobs/new";
const command = () => screen.findByRole("textbox", { name: "Command" });
const words = () => within(screen.getByRole("list", { name: "The words of the command" })).getAllByRole("listitem").map((word) => word.textContent);

const onKubernetes = () => server.use(http.get("*/api/v1/session", () => {
  const session = aSession();
  return HttpResponse.json({ ...session, config: { ...session.config, engine: "kubernetes" } });
}));

test("a command is all it takes", async () => {
  const world = portal({ jobs: [] });
  const { user, router } = await open(FORM);

  await user.type(await command(), `python -c 'print("hi there")'`);
  expect(words()).toEqual(["python", "-c", 'print("hi there")']);
  await screen.findByText("Starts in about 3 s.");
  await user.click(screen.getByRole("button", { name: "Submit" }));

  await waitFor(() => expect(router.state.location.pathname).toBe("/p/churn/jobs/j99"));
  expect(world.jobs[0]).toMatchObject({ command: ["python", "-c", 'print("hi there")'], environment: { id: "e1" }, profile: { id: "h1" } });
  expect(await screen.findByRole("heading", { level: 1, name: "python" })).toBeVisible();
});

test("without a command the button says what is missing", async () => {
  const world = portal({ jobs: [] });
  const { user } = await open(FORM);
  const button = await screen.findByRole("button", { name: "Submit" });

  expect(button).toHaveAccessibleDescription("Say what to run.");
  await user.click(button);
  expect(world.jobs).toEqual([]);
});

test("a quote left open is said beside the command", async () => {
  portal();
  const { user } = await open(FORM);

  await user.type(await command(), "echo 'a");

  expect(await screen.findByRole("alert")).toHaveTextContent("A quote is not closed: '");
  expect(screen.getByRole("button", { name: "Submit" })).toHaveAttribute("aria-disabled", "true");
});

test("what only a shell reads is said, and one press puts it into one", async () => {
  portal();
  const { user } = await open(FORM);
  await user.type(await command(), "cat $DATA | wc -l");

  expect(await screen.findByText(/No shell reads this/)).toHaveTextContent("$ |");
  await user.click(screen.getByRole("button", { name: "Run it in a shell" }));

  expect(words()).toEqual(["sh", "-c", "cat $DATA | wc -l"]);
  expect(screen.queryByText(/No shell reads this/)).toBeNull();
});

test("Ctrl Enter submits from within the command, Enter makes a line", async () => {
  const world = portal({ jobs: [] });
  const { user, router } = await open(FORM);
  await screen.findByText("Starts in about 3 s.");

  await user.type(await command(), "python train.py{Enter}--lr 1{Control>}{Enter}{/Control}");

  await waitFor(() => expect(router.state.location.pathname).toBe("/p/churn/jobs/j99"));
  expect(world.jobs[0]?.command).toEqual(["python", "train.py", "--lr", "1"]);
});

test("environment variables are checked as they are typed, and sent", async () => {
  const world = portal({ jobs: [] });
  const { user, router } = await open(`${FORM}?command=python+train.py`);
  await user.click(await screen.findByRole("button", { name: "Add a variable" }));
  const name = screen.getByRole("textbox", { name: "Name of variable 1" });
  await waitFor(() => expect(name).toHaveFocus());

  await user.type(name, "2X");
  expect(screen.getByText("Letters, digits and _, not beginning with a digit.")).toBeVisible();
  await user.clear(name);
  await user.type(name, "SEED");
  await user.type(screen.getByRole("textbox", { name: "Value of variable 1" }), "7");
  await screen.findByText("Starts in about 3 s.");
  await user.click(screen.getByRole("button", { name: "Submit" }));

  await waitFor(() => expect(router.state.location.pathname).toBe("/p/churn/jobs/j99"));
  expect(world.jobs[0]?.env).toEqual({ SEED: "7" });
});

test("a variable the platform sets itself is refused beside its row", async () => {
  portal();
  const { user } = await open(`${FORM}?command=true&env=LD_PRELOAD%3Dx.so`);
  await screen.findByText("Starts in about 3 s.");

  await user.click(screen.getByRole("button", { name: "Submit" }));

  expect(await screen.findByText("LD_PRELOAD is set by the platform.")).toBeVisible();
  expect(screen.getByRole("textbox", { name: "Name of variable 1" })).toBeInvalid();
  expect(screen.queryByText("The job was not submitted.")).toBeNull();
});

test("an address fills the form", async () => {
  portal();
  await open(`${FORM}?name=eda&command=python+eda.py&profile=large&environment=torch`);

  expect(await command()).toHaveValue("python eda.py");
  expect(screen.getByRole("textbox", { name: "Job name" })).toHaveValue("eda");
  expect(await screen.findByRole("radio", { name: /CPU large/ })).toBeChecked();
  expect(await screen.findByRole("combobox", { name: "Environment" })).toHaveValue("e2");
});

test("a draft survives a reload of its address, and is gone once sent", async () => {
  portal({ jobs: [] });
  const first = await open(`${FORM}?profile=small`);
  await first.user.type(await command(), "python kept.py");
  document.body.innerHTML = "";

  const second = await open(`${FORM}?profile=small`);
  expect(await command()).toHaveValue("python kept.py");
  await screen.findByText("Starts in about 3 s.");
  await second.user.click(screen.getByRole("button", { name: "Submit" }));
  await waitFor(() => expect(second.router.state.location.pathname).toBe("/p/churn/jobs/j99"));
  document.body.innerHTML = "";

  await open(`${FORM}?profile=small`);
  expect(await command()).toHaveValue("");
});

test("an earlier job fills the form, whole", async () => {
  portal();
  await open(`${FORM}?like=j42`);

  expect(await screen.findByText("Filled from churn-xgb.")).toBeVisible();
  expect(await command()).toHaveValue("python train.py --lr 3e-4");
  expect(screen.getByRole("textbox", { name: "Name of variable 1" })).toHaveValue("SEED");
  expect(await screen.findByRole("radio", { name: /CPU large/ })).toBeChecked();
});

test("an earlier job that is not there leaves an empty form that says so", async () => {
  portal();
  await open(`${FORM}?like=nope`);

  expect(await screen.findByText("The earlier job cannot be read; the form starts empty.")).toBeVisible();
  expect(await command()).toHaveValue("");
});

test("what would wait says so before it is asked for", async () => {
  portal();
  await open(`${FORM}?command=true&profile=large`);

  expect(await screen.findByText("Will wait")).toBeVisible();
  expect(screen.getByRole("button", { name: "Submit and wait" })).toBeVisible();
});

test("what never fits cannot be submitted, and what would fit is one press away", async () => {
  portal();
  const { user } = await open(`${FORM}?command=true&profile=l4`);
  await user.click(await screen.findByRole("button", { name: "Use CPU large" }));

  expect(screen.getByRole("radio", { name: /CPU large/ })).toBeChecked();
});

test("the same can be copied as a line for a terminal", async () => {
  portal();
  const { user } = await open(`${FORM}?name=my+run&command=python+-c+'print(1)'&profile=large&env=A%3Db+c`);
  await screen.findByRole("radio", { name: /CPU large/ });
  await screen.findByRole("combobox", { name: "Environment" });

  await user.click(await screen.findByRole("button", { name: "Copy as command" }));

  expect(await navigator.clipboard.readText()).toBe("atelier run --project churn --profile large --environment python --env 'A=b c' --name 'my run' -- python -c 'print(1)'");
});

test("on a cluster an image may stand in for the environment", async () => {
  const world = portal({ jobs: [] });
  onKubernetes();
  const { user, router } = await open(`${FORM}?command=true`);
  await user.click(await screen.findByRole("button", { name: "Image" }));
  expect(screen.getByRole("button", { name: "Submit" })).toHaveAccessibleDescription("Name an image.");

  await user.type(screen.getByRole("textbox", { name: "Image" }), "registry.example.org/team/train:4");
  await screen.findByText("Starts in about 3 s.");
  await user.click(screen.getByRole("button", { name: "Submit" }));

  await waitFor(() => expect(router.state.location.pathname).toBe("/p/churn/jobs/j99"));
  expect(world.jobs[0]).toMatchObject({ image: "registry.example.org/team/train:4", environment: null });
});

test("on one machine there is no image to choose", async () => {
  portal();
  await open(`${FORM}?image=x`);

  expect(await screen.findByRole("combobox", { name: "Environment" })).toBeVisible();
  expect(screen.queryByRole("button", { name: "Image" })).toBeNull();
});

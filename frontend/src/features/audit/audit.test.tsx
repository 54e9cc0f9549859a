import { screen, waitFor, within } from "@testing-library/react";
import { violations } from "@/test/axe";
import { aMe } from "@/test/factories";
import { anAdmin } from "@/test/platform";
import { open } from "@/test/render";
import { portal } from "@/test/server";

const admin = () => portal({ me: anAdmin(aMe()) });

test("a record opens to what was before and after, and the address keeps it", async () => {
  admin();
  const { user, router } = await open("/admin/audit");
  await user.click(await screen.findByRole("button", { name: /^Details of quota.limit_set/ }));

  const change = within(await screen.findByRole("table", { name: "What changed" }));
  expect(change.getByRole("row", { name: /limit/ })).toHaveTextContent("limit−64000+96000");
  expect(router.state.location.search).toBe("?open=4812");
  expect(await violations()).toEqual([]);
});

test("filters come from the address", async () => {
  admin();
  await open("/admin/audit?actor=carol");

  expect(await screen.findByText("project.created")).toBeVisible();
  expect(screen.queryByText("quota.limit_set")).toBeNull();
  expect(screen.getByRole("textbox", { name: "User name" })).toHaveValue("carol");
});

test("a name is looked for on Enter", async () => {
  admin();
  const { user, router } = await open("/admin/audit");
  await user.type(await screen.findByRole("textbox", { name: "User name" }), "dan{Enter}");

  expect(router.state.location.search).toBe("?actor=dan");
  await waitFor(() => expect(screen.queryByText("quota.limit_set")).toBeNull());
});

test("a record leads to everything about its object", async () => {
  admin();
  const { user, router } = await open("/admin/audit?open=4812");
  await user.click(await screen.findByRole("link", { name: "Everything about this object" }));

  expect(router.state.location.search).toBe("?object_type=line&object_id=q2");
});

test("no match says so and clears", async () => {
  admin();
  const { user } = await open("/admin/audit?verb=nothing.done");
  expect(await screen.findByText("No record matches these filters.")).toBeVisible();

  const [clear] = screen.getAllByRole("button", { name: "Clear filters" });
  await user.click(clear as HTMLElement);

  expect(await screen.findByText("quota.limit_set")).toBeVisible();
});

test("what is shown can be taken away as a file", async () => {
  admin();
  const made = vi.fn<(blob: Blob) => string>(() => "blob:x");
  Object.assign(URL, { createObjectURL: made, revokeObjectURL: () => undefined });
  const { user } = await open("/admin/audit?actor=carol");
  await screen.findByText("project.created");
  await user.click(screen.getByRole("button", { name: "Export CSV" }));

  const text = await (made.mock.calls[0]?.[0] as Blob).text();
  expect(text.split("\r\n")).toHaveLength(3);
  expect(text).toContain("carol,project.created");
});

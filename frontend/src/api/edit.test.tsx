import { screen, waitFor } from "@testing-library/react";
import { show } from "@/test/render";
import { ApiError } from "./errors";
import { clashOf, merged, useEdit } from "./edit";

interface Thing { readonly name: string; readonly note: string }

const read = (name: string, note: string, etag: string) => ({ value: { name, note }, etag });
const stale = (current: Thing, etag: string) => new ApiError({ status: 412, code: "CHANGED_MEANWHILE", params: { current, etag } });

function Form({ save }: { readonly save: (draft: Thing, etag: string) => Promise<ReturnType<typeof read>> }) {
  const edit = useEdit<Thing, Thing>({ start: read("a", "b", "v1"), draftOf: (thing) => thing, save: (draft, base) => save(draft, base.etag) });
  return (
    <>
      <input aria-label="name" value={edit.draft.name} onChange={(event) => edit.set({ name: event.target.value })} />
      <input aria-label="note" value={edit.draft.note} onChange={(event) => edit.set({ note: event.target.value })} />
      <button onClick={edit.submit}>Save</button>
      {edit.error && <p role="alert">{edit.error.message}</p>}
      {edit.clash && <p>clash <button onClick={edit.keepMine}>Keep</button><button onClick={edit.takeTheirs}>Take</button></p>}
      <output>{edit.dirty ? "dirty" : "clean"}</output>
    </>
  );
}

async function changeNote(save: Parameters<typeof Form>[0]["save"]) {
  const { user } = await show(<Form save={save} />);
  await user.clear(screen.getByLabelText("note"));
  await user.type(screen.getByLabelText("note"), "mine");
  await user.click(screen.getByRole("button", { name: "Save" }));
  return user;
}

test("what changed stays, what did not takes the other's values", () => {
  expect(merged({ name: "a", note: "b" }, { name: "a", note: "mine" }, { name: "theirs", note: "c" })).toEqual({ name: "theirs", note: "mine" });
});

test("only a refusal for its version is a clash", () => {
  expect(clashOf(new ApiError({ status: 409, code: "CONFLICT" }))).toBeNull();
  expect(clashOf(new Error("no network"))).toBeNull();
  expect(clashOf(stale({ name: "a", note: "c" }, "v2"))).toEqual(read("a", "c", "v2"));
});

test("an edit names the version that was read", async () => {
  const save = vi.fn(async (draft: Thing) => read(draft.name, draft.note, "v2"));
  await changeNote(save);

  expect(save).toHaveBeenCalledWith({ name: "a", note: "mine" }, "v1");
  await waitFor(() => expect(screen.getByText("clean")).toBeVisible());
});

test("keeping mine saves over their version and leaves alone what I did not touch", async () => {
  const save = vi.fn()
    .mockRejectedValueOnce(stale({ name: "theirs", note: "c" }, "v7"))
    .mockResolvedValueOnce(read("theirs", "mine", "v8"));
  const user = await changeNote(save);

  await user.click(await screen.findByRole("button", { name: "Keep" }));

  expect(save).toHaveBeenLastCalledWith({ name: "theirs", note: "mine" }, "v7");
  await waitFor(() => expect(screen.getByText("clean")).toBeVisible());
});

test("taking theirs saves nothing", async () => {
  const save = vi.fn().mockRejectedValueOnce(stale({ name: "theirs", note: "c" }, "v7"));
  const user = await changeNote(save);

  await user.click(await screen.findByRole("button", { name: "Take" }));

  expect(save).toHaveBeenCalledTimes(1);
  expect(screen.getByLabelText("note")).toHaveValue("c");
});

test("any other refusal is told and nothing is lost", async () => {
  await changeNote(vi.fn().mockRejectedValueOnce(new ApiError({ status: 503, code: "UNAVAILABLE", detail: "Try again soon." })));

  expect(await screen.findByRole("alert")).toHaveTextContent("Try again soon.");
  expect(screen.getByLabelText("note")).toHaveValue("mine");
});

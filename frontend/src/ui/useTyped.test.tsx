import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { startTransition, useState } from "react";
import { expect, it } from "vitest";
import { useTyped } from "./useTyped";

/** Keeps the text somewhere slow, as the router keeps it in the address. */
function Field() {
  const [kept, setKept] = useState("");
  const [shown, type] = useTyped(kept, (text) => setTimeout(() => startTransition(() => setKept(text)), 30));
  return (
    <>
      <input aria-label="Name" value={shown} onChange={(event) => type(event.target.value)} />
      <button type="button" onClick={() => setKept("")}>Clear</button>
      <p>kept: {kept}</p>
    </>
  );
}

it("loses no letter, however slow the address is", async () => {
  render(<Field />);
  await userEvent.type(screen.getByLabelText("Name"), "by-keys and more", { delay: 5 });

  expect(screen.getByLabelText("Name")).toHaveValue("by-keys and more");
  expect(await screen.findByText("kept: by-keys and more")).toBeInTheDocument();
});

it("follows the address once nothing waits", async () => {
  render(<Field />);
  await userEvent.type(screen.getByLabelText("Name"), "a");
  await screen.findByText("kept: a");

  await userEvent.click(screen.getByRole("button", { name: "Clear" }));

  expect(screen.getByLabelText("Name")).toHaveValue("");
});

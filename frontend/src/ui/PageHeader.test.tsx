import { render, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { PageHeader } from "./PageHeader";

test("the heading of a page that came late takes the focus from the content around it", () => {
  render(<PageHeader title="First" />).unmount();
  const { rerender } = render(<main tabIndex={-1} />);
  screen.getByRole("main").focus();

  rerender(<main tabIndex={-1}><PageHeader title="Second" /></main>);

  expect(screen.getByRole("heading", { name: "Second" })).toHaveFocus();
});

test("the heading leaves the focus to a field somebody is in", () => {
  render(<PageHeader title="First" />).unmount();
  const { rerender } = render(<main><input aria-label="Field" key="field" /></main>);
  screen.getByLabelText("Field").focus();

  rerender(<main><input aria-label="Field" key="field" /><PageHeader title="Second" /></main>);

  expect(screen.getByLabelText("Field")).toHaveFocus();
});

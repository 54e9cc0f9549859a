import { renderHook } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import { useHotkeys } from "./useHotkeys";

/** A key pressed so many milliseconds after the page was loaded. */
function press(key: string, timeStamp: number): void {
  const event = new KeyboardEvent("keydown", { key });
  Object.defineProperty(event, "timeStamp", { value: timeStamp });
  dispatchEvent(event);
}

function setUp() {
  const keys = { onPalette: vi.fn(), onNew: vi.fn(), onHelp: vi.fn(), onFilter: vi.fn(), onGo: vi.fn() };
  renderHook(() => useHotkeys(keys));
  return keys;
}

it("a key pressed as soon as the page stands means itself", () => {
  const keys = setUp();

  press("?", 300);

  expect(keys.onHelp).toHaveBeenCalledOnce();
  expect(keys.onGo).not.toHaveBeenCalled();
});

it("a key soon after G names a place, later it means itself again", () => {
  const keys = setUp();

  press("g", 5000);
  press("n", 5400);
  press("g", 9000);
  press("?", 12_000);

  expect(keys.onGo.mock.calls).toEqual([["n"]]);
  expect(keys.onHelp).toHaveBeenCalledOnce();
});

import "@testing-library/jest-dom/vitest";
import { cleanup } from "@testing-library/react";
import { setLanguage } from "@/lib/i18n";
import { server } from "./server";

// What jsdom lacks of a browser.
Object.defineProperty(window, "matchMedia", {
  value: (media: string) => ({ media, matches: false, addEventListener() {}, removeEventListener() {}, addListener() {}, removeListener() {} }),
});
window.scrollTo = () => {};
globalThis.ResizeObserver ??= class { observe() {} unobserve() {} disconnect() {} };
HTMLDialogElement.prototype.showModal ??= function show(this: HTMLDialogElement) { this.setAttribute("open", ""); };
HTMLDialogElement.prototype.close ??= function close(this: HTMLDialogElement) { this.removeAttribute("open"); };

beforeAll(() => server.listen({ onUnhandledFrame: "error" }));
beforeEach(() => setLanguage("en"));
afterEach(() => {
  cleanup();
  server.resetHandlers();
  localStorage.clear();
  sessionStorage.clear();
});
afterAll(() => server.close());

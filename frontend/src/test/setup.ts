import "@testing-library/jest-dom/vitest";
import { act, cleanup, configure } from "@testing-library/react";
import { hubAnswered } from "@/api/hub";
import { setStream } from "@/api/live";
import { setLanguage } from "@/lib/i18n";
import { clearToasts } from "@/ui/toast";
import { server } from "./server";

// What jsdom lacks of a browser.
Object.defineProperty(window, "matchMedia", {
  value: (media: string) => ({ media, matches: false, addEventListener() {}, removeEventListener() {}, addListener() {}, removeListener() {} }),
});
window.scrollTo = () => {};
Element.prototype.scrollIntoView = () => {};
HTMLCanvasElement.prototype.getContext = () => null;
globalThis.ResizeObserver ??= class { observe() {} unobserve() {} disconnect() {} };
HTMLDialogElement.prototype.showModal ??= function show(this: HTMLDialogElement) { this.setAttribute("open", ""); };
HTMLDialogElement.prototype.close ??= function close(this: HTMLDialogElement) { this.removeAttribute("open"); };

// The machine may be busy with other checks.
configure({ asyncUtilTimeout: 20_000 });

beforeAll(() => server.listen({ onUnhandledFrame: "error" }));
beforeEach(() => setLanguage("en"));
afterEach(() => {
  cleanup();
  act(() => { clearToasts(); hubAnswered(); setStream("connecting"); });
  server.resetHandlers();
  localStorage.clear();
  sessionStorage.clear();
});
afterAll(() => server.close());

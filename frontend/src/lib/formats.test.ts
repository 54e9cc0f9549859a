import { binaryPair, formatBinary, formatBytes } from "./formatBytes";
import { formatCountdown, formatDuration, formatElapsed } from "./formatDuration";
import { formatRelative, formatTime } from "./formatTime";
import { formatCores, formatResources } from "./resources";

const GIB = 1024 ** 3;
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, " ");

test.each([[6.2, "6.2 s"], [18, "18 s"], [1107, "18 min 27 s"], [300, "5 min"], [3840, "1 h 04 min"], [266_400, "3 d 2 h"]])("%d s reads %s", (seconds, text) => {
  expect(formatDuration(seconds, "en")).toBe(text);
});

test("French writes its own decimals, days and bytes", () => {
  expect(formatDuration(6.2, "fr")).toBe("6,2 s");
  expect(formatDuration(266_400, "fr")).toBe("3 j 2 h");
  expect(plain(formatBinary(16 * GIB, "fr"))).toBe("16 Gio");
});

test("what took no time to speak of is told as such, and a run just begun is at 0 s", () => {
  expect(formatDuration(0.02, "en")).toBe("< 0.1 s");
  expect(formatElapsed(0.4, "en")).toBe("0 s");
});

test("long runs are told without seconds", () => {
  expect(formatElapsed(1107, "en")).toBe("18 min");
  expect(formatCountdown(468)).toBe("7:48");
});

test("memory counts in powers of two and files in powers of ten", () => {
  expect(plain(formatBinary(8 * GIB, "en"))).toBe("8 GiB");
  expect(plain(formatBytes(3_100_000_000, "en"))).toBe("3.1 GB");
  expect(formatBytes(0, "en")).toContain("0");
});

test("used and limit share a unit", () => {
  const { used, limit } = binaryPair(6.2 * GIB, 16 * GIB, "en");
  expect([used, plain(limit)]).toEqual(["6.2", "16 GiB"]);
});

test("resources name accelerators first", () => {
  const resources = { cpu_millicores: 4000, memory_bytes: 32 * GIB, accelerators: { "nvidia.com/l4": 1 } };
  expect(plain(formatResources(resources, "en"))).toBe("1 × L4 · 4 cores · 32 GiB");
  expect(formatCores(1000, "en")).toBe("1 core");
  expect(formatCores(500, "fr")).toBe("0,5 cœur");
});

test("times shorten with nearness", () => {
  const now = new Date("2026-11-20T15:00:00Z");
  const time = (value: string) => plain(formatTime(value, "en", now));
  expect(time("2026-11-20T14:02:00Z")).toMatch(/^\d\d:02$/);
  expect(time("2026-11-18T17:04:00Z")).toMatch(/^Wed,? \d\d:04$/);
  expect(time("2026-10-02T17:04:00Z")).toBe("2 Oct");
  expect(time("2025-10-02T17:04:00Z")).toBe("2 Oct 2025");
  expect(plain(formatRelative("2026-11-20T14:56:00Z", "en", now))).toMatch(/^4 min/);
});

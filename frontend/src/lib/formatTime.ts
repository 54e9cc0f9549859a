import type { Language } from "./i18n/types";

let zone: string | undefined;

/** The reader's own time zone, from their profile; without one the browser's. */
export function setTimeZone(name: string | null | undefined): void {
  zone = name || undefined;
}

function day(time: Date): string {
  return time.toLocaleDateString("en-CA", { timeZone: zone });
}

/** Today 14:02, this week Fri 17:04, this year 18 Nov, else 18 Nov 2025. */
export function formatTime(value: string | Date, language: Language, now: Date = new Date()): string {
  const time = new Date(value);
  const write = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(language === "en" ? "en-GB" : "fr-FR", { timeZone: zone, ...options }).format(time);
  const clock = { hour: "2-digit", minute: "2-digit" } as const;
  if (day(time) === day(now)) return write(clock);
  const days = Math.abs(now.getTime() - time.getTime()) / 86_400_000;
  if (days < 6) return write({ weekday: "short", ...clock });
  const sameYear = day(time).slice(0, 4) === day(now).slice(0, 4);
  return write({ day: "numeric", month: "short", ...(sameYear ? {} : { year: "numeric" }) });
}

export function formatClock(value: string | Date, language: Language, seconds = false): string {
  return new Intl.DateTimeFormat(language === "en" ? "en-GB" : "fr-FR", {
    timeZone: zone, hour: "2-digit", minute: "2-digit", ...(seconds ? { second: "2-digit" } : {}),
  }).format(new Date(value));
}

/** With zone, for hover, focus and screen readers. */
export function formatAbsolute(value: string | Date, language: Language): string {
  return new Intl.DateTimeFormat(language === "en" ? "en-GB" : "fr-FR", {
    timeZone: zone, weekday: "short", day: "numeric", month: "short", year: "numeric",
    hour: "2-digit", minute: "2-digit", second: "2-digit", timeZoneName: "short",
  }).format(new Date(value));
}

const STEPS = [["day", 86_400], ["hour", 3600], ["minute", 60]] as const;

/** 4 min ago */
export function formatRelative(value: string | Date, language: Language, now: Date = new Date()): string {
  const seconds = (new Date(value).getTime() - now.getTime()) / 1000;
  const words = new Intl.RelativeTimeFormat(language === "en" ? "en-GB" : "fr-FR", { style: "short", numeric: "auto" });
  for (const [unit, size] of STEPS) {
    if (Math.abs(seconds) >= size) return words.format(Math.trunc(seconds / size), unit);
  }
  return words.format(0, "second");
}

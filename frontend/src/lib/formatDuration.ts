import type { Language } from "./i18n/types";

const two = (value: number): string => String(value).padStart(2, "0");

/** 0.4 s, 6.2 s, 18 s, 18 min 27 s, 1 h 04 min, 3 d 2 h */
export function formatDuration(seconds: number, language: Language): string {
  const whole = Math.max(0, Math.round(seconds));
  if (seconds < 0.05) return `< ${(0.1).toLocaleString(language)} s`;
  if (seconds < 10) return `${Math.max(0, seconds).toLocaleString(language, { maximumFractionDigits: 1 })} s`;
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return whole % 60 ? `${Math.floor(whole / 60)} min ${two(whole % 60)} s` : `${whole / 60} min`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`;
  const hours = Math.floor(minutes / 60);
  return `${Math.floor(hours / 24)} ${language === "fr" ? "j" : "d"} ${hours % 24} h`;
}

/** How long something runs, for people who glance: never seconds above ten minutes. */
export function formatElapsed(seconds: number, language: Language): string {
  if (seconds < 10) return `${Math.max(0, Math.floor(seconds))} s`;
  if (seconds < 600) return formatDuration(Math.floor(seconds), language);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  return formatDuration(seconds, language);
}

/** A countdown: 7:48 */
export function formatCountdown(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  const minutes = Math.floor(whole / 60);
  if (minutes >= 60) return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(whole % 60)}`;
  return `${minutes}:${two(whole % 60)}`;
}

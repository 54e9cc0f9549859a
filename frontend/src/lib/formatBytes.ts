import type { Language } from "./i18n/types";

const FILE_UNITS = { en: ["B", "kB", "MB", "GB", "TB"], fr: ["o", "ko", "Mo", "Go", "To"] } as const;
const BINARY_UNITS = { en: ["B", "KiB", "MiB", "GiB", "TiB"], fr: ["o", "Kio", "Mio", "Gio", "Tio"] } as const;

function scale(bytes: number, base: number, units: readonly string[], language: Language): string {
  const steps = bytes < 1 ? 0 : Math.min(Math.floor(Math.log(bytes) / Math.log(base)), units.length - 1);
  const figure = bytes / base ** steps;
  const digits = steps === 0 || figure >= 100 ? 0 : figure >= 10 ? 1 : 2;
  const shown = figure.toLocaleString(language, { maximumFractionDigits: digits });
  return `${shown}\u00a0${units[steps] ?? ""}`;
}

/** File sizes, in powers of ten: 3.1 GB. */
export const formatBytes = (bytes: number, language: Language): string =>
  scale(bytes, 1000, FILE_UNITS[language], language);

/** Memory and disk, in powers of two: 16 GiB. */
export const formatBinary = (bytes: number, language: Language): string =>
  scale(bytes, 1024, BINARY_UNITS[language], language);

/** "6.2 of 16 GiB" needs both figures in the unit of the larger. */
export function binaryPair(used: number, limit: number, language: Language): { used: string; limit: string } {
  const steps = limit < 1 ? 0 : Math.min(Math.floor(Math.log(limit) / Math.log(1024)), 4);
  const digits = { maximumFractionDigits: 1 };
  return {
    used: (used / 1024 ** steps).toLocaleString(language, digits),
    limit: `${(limit / 1024 ** steps).toLocaleString(language, digits)}\u00a0${BINARY_UNITS[language][steps] ?? ""}`,
  };
}

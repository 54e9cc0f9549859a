// Amounts as people type them: "2", "2.5", "2,5". Anything else is null, never a guess.

const GIB = 1024 ** 3;
const DECIMAL = /^\d{1,9}(?:[.,]\d{1,3})?$/;

export function parseDecimal(text: string): number | null {
  const trimmed = text.trim();
  return DECIMAL.test(trimmed) ? Number(trimmed.replace(",", ".")) : null;
}

export function parseCount(text: string): number | null {
  return /^\d{1,9}$/.test(text.trim()) ? Number(text.trim()) : null;
}

const times = (value: number | null, factor: number): number | null => (value === null ? null : Math.round(value * factor));

/** Cores to millicores. */
export const parseCores = (text: string): number | null => times(parseDecimal(text), 1000);

/** GiB to bytes. */
export const parseGib = (text: string): number | null => times(parseDecimal(text), GIB);

/** What stands in the field for an amount: plain digits, without a unit or grouping. */
export const coresText = (millicores: number): string => String(millicores / 1000);
export const gibText = (bytes: number): string => String(Math.round((bytes / GIB) * 1000) / 1000);

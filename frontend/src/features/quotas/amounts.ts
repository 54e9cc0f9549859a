// A limit between the portal's units (millicores, bytes, counts) and what is typed and shown.
import type { Language } from "@/lib/i18n";
import { binaryPair } from "@/lib/formatBytes";
import { coresText, gibText, parseCores, parseCount, parseGib } from "@/lib/quantity";

export type Limit = number | null;

export type Unit = "cpu" | "memory" | "count";
export const unitOf = (resource: string): Unit => (resource === "cpu" || resource === "memory" ? resource : "count");

/** What stands in the field. */
export function limitText(resource: string, limit: Limit): string {
  if (limit === null) return "";
  return { cpu: coresText, memory: gibText, count: String }[unitOf(resource)](limit);
}

/** null is no limit, undefined is no amount at all. */
export function parseLimit(resource: string, text: string): Limit | undefined {
  if (text.trim() === "") return null;
  return { cpu: parseCores, memory: parseGib, count: parseCount }[unitOf(resource)](text) ?? undefined;
}

const plain = (amount: number, language: Language) => amount.toLocaleString(language, { maximumFractionDigits: 2 });

/** "172" and "640 GiB": the column's title or the limit says the unit. */
export function figures(resource: string, used: number, limit: Limit, language: Language): { used: string; limit: string | null } {
  if (resource === "memory") {
    const pair = binaryPair(used, limit ?? Math.max(used, 1024 ** 3), language);
    const alone = binaryPair(used, Math.max(used, 1024 ** 3), language).limit;
    return limit === null ? { used: used === 0 ? "0" : alone, limit: null } : pair;
  }
  const factor = resource === "cpu" ? 1000 : 1;
  return { used: plain(used / factor, language), limit: limit === null ? null : plain(limit / factor, language) };
}

export const figure = (resource: string, limit: number, language: Language): string => figures(resource, 0, limit, language).limit ?? "";

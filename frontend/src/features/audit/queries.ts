import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { api, body } from "@/api";

export const FILTERS = ["actor", "verb", "object_type", "object_id", "project", "since", "until"] as const;
export type Filters = Readonly<Record<(typeof FILTERS)[number] | "cursor", string>>;

/** The day a person chose, from its first or to its last moment where they are. */
export function momentOf(day: string, end: boolean): string {
  const found = /^\d{4}-\d{2}-\d{2}$/.test(day) ? new Date(`${day}T${end ? "23:59:59.999" : "00:00:00"}`) : null;
  return found && !Number.isNaN(found.getTime()) ? found.toISOString() : "";
}

function asked(filters: Filters): Partial<Filters> {
  const exact = { ...filters, since: momentOf(filters.since, false), until: momentOf(filters.until, true) };
  return Object.fromEntries(Object.entries(exact).filter(([, value]) => value)) as Partial<Filters>;
}

export const useAudit = (filters: Filters) =>
  useQuery({
    queryKey: ["audit", filters],
    queryFn: () => body(api.GET("/api/v1/audit", { params: { query: asked(filters) } })),
    placeholderData: keepPreviousData,
  });

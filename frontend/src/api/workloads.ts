import { useQuery } from "@tanstack/react-query";
import { api, body } from "./client";
import { useLiveInterval } from "./live";

export const workloadKeys = {
  all: ["workloads"],
  list: (filters: Readonly<Record<string, string>>) => ["workloads", "list", filters],
  events: (id: string) => ["workloads", "events", id],
} as const;

interface Filters { project?: string; kind?: string; live?: string; owner?: string; status?: string }

export function useWorkloads(filters: Filters, options: { limit?: number; enabled?: boolean } = {}) {
  const limit = options.limit ?? 100;
  return useQuery({
    queryKey: workloadKeys.list({ ...filters, limit: String(limit) }),
    queryFn: () => body(api.GET("/api/v1/workloads", { params: { path: {}, query: { ...filters, limit } } })),
    enabled: options.enabled ?? true,
    refetchInterval: useLiveInterval(),
  });
}

export const useWorkloadEvents = (id: string | undefined) =>
  useQuery({
    queryKey: workloadKeys.events(id ?? ""),
    queryFn: () => body(api.GET("/api/v1/workloads/{id}/events", { params: { path: { id: id ?? "" } } })),
    enabled: Boolean(id),
    refetchInterval: useLiveInterval(),
  });

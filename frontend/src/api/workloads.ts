import { useQuery } from "@tanstack/react-query";
import { api, body } from "./client";
import { useLiveInterval } from "./live";
import type { Workload } from "./models";

interface Filters { project?: string; kind?: string; live?: boolean; owner?: string; status?: Workload["status"] }

export const workloadKeys = {
  all: ["workloads"],
  list: (filters: Readonly<Filters & { limit: number }>) => ["workloads", "list", filters],
  events: (id: string) => ["workloads", "events", id],
} as const;

export function useWorkloads(filters: Filters, options: { limit?: number; enabled?: boolean } = {}) {
  const limit = options.limit ?? 100;
  return useQuery({
    queryKey: workloadKeys.list({ ...filters, limit }),
    queryFn: () => body(api.GET("/api/v1/workloads", { params: { query: { ...filters, limit } } })),
    enabled: options.enabled ?? true,
    refetchInterval: useLiveInterval(),
  });
}

export const useWorkloadEvents = (id: string | undefined) =>
  useQuery({
    queryKey: workloadKeys.events(id ?? ""),
    queryFn: () => body(api.GET("/api/v1/workloads/{workload_id}/events", { params: { path: { workload_id: id ?? "" } } })),
    enabled: Boolean(id),
    refetchInterval: useLiveInterval(),
  });

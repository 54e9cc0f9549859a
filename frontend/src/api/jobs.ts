import { keepPreviousData, useMutation, useQuery, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { api, body, idempotencyKey } from "./client";
import { useLiveInterval } from "./live";
import type { Job, JobDraft } from "./models";

export const jobKeys = {
  all: ["jobs"],
  list: (filters: Readonly<Record<string, string>>) => ["jobs", "list", filters],
  detail: (id: string) => ["jobs", "detail", id],
} as const;

const at = (id: string) => ({ params: { path: { job_id: id } } });

export interface JobFilters { project?: string; owner?: string; status?: string; search?: string; cursor?: string }

export function useJobs(filters: JobFilters, limit = 50) {
  const query = Object.fromEntries(Object.entries(filters).filter(([, value]) => value)) as Record<string, string>;
  return useQuery({
    queryKey: jobKeys.list({ ...query, limit: String(limit) }),
    queryFn: () => body(api.GET("/api/v1/jobs", { params: { query: { ...query, limit } } })),
    placeholderData: keepPreviousData,
    refetchInterval: useLiveInterval(),
  });
}

export const useJob = (id: string) =>
  useQuery({
    queryKey: jobKeys.detail(id),
    queryFn: () => body(api.GET("/api/v1/jobs/{job_id}", at(id))),
    enabled: id !== "",
    refetchInterval: useLiveInterval(),
  });

function changed(queries: QueryClient, job: Job | undefined): void {
  if (job) queries.setQueryData<Job>(jobKeys.detail(job.id), job);
  void queries.invalidateQueries({ queryKey: jobKeys.all });
  void queries.invalidateQueries({ queryKey: ["workloads"] });
}

export function useSubmitJob() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (draft: JobDraft) => body(api.POST("/api/v1/jobs", { params: { header: idempotencyKey() }, body: draft })),
    onSuccess: (job) => changed(queries, job),
  });
}

/** Shows at once; taken back when the portal refuses. */
export function useStopJob() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (job: Pick<Job, "id">) => body(api.POST("/api/v1/jobs/{job_id}/stop", at(job.id))),
    onMutate: async ({ id }) => {
      await queries.cancelQueries({ queryKey: jobKeys.detail(id) });
      const before = queries.getQueryData<Job>(jobKeys.detail(id));
      if (before) queries.setQueryData<Job>(jobKeys.detail(id), { ...before, status: "stopping", reason: null });
      return before;
    },
    onError: (_error, { id }, before) => queries.setQueryData(jobKeys.detail(id), before),
    onSuccess: (job) => changed(queries, job),
  });
}

const PIECE = 256 * 1024;

export const readLog = (id: string, offset: number) =>
  body(api.GET("/api/v1/jobs/{job_id}/log", { params: { path: { job_id: id }, query: { offset, limit: PIECE } } }));

/** The whole log as it was written, byte for byte. */
export const logFile = (id: string): string => `/api/v1/jobs/${encodeURIComponent(id)}/log/file`;

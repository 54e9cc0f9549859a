import { useMutation, useQueries, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, body, type LimitLine, type QuotaScope } from "@/api";
import type { Limit } from "./amounts";

export type Scope = QuotaScope["scope"];

export const quotaKeys = {
  all: ["quotas"],
  table: (scope: Scope) => ["quotas", "table", scope],
  history: (id: string) => ["quotas", "history", id],
  preview: (line: string, limit: Limit) => ["quotas", "preview", line, limit],
} as const;

export const useQuotas = (scope: Scope) =>
  useQuery({
    queryKey: quotaKeys.table(scope),
    queryFn: () => body(api.GET("/api/v1/quotas", { params: { query: { scope } } })),
    select: (page) => page.results,
  });

const history = (id: string) => ({
  queryKey: quotaKeys.history(id),
  queryFn: () => body(api.GET("/api/v1/quota-lines/{line_id}/history", { params: { path: { line_id: id } } })),
});

/** The changes of several lines in one list, the newest first. */
export function useHistory(lines: readonly LimitLine[]) {
  const known = lines.flatMap(({ id, resource }) => (id ? [{ id, resource }] : []));
  return useQueries({
    queries: known.map(({ id }) => history(id)),
    combine: (answers) => ({
      data: answers.every((answer) => answer.data)
        ? answers
          .flatMap((answer, index) => (answer.data?.results ?? []).map((change) => ({ ...change, resource: known[index]?.resource ?? "" })))
          .sort((a, b) => b.at.localeCompare(a.at))
        : undefined,
      error: answers.find((answer) => answer.error)?.error ?? null,
      refetch: () => Promise.all(answers.map((answer) => answer.refetch())),
    }),
  });
}

/** Who set the present limit and when; null when that cannot be told. */
export function useLastChange() {
  const queries = useQueryClient();
  return async (id: string) => {
    const page = await queries.fetchQuery({ ...history(id), staleTime: 0 }).catch(() => null);
    return page?.results[0] ?? null;
  };
}

export interface Target { readonly scope: Scope; readonly scope_id: string; readonly line: LimitLine }

const versionOf = (line: LimitLine) => `"v${line.version}"`;

/** A line that only inherits so far has no row yet: it is made. */
export function setLimit({ scope, scope_id, line }: Target, limit: Limit | "inherit"): Promise<LimitLine> {
  if (!line.id) return body(api.POST("/api/v1/quota-lines", { body: { scope, scope_id, resource: line.resource, limit: limit === "inherit" ? null : limit } }));
  return body(api.PATCH("/api/v1/quota-lines/{line_id}", { params: { path: { line_id: line.id }, header: { "If-Match": versionOf(line) } }, body: { limit } }));
}

export function useInherit() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (target: Target) => setLimit(target, "inherit"),
    onSettled: () => queries.invalidateQueries({ queryKey: quotaKeys.all }),
  });
}

const subject = ({ scope, scope_id, line }: Target) => (line.id ? { id: line.id } : { scope, scope_id, resource: line.resource });

/** What each new limit would do, asked before it is saved. */
export const usePreviews = (changes: readonly { readonly target: Target; readonly limit: Limit }[]) =>
  useQueries({
    queries: changes.map(({ target, limit }) => ({
      queryKey: quotaKeys.preview(target.line.id ?? `${target.scope}/${target.scope_id}/${target.line.resource}`, limit),
      queryFn: () => body(api.POST("/api/v1/quota-lines/preview", { body: { ...subject(target), limit } })),
      staleTime: 5_000,
    })),
    combine: (answers) => ({
      effects: answers.flatMap((answer) => answer.data ?? []),
      pending: answers.some((answer) => answer.isPending),
      failed: answers.some((answer) => answer.isError),
    }),
  });

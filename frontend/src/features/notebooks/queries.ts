import { useMutation, useQuery, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { api, body, idempotencyKey, type Notebook, type Page } from "@/api";
import { hubAnswered } from "@/api/hub";
import { useLiveInterval } from "@/api/live";

export const notebookKeys = {
  all: ["notebooks"],
  list: (project: string) => ["notebooks", "list", project],
  detail: (id: string) => ["notebooks", "detail", id],
} as const;

const LIMIT = 200;

export const useNotebooks = (project: string) =>
  useQuery({
    queryKey: notebookKeys.list(project),
    queryFn: () => body(api.GET("/api/v1/notebooks", { params: { query: { project, owner: "all", limit: LIMIT } } })),
    refetchInterval: useLiveInterval(),
  });

export const useNotebook = (id: string) =>
  useQuery({
    queryKey: notebookKeys.detail(id),
    queryFn: () => body(api.GET("/api/v1/notebooks/{notebook_id}", { params: { path: { notebook_id: id } } })),
    refetchInterval: useLiveInterval(),
  });

/** Put a notebook as it is now, or is about to be, into everything that shows it. */
function place(queries: QueryClient, id: string, change: (notebook: Notebook) => Notebook | null): void {
  queries.setQueriesData<Page<Notebook>>({ queryKey: ["notebooks", "list"] }, (page) => page && {
    ...page, results: page.results.flatMap((notebook) => (notebook.id === id ? (change(notebook) ?? []) : [notebook])),
  });
  queries.setQueryData<Notebook>(notebookKeys.detail(id), (notebook) => (notebook && change(notebook)) ?? undefined);
}

interface Act<V> {
  readonly call: (notebook: Notebook, values: V) => Promise<Notebook | undefined>;
  /** How it looks until the portal has answered; null takes it off the list. */
  readonly meanwhile?: (notebook: Notebook, values: V) => Notebook | null;
}

interface Variables<V> { readonly notebook: Notebook; readonly values: V }

/** An action that shows at once and is taken back when the portal refuses. */
function useAct<V>({ call, meanwhile }: Act<V>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ notebook, values }: Variables<V>) => call(notebook, values),
    onMutate: async ({ notebook, values }) => {
      if (!meanwhile) return undefined;
      await queries.cancelQueries({ queryKey: notebookKeys.all });
      const before = queries.getQueriesData({ queryKey: notebookKeys.all });
      place(queries, notebook.id, (current) => meanwhile(current, values));
      return before;
    },
    onError: (_error, _variables, before) => before?.forEach(([key, data]) => queries.setQueryData(key, data)),
    onSuccess: (answer, { notebook }) => {
      hubAnswered();
      if (answer) place(queries, notebook.id, () => answer);
    },
    onSettled: () => {
      void queries.invalidateQueries({ queryKey: notebookKeys.all });
      void queries.invalidateQueries({ queryKey: ["workloads"] });
    },
  });
}

const at = (notebook: Notebook) => ({ params: { path: { notebook_id: notebook.id } } });
const starting = (notebook: Notebook): Notebook => ({ ...notebook, status: "starting", reason: null, open_url: null });

export interface StartValues { environment?: string; profile?: string; rescue?: boolean }

export const useStart = () => useAct<StartValues>({
  call: (notebook, values) => body(api.POST("/api/v1/notebooks/{notebook_id}/start", {
    params: { path: { notebook_id: notebook.id }, header: idempotencyKey() }, body: values,
  })),
  meanwhile: (notebook) => ({ ...starting(notebook), workload: null }),
});

export const useStop = () => useAct<undefined>({
  call: (notebook) => body(api.POST("/api/v1/notebooks/{notebook_id}/stop", at(notebook))),
  meanwhile: (notebook) => ({ ...notebook, status: "stopping", open_url: null, idle_stop_at: null }),
});

export const useRestart = () => useAct<{ environment?: string; profile?: string }>({
  call: (notebook, values) => body(api.POST("/api/v1/notebooks/{notebook_id}/restart", {
    params: { path: { notebook_id: notebook.id }, header: idempotencyKey() }, body: values,
  })),
  meanwhile: (notebook) => ({ ...notebook, status: "stopping", open_url: null, idle_stop_at: null }),
});

export const useKeepRunning = () => useAct<undefined>({
  call: (notebook) => body(api.POST("/api/v1/notebooks/{notebook_id}/keep-running", at(notebook))),
  meanwhile: (notebook) => ({ ...notebook, idle_stop_at: null }),
});

export const useRename = () => useAct<string>({
  call: (notebook, name) => body(api.PATCH("/api/v1/notebooks/{notebook_id}", { ...at(notebook), body: { name } })),
  meanwhile: (notebook, name) => ({ ...notebook, name }),
});

export const useResetPackages = () => useAct<undefined>({
  call: (notebook) => body(api.POST("/api/v1/notebooks/{notebook_id}/reset-packages", at(notebook))),
});

export const useDelete = () => useAct<undefined>({
  call: (notebook) => body(api.DELETE("/api/v1/notebooks/{notebook_id}", at(notebook))),
  meanwhile: () => null,
});

export interface Draft { project: string; name?: string; environment: string; profile: string; start: true }

export function useCreateNotebook() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (draft: Draft) => body(api.POST("/api/v1/notebooks", { params: { header: idempotencyKey() }, body: draft })),
    onSuccess: (notebook, { project }) => {
      hubAnswered();
      queries.setQueryData<Page<Notebook>>(notebookKeys.list(project), (page) => page && { ...page, results: [notebook, ...page.results] });
      void queries.invalidateQueries({ queryKey: notebookKeys.all });
      void queries.invalidateQueries({ queryKey: ["workloads"] });
    },
  });
}

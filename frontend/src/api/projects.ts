import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, body } from "./client";
import { sessionKey, useMe } from "./session";
import type { MyProject, Project } from "./models";

export const projectKeys = {
  all: ["projects"],
  list: (filters: Readonly<Record<string, string>>) => ["projects", "list", filters],
  detail: (id: string) => ["projects", "detail", id],
  quota: (id: string) => ["projects", "quota", id],
} as const;

/** The project an address names, if I am in it. */
export function useMyProject(slug: string | undefined): MyProject | undefined {
  return useMe().projects.find((project) => project.slug === slug || project.id === slug);
}

const CHANGING_MS = 4000;

/** Its ground is being made or taken away: worth looking again without being told. */
const isChanging = (project: Project | undefined): boolean =>
  Boolean(project?.deleted_at) || project?.place?.state === "pending" || project?.place?.state === "draining";

/** Whether people should know something about the ground it stands on. */
export const isUnsettled = (project: Project): boolean => isChanging(project) || project.place?.state === "failed";

/** Platform administrators may look into projects they are not members of. */
export const useProject = (slug: string, options: { enabled?: boolean } = {}) =>
  useQuery({
    queryKey: projectKeys.detail(slug),
    queryFn: () => body(api.GET("/api/v1/projects/{project_id}", { params: { path: { project_id: slug } } })),
    enabled: options.enabled ?? true,
    refetchInterval: (query) => (isChanging(query.state.data) ? CHANGING_MS : false),
  });

interface Filters { search?: string; archived?: string; cursor?: string }

export function useProjects(filters: Filters = {}, options: { limit?: number; enabled?: boolean } = {}) {
  const query = { ...Object.fromEntries(Object.entries(filters).filter(([, value]) => value)), limit: options.limit ?? 50 };
  return useQuery({
    queryKey: projectKeys.list({ ...query, limit: String(query.limit) }),
    queryFn: () => body(api.GET("/api/v1/projects", { params: { query } })),
    enabled: options.enabled ?? true,
    placeholderData: keepPreviousData,
  });
}

export const useProjectQuota = (id: string) =>
  useQuery({
    queryKey: projectKeys.quota(id),
    queryFn: () => body(api.GET("/api/v1/projects/{project_id}/quota", { params: { path: { project_id: id } } })),
    select: (quota) => quota.lines,
  });

export function useCreateProject() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (draft: { name: string; slug?: string; description: string }): Promise<Project> =>
      body(api.POST("/api/v1/projects", { body: draft })),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: sessionKey });
      void queries.invalidateQueries({ queryKey: projectKeys.all });
    },
  });
}

/** Who is in the project, by name: for a filter or a choice of owner. */
export function useMemberNames(id: string): readonly string[] {
  const { data } = useQuery({
    queryKey: ["projects", "names", id],
    queryFn: () => body(api.GET("/api/v1/projects/{project_id}/members", { params: { path: { project_id: id }, query: { limit: 200 } } })),
  });
  return (data?.results ?? []).map(({ username }) => username).sort();
}

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, body, versioned, type Environment, type Profile } from "@/api";

const environments = { all: ["environments"], one: (id: string) => ["environments", "one", id] } as const;
const profiles = { all: ["profiles"], one: (id: string) => ["profiles", "one", id] } as const;
export const catalogKeys = { environments, profiles } as const;

export type EnvironmentBody = Omit<Environment, "id" | "unavailable_reason">;
export type ProfileBody = Omit<Profile, "id" | "unavailable_reason">;

const byPlace = <T extends { ordering: number; name: string }>(rows: readonly T[]): T[] =>
  [...rows].sort((a, b) => a.ordering - b.ordering || a.name.localeCompare(b.name));

/** What a project is offered; without a project, the whole catalog. */
export const useEnvironments = (project?: string) =>
  useQuery({
    queryKey: [...environments.all, project ?? ""],
    queryFn: () => body(api.GET("/api/v1/environments", { params: { query: project ? { project } : {} } })),
    select: (page) => byPlace(page.results),
  });

export const useProfiles = (project?: string) =>
  useQuery({
    queryKey: [...profiles.all, project ?? ""],
    queryFn: () => body(api.GET("/api/v1/profiles", { params: { query: project ? { project } : {} } })),
    select: (page) => byPlace(page.results),
  });

export const useEnvironment = (id: string, enabled = true) =>
  useQuery({
    queryKey: environments.one(id),
    queryFn: () => versioned(api.GET("/api/v1/environments/{environment_id}", { params: { path: { environment_id: id } } })),
    enabled,
  });

export const useProfile = (id: string, enabled = true) =>
  useQuery({
    queryKey: profiles.one(id),
    queryFn: () => versioned(api.GET("/api/v1/profiles/{profile_id}", { params: { path: { profile_id: id } } })),
    enabled,
  });

const match = (etag: string) => ({ "If-Match": etag });

// The slug names a new entry and cannot be changed: it is not sent again.
const withoutSlug = <T extends { slug: string }>(draft: T) => ({ ...draft, slug: undefined });

export const saveEnvironment = (id: string, changes: EnvironmentBody, etag: string) =>
  versioned(api.PATCH("/api/v1/environments/{environment_id}", { params: { path: { environment_id: id }, header: match(etag) }, body: withoutSlug(changes) }));

export const saveProfile = (id: string, changes: ProfileBody, etag: string) =>
  versioned(api.PATCH("/api/v1/profiles/{profile_id}", { params: { path: { profile_id: id }, header: match(etag) }, body: withoutSlug(changes) }));

export const createEnvironment = (draft: EnvironmentBody) =>
  versioned(api.POST("/api/v1/environments", { body: draft }));

export const createProfile = (draft: ProfileBody) =>
  versioned(api.POST("/api/v1/profiles", { body: draft }));

export function useCatalogChanged(family: "environments" | "profiles") {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ queryKey: catalogKeys[family].all });
}

export function useDelete(family: "environments" | "profiles") {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, etag }: { id: string; etag: string }) =>
      body(family === "profiles"
        ? api.DELETE("/api/v1/profiles/{profile_id}", { params: { path: { profile_id: id }, header: match(etag) } })
        : api.DELETE("/api/v1/environments/{environment_id}", { params: { path: { environment_id: id }, header: match(etag) } })),
    // Somebody changed it meanwhile: look again, so that the next press means what is there now.
    onError: (_, { id }) => queries.invalidateQueries({ queryKey: catalogKeys[family].one(id) }),
    onSuccess: (_, { id }) => {
      queries.removeQueries({ queryKey: catalogKeys[family].one(id) });
      void queries.invalidateQueries({ queryKey: catalogKeys[family].all });
    },
  });
}

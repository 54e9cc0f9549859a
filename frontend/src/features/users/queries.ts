import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, body, versioned, type User } from "@/api";

export interface Filters { search: string; active: string; cursor: string }
export type Changes = Pick<User, "display_name" | "email" | "platform_role">;
export type NewUser = Changes & Pick<User, "username">;

export const userKeys = {
  all: ["users"],
  list: (filters: Filters) => ["users", "list", filters],
  one: (username: string) => ["users", "one", username],
  impact: (username: string) => ["users", "impact", username],
} as const;

const asked = ({ search, active, cursor }: Filters) =>
  ({ ...(search && { search }), ...(active && { active: active === "true" }), ...(cursor && { cursor }) });

export const useUsers = (filters: Filters) =>
  useQuery({
    queryKey: userKeys.list(filters),
    queryFn: () => body(api.GET("/api/v1/users", { params: { query: asked(filters) } })),
    placeholderData: keepPreviousData,
  });

export const useUser = (username: string) =>
  useQuery({
    queryKey: userKeys.one(username),
    queryFn: () => versioned(api.GET("/api/v1/users/{username}", { params: { path: { username } } })),
  });

export const saveUser = (username: string, changes: Changes, etag: string) =>
  versioned(api.PATCH("/api/v1/users/{username}", { params: { path: { username }, header: { "If-Match": etag } }, body: changes }));

/** What would stop if this account were closed. */
export const useImpact = (username: string) =>
  useQuery({
    queryKey: userKeys.impact(username),
    queryFn: () => body(api.GET("/api/v1/users/{username}/impact", { params: { path: { username } } })),
    select: (impact) => impact.live,
    staleTime: 0,
  });

export function useCreateUser() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (draft: NewUser) => body(api.POST("/api/v1/users", { body: draft })),
    onSuccess: () => queries.invalidateQueries({ queryKey: userKeys.all }),
  });
}

export function useSwitchUser(username: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (verb: "activate" | "deactivate") =>
      versioned(api.POST(`/api/v1/users/{username}/${verb}`, { params: { path: { username } } })),
    onSuccess: (saved) => {
      queries.setQueryData(userKeys.one(username), saved);
      void queries.invalidateQueries({ queryKey: userKeys.all });
      void queries.invalidateQueries({ queryKey: ["workloads"] });
    },
  });
}

export const useResetLink = (username: string) =>
  useMutation({
    mutationFn: () => body(api.POST("/api/v1/users/{username}/reset-link", { params: { path: { username } } })),
  });

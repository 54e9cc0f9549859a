import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, body, versioned, type Member, type Project, type Role } from "@/api";
import { projectKeys } from "@/api/projects";
import { sessionKey } from "@/api/session";

export const memberKeys = {
  members: (id: string) => ["projects", "members", id],
  invitations: (id: string) => ["projects", "invitations", id],
  settings: (id: string) => ["projects", "settings", id],
} as const;

type Changes = Pick<Project, "name" | "description">;

/** With the version that an edit must name. */
export const useSettings = (id: string) =>
  useQuery({
    queryKey: memberKeys.settings(id),
    queryFn: () => versioned(api.GET("/api/v1/projects/{project_id}", { params: { path: { project_id: id } } })),
  });

export const saveSettings = (id: string, changes: Changes, etag: string) =>
  versioned(api.PATCH("/api/v1/projects/{project_id}", { params: { path: { project_id: id }, header: { "If-Match": etag } }, body: changes }));

/** Names and archives show in the switcher too: both are asked again. */
export function useProjectsChanged() {
  const queries = useQueryClient();
  return () => {
    void queries.invalidateQueries({ queryKey: projectKeys.all });
    void queries.invalidateQueries({ queryKey: sessionKey });
  };
}

export function useArchive(id: string) {
  const changed = useProjectsChanged();
  return useMutation({
    mutationFn: (verb: "archive" | "unarchive") => body(api.POST(`/api/v1/projects/{project_id}/${verb}`, { params: { path: { project_id: id } } })),
    onSuccess: changed,
  });
}

export function useDeleteProject({ id, slug }: Pick<Project, "id" | "slug">) {
  const changed = useProjectsChanged();
  return useMutation({
    mutationFn: () => body(api.DELETE("/api/v1/projects/{project_id}", { params: { path: { project_id: id }, query: { name: slug } } })),
    onSuccess: changed,
  });
}

const placeKey = (id: string) => ["projects", "place", id];

/** Where its work runs on the cluster. */
export const usePlace = (id: string) =>
  useQuery({
    queryKey: placeKey(id),
    queryFn: () => body(api.GET("/api/v1/projects/{project_id}/place", { params: { path: { project_id: id } } })),
  });

export function useInternet(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (internet: boolean) => body(api.PATCH("/api/v1/projects/{project_id}/place", { params: { path: { project_id: id } }, body: { internet } })),
    onSuccess: (place) => queries.setQueryData(placeKey(id), place),
  });
}

export const useMembers = (id: string) =>
  useQuery({
    queryKey: memberKeys.members(id),
    queryFn: () => body(api.GET("/api/v1/projects/{project_id}/members", { params: { path: { project_id: id }, query: { limit: 200 } } })),
    select: (page) => page.results,
  });

export function useAddMember(id: string) {
  const changed = useProjectsChanged();
  return useMutation({
    mutationFn: (draft: { username: string; role: Role }): Promise<Member> =>
      body(api.POST("/api/v1/projects/{project_id}/members", { params: { path: { project_id: id } }, body: draft })),
    onSuccess: changed,
  });
}

export function useChangeRole(id: string) {
  const changed = useProjectsChanged();
  return useMutation({
    mutationFn: ({ username, role }: { username: string; role: Role }) =>
      body(api.PATCH("/api/v1/projects/{project_id}/members/{username}", { params: { path: { project_id: id, username } }, body: { role } })),
    onSuccess: changed,
  });
}

export function useRemoveMember(id: string) {
  const changed = useProjectsChanged();
  return useMutation({
    mutationFn: (username: string) =>
      body(api.DELETE("/api/v1/projects/{project_id}/members/{username}", { params: { path: { project_id: id, username } } })),
    onSuccess: changed,
  });
}

export const useInvitations = (id: string, enabled: boolean) =>
  useQuery({
    queryKey: memberKeys.invitations(id),
    queryFn: () => body(api.GET("/api/v1/projects/{project_id}/invitations", { params: { path: { project_id: id }, query: { limit: 200 } } })),
    select: (page) => page.results,
    enabled,
  });

export function useInvite(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (draft: { role: Role; note: string }) =>
      body(api.POST("/api/v1/projects/{project_id}/invitations", { params: { path: { project_id: id } }, body: draft })),
    onSuccess: () => queries.invalidateQueries({ queryKey: memberKeys.invitations(id) }),
  });
}

export function useRevokeInvitation(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (iid: string) =>
      body(api.DELETE("/api/v1/projects/{project_id}/invitations/{invitation_id}", { params: { path: { project_id: id, invitation_id: iid } } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: memberKeys.invitations(id) }),
  });
}

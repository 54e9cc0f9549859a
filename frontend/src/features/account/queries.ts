import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, body } from "@/api";
import { sessionKey } from "@/api/session";

export const usePasswordReset = (token: string) =>
  useQuery({
    queryKey: ["password-resets", token],
    queryFn: () => body(api.GET("/api/v1/password-resets/{token}", { params: { path: { token } } })),
    staleTime: Infinity,
  });

export const useSetPassword = (token: string) =>
  useMutation({
    mutationFn: (password: string) =>
      body(api.POST("/api/v1/password-resets/{token}", { params: { path: { token } }, body: { new_password: password } })),
  });

export const useInvitation = (token: string) =>
  useQuery({
    queryKey: ["invitations", token],
    queryFn: () => body(api.GET("/api/v1/invitations/{token}", { params: { path: { token } } })),
    staleTime: Infinity,
  });

export function useAcceptInvitation(token: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => body(api.POST("/api/v1/invitations/{token}/accept", { params: { path: { token } } })),
    // The new project must be in the session before its pages open.
    onSuccess: () => queries.refetchQueries({ queryKey: sessionKey }),
  });
}

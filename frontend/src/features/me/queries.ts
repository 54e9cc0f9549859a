import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, body, type Token } from "@/api";

export const meKeys = {
  browsers: ["browsers"],
  tokens: ["tokens"],
  quota: ["me", "quota"],
} as const;

export const useBrowsers = () =>
  useQuery({
    queryKey: meKeys.browsers,
    queryFn: () => body(api.GET("/api/v1/me/browsers")),
    select: (page) => page.results,
  });

export function useEndBrowser() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => body(api.DELETE("/api/v1/me/browsers/{browser_id}", { params: { path: { browser_id: id } } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: meKeys.browsers }),
  });
}

export function useChangePassword() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (change: { current_password: string; new_password: string; end_tokens: boolean }) =>
      body(api.POST("/api/v1/me/password", { body: change })),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: meKeys.browsers });
      void queries.invalidateQueries({ queryKey: meKeys.tokens });
    },
  });
}

export const useTokens = () =>
  useQuery({
    queryKey: meKeys.tokens,
    queryFn: () => body(api.GET("/api/v1/me/tokens", { params: { query: { limit: 200 } } })),
    select: (page) => page.results,
  });

export interface TokenDraft { name: string; scopes: Token["scopes"]; expires_in_days: number }

export function useCreateToken() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (draft: TokenDraft) => body(api.POST("/api/v1/me/tokens", { body: draft })),
    onSuccess: () => queries.invalidateQueries({ queryKey: meKeys.tokens }),
  });
}

export function useRevokeToken() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => body(api.DELETE("/api/v1/me/tokens/{token_id}", { params: { path: { token_id: id } } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: meKeys.tokens }),
  });
}

export const useMyQuota = () =>
  useQuery({
    queryKey: meKeys.quota,
    queryFn: () => body(api.GET("/api/v1/me/quota")),
    select: (quota) => quota.lines,
  });

import { useMutation, useQuery, useQueryClient, useSuspenseQuery, type QueryClient } from "@tanstack/react-query";
import { api, body } from "./client";
import type { Me, Session } from "./models";

export const sessionKey = ["session"] as const;

/**
 * When a session ends, the pages that are being left still need somebody: they render once more
 * before the gate takes them away. `authenticated` says that it is over.
 */
function keepWhoLeaves(before: unknown, after: unknown): Session {
  const [old, next] = [before as Session | undefined, after as Session];
  return next.user ? next : { ...next, user: old?.user ?? null };
}

const sessionQuery = {
  queryKey: sessionKey,
  queryFn: () => body(api.GET("/api/v1/session")),
  staleTime: 60_000,
  structuralSharing: keepWhoLeaves,
};

export const useSession = () => useQuery(sessionQuery);

/** For pages behind the sign-in: the shell has made sure that there is a user. */
export function useMe(): Me {
  const { data } = useSuspenseQuery(sessionQuery);
  if (!data.user) throw new Error("a signed-in page was shown without a user");
  return data.user;
}

export function useConfig() {
  return useSuspenseQuery(sessionQuery).data.config;
}

/** Put a changed user into the session at once. */
export function rememberMe(queries: QueryClient, user: Me): void {
  queries.setQueryData<Session>(sessionKey, (session) => session && { ...session, authenticated: true, user });
}

export function useSignIn() {
  const queries = useQueryClient();
  return useMutation({
    meta: { signIn: true },
    mutationFn: async (credentials: { username: string; password: string }) => {
      // The token cookie of an old page may be gone: fetch a fresh one first.
      if (!document.cookie.includes("atelier_csrf=")) await api.GET("/api/v1/session");
      return body(api.POST("/api/v1/session", { body: credentials }));
    },
    onSuccess: async () => {
      queries.removeQueries({ predicate: (query) => query.queryKey[0] !== "session" });
      await queries.refetchQueries({ queryKey: sessionKey });
    },
  });
}

export function useSignOut() {
  return useMutation({
    mutationFn: () => body(api.DELETE("/api/v1/session")),
    // A full page load forgets everything that was on this page.
    onSuccess: () => location.assign("/login"),
  });
}

export function useSaveMe() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (changes: Partial<Pick<Me, "display_name" | "email" | "language" | "theme" | "time_zone">>) =>
      body(api.PATCH("/api/v1/me", { body: changes })),
    onSuccess: (user) => rememberMe(queries, user),
  });
}

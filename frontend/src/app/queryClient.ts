import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { hasStatus, isApiError, type Session } from "@/api";
import { noteHub } from "@/api/hub";
import { sessionKey } from "@/api/session";

const RETRIES = 2;

/** Refusals are final; only what was away is asked again. */
function worthRetrying(failures: number, error: Error): boolean {
  if (failures >= RETRIES) return false;
  return !isApiError(error) || error.status === 0 || error.status >= 500;
}

const retryDelay = (attempt: number, error: Error): number =>
  isApiError(error) && error.retryAfter ? error.retryAfter * 1000 : Math.min(1000 * 2 ** attempt, 8000);

/**
 * 401 is handled here once, for every query and action: the session is over, and the gate sends
 * the reader to sign in and back. 403 means that rights changed: look at the session again.
 */
export function createQueryClient(): QueryClient {
  const onError = (error: Error): void => {
    noteHub(error);
    if (hasStatus(error, 401)) {
      client.setQueryData<Session>(sessionKey, (session) => session && { ...session, authenticated: false, user: null });
    } else if (hasStatus(error, 403)) {
      void client.invalidateQueries({ queryKey: sessionKey });
    }
  };
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({
      onError: (error, _variables, _context, mutation) => {
        // Signing in answers 401 to a wrong password: that is not a lost session.
        if (mutation.meta?.signIn) return;
        onError(error);
      },
    }),
    defaultOptions: {
      queries: { retry: worthRetrying, retryDelay, staleTime: 10_000, refetchOnWindowFocus: true, throwOnError: false },
      mutations: { retry: false },
    },
  });
  return client;
}

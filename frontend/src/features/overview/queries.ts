import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, body } from "@/api";
import { useLiveInterval } from "@/api/live";

/** My notebooks of the project: which stop soon, and the way to keep them. */
export const useMyNotebooks = (project: string) =>
  useQuery({
    queryKey: ["notebooks", "mine", project],
    queryFn: () => body(api.GET("/api/v1/notebooks", { params: { query: { project, owner: "me", limit: 100 } } })),
    refetchInterval: useLiveInterval(),
  });

export function useKeepRunning() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => body(api.POST("/api/v1/notebooks/{notebook_id}/keep-running", { params: { path: { notebook_id: id } } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["notebooks"] }),
  });
}

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, body } from "@/api";
import { workloadKeys } from "@/api/workloads";

function useAct(call: (id: string) => Promise<unknown>) {
  const queries = useQueryClient();
  // Not awaited: the row may be gone when the list is back, and the outcome is to be told before.
  return useMutation({ mutationFn: call, onSettled: () => { void queries.invalidateQueries({ queryKey: workloadKeys.all }); } });
}

export const useStop = () => useAct((id) => body(api.POST("/api/v1/workloads/{workload_id}/stop", { params: { path: { workload_id: id } } })));

/** For what no engine will ever answer for again. */
export const useForceSettle = () => useAct((id) => body(api.POST("/api/v1/workloads/{workload_id}/force-settle", { params: { path: { workload_id: id } } })));

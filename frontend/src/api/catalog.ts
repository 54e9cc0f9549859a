import { useQuery } from "@tanstack/react-query";
import { api, body } from "./client";

const LIMIT = 200;

/** The software a start in this project may choose. */
export const useEnvironments = (project: string) =>
  useQuery({
    queryKey: ["environments", "choices", project],
    queryFn: () => body(api.GET("/api/v1/environments", { params: { query: { project, limit: LIMIT } } })),
    select: (page) => page.results.filter((environment) => environment.enabled),
  });

/** The hardware a start in this project may choose; what it can never have stays and says why. */
export const useProfiles = (project: string) =>
  useQuery({
    queryKey: ["profiles", "choices", project],
    queryFn: () => body(api.GET("/api/v1/profiles", { params: { query: { project, limit: LIMIT } } })),
    select: (page) => page.results.filter((profile) => profile.enabled),
  });

/** What somebody thinks of starting. */
export interface Wish {
  readonly kind: "notebook" | "job";
  readonly project: string;
  readonly environment?: string;
  readonly profile: string;
}

/** Would it fit? The old answer stays, dimmed, until the new one is there. */
export const useCheck = (wish: Wish | null) =>
  useQuery({
    queryKey: ["check", wish],
    queryFn: () => body(api.POST("/api/v1/check", { body: wish as Wish })),
    enabled: wish !== null,
    placeholderData: (previous) => previous,
    retry: false,
    staleTime: 5000,
    refetchInterval: 30_000,
  });

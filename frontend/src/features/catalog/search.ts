import type { Environment } from "@/api";

interface Found {
  readonly environment: Environment;
  /** The package that matched, where name and description did not. */
  readonly match: Environment["packages"][number] | null;
}

const has = (text: string, wanted: string) => text.toLowerCase().includes(wanted);

/** Environments by name, description or one of their packages. */
export function findEnvironments(all: readonly Environment[], query: string): Found[] {
  const wanted = query.trim().toLowerCase();
  return all.flatMap((environment): Found[] => {
    if (!wanted || has(environment.name, wanted) || has(environment.description, wanted)) return [{ environment, match: null }];
    const match = environment.packages.find(({ name }) => has(name, wanted));
    return match ? [{ environment, match }] : [];
  });
}

import { Link } from "react-router";
import type { Workload } from "@/api";
import { Icon, type IconName } from "@/ui/Icon";

type Thing = Pick<Workload, "kind" | "durable_id" | "name" | "project">;

const KINDS: Readonly<Record<string, { readonly icon: IconName; readonly path: string }>> = {
  notebook: { icon: "notebook", path: "notebooks" },
  job: { icon: "play", path: "jobs" },
};

export const iconOf = (kind: string): IconName => KINDS[kind]?.icon ?? "box";

/** The page of the thing that a workload is a run of, for kinds that have one. */
export function pageOf({ kind, durable_id: id, project }: Thing): string | undefined {
  const path = KINDS[kind]?.path;
  return path && id ? `/p/${project.slug}/${path}/${id}` : undefined;
}

/** What runs, by its kind's icon and its name; the name leads to its page. */
export function WorkloadName({ workload }: { readonly workload: Thing & { readonly id: string } }) {
  const page = pageOf(workload);
  return (
    <span className="row">
      <Icon name={iconOf(workload.kind)} />
      {page
        ? <Link className="medium ellipsis" to={page} title={workload.id}>{workload.name}</Link>
        : <span className="medium ellipsis" title={workload.id}>{workload.name}</span>}
    </span>
  );
}

import { useProfiles } from "@/api/catalog";
import { useProjectQuota } from "@/api/projects";
import { useT } from "@/lib/i18n";
import { Card } from "@/ui/Card";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { SkeletonLines } from "@/ui/Skeleton";
import { Time } from "@/ui/Time";
import { partsMessages } from "../i18n";
import type { LaunchKind } from "./fit";
import { ResourcesPicker } from "./ResourcesPicker";

interface Props {
  readonly project: string;
  readonly kind?: LaunchKind;
  readonly value: string;
  readonly onChange: (profile: string) => void;
}

/** The profiles of the project with what is free now, and how old that is. */
export function ResourcesCard({ project, kind = "notebook", value, onChange }: Props) {
  const t = useT(partsMessages);
  const profiles = useProfiles(project);
  const { data: quota, dataUpdatedAt: at } = useProjectQuota(project);
  const age = at ? t.rich("choose.freeAge", { time: <Time value={new Date(at)} relative /> }) : null;
  return (
    <Card title={t("choose.resources")} aside={<span className="faint small">{age}</span>}>
      {profiles.error && <ErrorNotice error={profiles.error} title={t("choose.failed")} onRetry={() => void profiles.refetch()} />}
      {profiles.isPending && <SkeletonLines lines={4} />}
      {profiles.data?.length === 0 && <EmptyState icon="cpu" title={t("choose.noProfile")} />}
      {profiles.data && <ResourcesPicker legend={t("choose.resources")} kind={kind} profiles={profiles.data} quota={quota ?? []} value={value} onChange={onChange} />}
    </Card>
  );
}

import type { Project } from "@/api";
import { formatTime } from "@/lib/formatTime";
import { useT } from "@/lib/i18n";
import { Notice } from "@/ui/Notice";
import { partsMessages } from "./i18n";

/** What is amiss with the ground a project stands on: it is being made, it is going, or it failed. */
export default function PlaceNotice({ project }: { readonly project: Project }) {
  const t = useT(partsMessages);
  const { deleted_at: deleted, place } = project;
  const said = [place?.reason?.text, place?.reason?.action].filter(Boolean).join(" ");
  if (deleted) return <Notice tone="warn" icon="trash" role="status" title={t("place.deleting", { time: formatTime(deleted, t.language) })}>{said || t("place.deletingText")}</Notice>;
  if (place?.state === "failed") return <Notice tone="bad" role="status" title={t("place.failed")}>{said}</Notice>;
  if (place?.state === "pending") return <Notice icon="hourglass" role="status" title={t("place.pending")}>{said || t("place.pendingText")}</Notice>;
  return null;
}

import { formatClock } from "@/lib/formatTime";
import { useT } from "@/lib/i18n";
import { ConflictDialog } from "@/ui/ConflictDialog";
import { uiMessages } from "@/ui/i18n";
import { resourceName } from "@/ui/QuotaBar";
import { figure, type Limit } from "../amounts";
import { quotasMessages } from "../i18n";
import type { Conflict, RowEdit } from "../useRowEdit";

/** "carol set 10 at 14:02." Keep yours or take theirs? */
export function LimitConflict({ conflict, edit }: { readonly conflict: Conflict; readonly edit: RowEdit }) {
  const t = useT(quotasMessages);
  const ui = useT(uiMessages);
  const { resource } = conflict.line;
  const shown = (limit: Limit) => (limit === null ? t("limit.none") : figure(resource, limit, t.language));
  const limit = shown(conflict.theirs);
  const title = conflict.by && conflict.at ? t("conflict.title", { by: conflict.by, limit, time: formatClock(conflict.at, t.language) }) : t("conflict.plain", { limit });
  return (
    <ConflictDialog title={title} busy={edit.busy} onKeep={edit.keepMine} onTake={edit.takeTheirs} onClose={edit.putOff}
      differences={[{ label: resourceName(resource, ui), mine: shown(conflict.mine), theirs: limit }]} />
  );
}

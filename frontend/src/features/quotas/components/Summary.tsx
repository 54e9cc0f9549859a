import type { QuotaScope, Workload } from "@/api";
import { formatElapsed } from "@/lib/formatDuration";
import { useT } from "@/lib/i18n";
import { Figures, type Figure } from "@/ui/Figures";
import { useNow } from "@/ui/Time";
import { figure, figures } from "../amounts";
import { quotasMessages } from "../i18n";
import { useQuotas } from "../queries";

const share = (part: number, whole: number, language: string) =>
  (part / Math.max(whole, 1)).toLocaleString(language, { style: "percent", maximumFractionDigits: 0 });

function usePlatformFigures(): Figure[] {
  const t = useT(quotasMessages);
  const { data } = useQuotas("platform");
  const lines = data?.[0]?.lines ?? [];
  return (["cpu", "memory", "notebooks"] as const).map((resource) => {
    const line = lines.find((one) => one.resource === resource);
    if (!line) return { label: t(`sum.${resource}`), value: "–" };
    const { used, limit } = figures(resource, line.in_use, line.limit, t.language);
    const reserved = line.reserved > 0 ? t("sum.reserved", { amount: figure(resource, line.reserved, t.language) }) : undefined;
    const note = line.limit === null ? reserved : share(line.in_use, line.limit, t.language);
    return { label: t(`sum.${resource}`), value: limit === null ? used : t("sum.of", { used, limit }), note };
  });
}

/** What the limits of all projects add up to. */
export function promised(projects: readonly QuotaScope[]): { amount: number; projects: number; unlimited: boolean } {
  const lines = projects.filter((row) => !row.defaults).flatMap((row) => row.lines.filter(({ resource }) => resource === "cpu"));
  return { amount: lines.reduce((sum, line) => sum + (line.limit ?? 0), 0), projects: lines.length, unlimited: lines.some(({ limit }) => limit === null) };
}

function useQueueFigure(live: readonly Workload[]): Figure {
  const t = useT(quotasMessages);
  const now = useNow(30_000);
  const queued = live.filter(({ status }) => status === "queued");
  const longest = Math.max(0, ...queued.map(({ created }) => (now.getTime() - new Date(created).getTime()) / 1000));
  return {
    label: t("sum.queue"), value: queued.length.toLocaleString(t.language),
    note: queued.length ? t("sum.longest", { time: formatElapsed(longest, t.language) }) : t("sum.nobody"),
  };
}

export function Summary({ live }: { readonly live: readonly Workload[] }) {
  const t = useT(quotasMessages);
  const used = usePlatformFigures();
  const queue = useQueueFigure(live);
  const { data: projects = [] } = useQuotas("project");
  const sum = promised(projects);
  const all: Figure = {
    label: t("sum.promised"), value: figure("cpu", sum.amount, t.language),
    note: t(sum.unlimited ? "sum.promisedUnlimited" : "sum.promisedNote", { count: sum.projects }),
  };
  return <Figures label={t("sum.label")} figures={[...used, all, queue]} />;
}

import { useQuery } from "@tanstack/react-query";
import { api, body, type Component } from "@/api";
import { useT } from "@/lib/i18n";
import { Button } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { Facts } from "@/ui/Facts";
import { Loaded } from "@/ui/Loaded";
import { Notice } from "@/ui/Notice";
import { PageHeader } from "@/ui/PageHeader";
import { Table, type Column } from "@/ui/Table";
import { Tag } from "@/ui/Tag";
import { Time } from "@/ui/Time";
import { healthMessages } from "../i18n";
import { worstFirst } from "../worstFirst";

const AGAIN_MS = 10_000;

const useHealth = () =>
  useQuery({
    queryKey: ["health"],
    queryFn: () => body(api.GET("/api/v1/platform/health")),
    refetchInterval: AGAIN_MS,
    staleTime: 0,
  });

const LOOK = {
  ok: { tone: "ok", icon: "tickRing" }, degraded: { tone: "warn", icon: "warn" }, down: { tone: "bad", icon: "crossRing" },
} as const satisfies Record<Component["state"], unknown>;

const KNOWN = ["database", "broker", "hub", "proxy", "events", "worker", "beat", "queue", "due", "outbox", "engine", "cluster", "tenancy"] as const;
type Known = (typeof KNOWN)[number];
const isKnown = (name: string): name is Known => (KNOWN as readonly string[]).includes(name);

function useColumns(): Column<Component>[] {
  const t = useT(healthMessages);
  return [
    {
      key: "name", title: t("component"), cell: ({ name }) => (
        <div className="col" style={{ padding: "7px 0" }}>
          <span className="medium">{isKnown(name) ? t(`name.${name}`) : name}</span>
          {isKnown(name) && <span className="faint small only-large">{t(`hint.${name}`)}</span>}
        </div>
      ),
    },
    { key: "state", title: t("state"), cell: ({ state }) => <Tag tone={LOOK[state].tone} icon={LOOK[state].icon}>{t(`state.${state}`)}</Tag> },
    { key: "detail", title: t("detail"), wide: true, large: true, cell: ({ detail }) => <span className="muted">{detail}</span> },
    { key: "checked", title: t("checked"), align: "right", large: true, cell: ({ checked_at: at }) => <span className="faint"><Time value={at} /></span> },
  ];
}

export default function HealthPage() {
  const t = useT(healthMessages);
  const query = useHealth();
  const columns = useColumns();
  const bad = query.data?.components.filter(({ state }) => state !== "ok").length ?? 0;
  return (
    <>
      <PageHeader title={t("title")} actions={<Button icon="refresh" busy={query.isFetching} onClick={() => void query.refetch()}>{t("refresh")}</Button>} />
      <Loaded query={query} failed={t("failed")}>
        {({ components, versions }) => (
          <div className="stack">
            <Notice tone={bad ? "warn" : "ok"} role="status">{bad ? t("some.bad", { count: bad }) : t("all.ok")}</Notice>
            <div className="columns">
              <Card flush title={t("components")}>
                <Table label={t("components")} columns={columns} rows={worstFirst(components)} rowKey={({ name }) => name} />
              </Card>
              <Card title={t("versions")}>
                <Facts facts={Object.entries(versions).map(([name, version]) => [name, <code key={name}>{version}</code>] as const)} />
              </Card>
            </div>
          </div>
        )}
      </Loaded>
    </>
  );
}

import type { Browser } from "@/api";
import { useT } from "@/lib/i18n";
import { Button } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { Loaded } from "@/ui/Loaded";
import { Table, type Column } from "@/ui/Table";
import { Tag } from "@/ui/Tag";
import { Time } from "@/ui/Time";
import { toast } from "@/ui/toast";
import { browserName } from "../browserName";
import { meMessages } from "../i18n";
import { useBrowsers, useEndBrowser } from "../queries";

function useName() {
  const t = useT(meMessages);
  return (agent: string): string => {
    const { browser, system } = browserName(agent);
    if (!browser) return agent.slice(0, 40) || t("browsers.unknown");
    return system ? t("browsers.on", { browser, system }) : browser;
  };
}

function End({ browser }: { readonly browser: Browser }) {
  const t = useT(meMessages);
  const name = useName()(browser.user_agent);
  const { mutate: end, isPending } = useEndBrowser();
  const done = { onSuccess: () => toast(t("browsers.ended", { browser: name })), onError: (error: Error) => toast(error.message, { tone: "bad" }) };
  return (
    <Button small kind="quiet" busy={isPending} aria-label={t("browsers.endOne", { browser: name })}
      disabledReason={browser.current ? t("browsers.self") : null} onClick={() => end(browser.id, done)}>
      {t("browsers.end")}
    </Button>
  );
}

export function BrowsersCard() {
  const t = useT(meMessages);
  const query = useBrowsers();
  const name = useName();
  const columns: Column<Browser>[] = [
    {
      key: "browser", title: t("browsers.browser"), cell: ({ user_agent: agent, current }) => (
        <span className="row"><span className="medium" title={agent}>{name(agent)}</span>{current && <Tag tone="ok" icon="check">{t("browsers.current")}</Tag>}</span>
      ),
    },
    { key: "address", title: t("browsers.address"), large: true, cell: ({ address }) => <span className="muted">{address || "–"}</span> },
    { key: "since", title: t("browsers.since"), large: true, cell: ({ created }) => <span className="muted"><Time value={created} /></span> },
    { key: "seen", title: t("browsers.seen"), large: true, cell: ({ last_seen: seen }) => <span className="muted"><Time value={seen} relative /></span> },
    { key: "end", title: "", align: "right", cell: (browser) => <End browser={browser} /> },
  ];
  return (
    <Card flush title={t("browsers.card")}>
      <Loaded query={query} failed={t("browsers.failed")}>
        {(browsers) => <Table label={t("browsers.card")} columns={columns} rows={browsers} rowKey={({ id }) => id} />}
      </Loaded>
    </Card>
  );
}

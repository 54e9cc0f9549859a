import { useState } from "react";
import type { Token } from "@/api";
import { useT } from "@/lib/i18n";
import { Button } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { ConfirmDialog } from "@/ui/ConfirmDialog";
import { EmptyState } from "@/ui/EmptyState";
import { Loaded } from "@/ui/Loaded";
import { Table, type Column } from "@/ui/Table";
import { Tag } from "@/ui/Tag";
import { Time, useNow } from "@/ui/Time";
import { toast } from "@/ui/toast";
import { Account } from "../components/Account";
import { NewTokenDialog } from "../components/NewTokenDialog";
import { meMessages } from "../i18n";
import { useRevokeToken, useTokens } from "../queries";

/** The widest scope says it all: each includes the ones before it. */
const widest = (scopes: Token["scopes"]) => (["admin", "write", "read"] as const).find((scope) => scopes.includes(scope)) ?? "read";

function useColumns(onRevoke: (token: Token) => void): Column<Token>[] {
  const t = useT(meMessages);
  const now = useNow(60_000);
  const expiry = ({ expires }: Token) => {
    if (!expires) return "–";
    return new Date(expires) < now ? <Tag tone="warn" icon="clock">{t("tokens.expired")}</Tag> : <Time value={expires} />;
  };
  return [
    { key: "name", title: t("tokens.name"), cell: ({ name }) => <span className="medium">{name}</span> },
    { key: "prefix", title: t("tokens.prefix"), large: true, cell: ({ prefix }) => <code>{prefix}…</code> },
    { key: "scopes", title: t("tokens.scopes"), large: true, cell: ({ scopes }) => <span className="muted">{t(`scope.${widest(scopes)}`)}</span> },
    { key: "used", title: t("tokens.used"), large: true, cell: ({ last_used: used }) => <span className="muted">{used ? <Time value={used} relative /> : t("tokens.never")}</span> },
    { key: "expires", title: t("tokens.expires"), cell: (token) => <span className="muted">{expiry(token)}</span> },
    {
      key: "revoke", title: "", align: "right", cell: (token) => (
        <Button small kind="quiet" aria-label={t("tokens.revokeOne", { name: token.name })} onClick={() => onRevoke(token)}>{t("tokens.revoke")}</Button>
      ),
    },
  ];
}

function RevokeDialog({ token, onClose }: { readonly token: Token; readonly onClose: () => void }) {
  const t = useT(meMessages);
  const { mutate: revoke, error, isPending } = useRevokeToken();
  const done = () => {
    onClose();
    toast(t("tokens.revoked", { name: token.name }));
  };
  return (
    <ConfirmDialog title={t("tokens.revokeTitle", { name: token.name })} action={t("tokens.revokeOne", { name: token.name })}
      busy={isPending} error={error} onClose={onClose} onConfirm={() => revoke(token.id, { onSuccess: done })}>
      {t("tokens.revokeText")}
    </ConfirmDialog>
  );
}

export default function TokensPage() {
  const t = useT(meMessages);
  const query = useTokens();
  const [making, setMaking] = useState(false);
  const [revoking, setRevoking] = useState<Token | null>(null);
  const columns = useColumns(setRevoking);
  const create = <Button kind="primary" small icon="key" onClick={() => setMaking(true)}>{t("tokens.new")}</Button>;
  return (
    <Account part="tokens">
      <Card flush title={t("tokens.card")} aside={query.data?.length ? create : undefined}>
        <Loaded query={query} failed={t("tokens.failed")}>
          {(tokens) => (tokens.length
            ? <Table label={t("tokens.card")} columns={columns} rows={tokens} rowKey={({ id }) => id} />
            : <EmptyState icon="key" title={t("tokens.empty")} action={create}>{t("tokens.emptyText")}</EmptyState>)}
        </Loaded>
      </Card>
      <p className="faint small" style={{ marginTop: 10 }}>{t("tokens.lead")}</p>
      {making && <NewTokenDialog onClose={() => setMaking(false)} />}
      {revoking && <RevokeDialog token={revoking} onClose={() => setRevoking(null)} />}
    </Account>
  );
}

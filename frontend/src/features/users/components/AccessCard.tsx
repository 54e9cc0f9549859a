import { useState } from "react";
import type { User } from "@/api";
import { useMe } from "@/api/session";
import { formatTime } from "@/lib/formatTime";
import { useT } from "@/lib/i18n";
import { Button } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { ConfirmDialog } from "@/ui/ConfirmDialog";
import { CopyOnce } from "@/ui/CopyOnce";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { toast } from "@/ui/toast";
import { usersMessages } from "../i18n";
import { useImpact, useResetLink, useSwitchUser } from "../queries";
import styles from "./users.module.css";

const NAMED = 6;

interface Props { readonly user: User; readonly reason: string | null }

/** By name, what the reader is about to stop. */
function Impact({ username }: { readonly username: string }) {
  const t = useT(usersMessages);
  const { data: live, error } = useImpact(username);
  if (error) return <p>{t("deactivate.unknown")}</p>;
  if (!live) return <p>{t("deactivate.loading")}</p>;
  if (live.length === 0) return <p>{t("deactivate.nothing", { name: username })}</p>;
  return (
    <div>
      <p>{t("deactivate.stops", { count: live.length, name: username })}</p>
      <ul className={styles.list}>
        {live.slice(0, NAMED).map(({ kind, name, project }) => <li key={`${kind}/${project}/${name}`}>{name} <span className="faint">({project})</span></li>)}
        {live.length > NAMED && <li>…</li>}
      </ul>
    </div>
  );
}

function DeactivateDialog({ user, onClose }: { readonly user: User; readonly onClose: () => void }) {
  const t = useT(usersMessages);
  const name = user.username;
  const { mutate: turn, error, isPending } = useSwitchUser(name);
  const done = () => {
    onClose();
    toast(t("deactivate.done", { name }));
  };
  return (
    <ConfirmDialog title={t("deactivate.title", { name })} action={t("deactivate.action", { name })} busy={isPending} error={error}
      onClose={onClose} onConfirm={() => turn("deactivate", { onSuccess: done })}>
      <div className="col g12">
        <Impact username={name} />
        <p>{t("deactivate.rest", { name })}</p>
      </div>
    </ConfirmDialog>
  );
}

function Reset({ user, reason }: Props) {
  const t = useT(usersMessages);
  const { mutate: make, data: link, error, isPending } = useResetLink(user.username);
  const name = user.username;
  return (
    <div className={styles.act}>
      <div className="row g16 wrap">
        <div className="grow" style={{ minWidth: 200 }}><p className="medium">{t("reset")}</p><p className="muted small">{t("reset.text", { name })}</p></div>
        <Button small icon="key" busy={isPending} disabledReason={reason} onClick={() => make()}>{t("reset.action")}</Button>
      </div>
      {error && <ErrorNotice error={error} title={t("reset.failed")} />}
      {link && <CopyOnce title={t("reset.ready", { name })} label={t("new.link")} value={link.url} />}
      {link && <p className="faint small">{t("reset.expires", { time: formatTime(link.expires, t.language) })}</p>}
    </div>
  );
}

function Switch({ user, reason }: Props) {
  const t = useT(usersMessages);
  const me = useMe();
  const name = user.username;
  const [asking, setAsking] = useState(false);
  const { mutate: turn, isPending } = useSwitchUser(name);
  const open = () => turn("activate", {
    onSuccess: () => toast(t("activate.done", { name })),
    onError: (error) => toast(error.message, { tone: "bad" }),
  });
  const self = me.username === name ? t("deactivate.self") : null;
  return (
    <div className={styles.act}>
      <div className="row g16 wrap">
        <div className="grow" style={{ minWidth: 200 }}>
          <p className="medium">{t(user.is_active ? "deactivate" : "activate")}</p>
          <p className="muted small">{t(user.is_active ? "deactivate.text" : "activate.text", { name })}</p>
        </div>
        {user.is_active
          ? <Button small kind="danger" icon="barredRing" disabledReason={reason ?? self} onClick={() => setAsking(true)}>{t("deactivate")}</Button>
          : <Button small icon="check" busy={isPending} disabledReason={reason} onClick={open}>{t("activate")}</Button>}
      </div>
      {asking && <DeactivateDialog user={user} onClose={() => setAsking(false)} />}
    </div>
  );
}

export function AccessCard(props: Props) {
  const t = useT(usersMessages);
  return <Card flush title={t("access")}>{props.user.is_active && <Reset {...props} />}<Switch {...props} /></Card>;
}

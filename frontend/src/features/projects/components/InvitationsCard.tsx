import { useState } from "react";
import type { Invitation, Project } from "@/api";
import { useT } from "@/lib/i18n";
import { Button } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { EmptyState } from "@/ui/EmptyState";
import { Loaded } from "@/ui/Loaded";
import { Table, type Column } from "@/ui/Table";
import { Tag } from "@/ui/Tag";
import { Time, useNow } from "@/ui/Time";
import { toast } from "@/ui/toast";
import { projectsMessages } from "../i18n";
import { useInvitations, useRevokeInvitation } from "../queries";
import { InviteDialog } from "./InviteDialog";
import { useLeadReason } from "./useRights";

function Revoke({ project, invitation }: { readonly project: string; readonly invitation: Invitation }) {
  const t = useT(projectsMessages);
  const { mutate: revoke, isPending } = useRevokeInvitation(project);
  const done = { onSuccess: () => toast(t("invitations.revoked")), onError: (error: Error) => toast(error.message, { tone: "bad" }) };
  return (
    <Button small kind="quiet" busy={isPending} aria-label={t("invitations.revokeOne", { role: t(`role.${invitation.role}`) })}
      onClick={() => revoke(invitation.id, done)}>
      {t("invitations.revoke")}
    </Button>
  );
}

function Expiry({ invitation }: { readonly invitation: Invitation }) {
  const t = useT(projectsMessages);
  const now = useNow(60_000);
  return new Date(invitation.expires) < now ? <Tag tone="warn" icon="clock">{t("invitations.expired")}</Tag> : <Time value={invitation.expires} />;
}

/** Only leads see who is invited; the others see that they may not. */
export function InvitationsCard({ project }: { readonly project: Project }) {
  const t = useT(projectsMessages);
  const reason = useLeadReason(project, "members");
  const query = useInvitations(project.id, reason === null);
  const [inviting, setInviting] = useState(false);
  const columns: Column<Invitation>[] = [
    { key: "note", title: t("invitations.noteLabel"), wide: true, cell: ({ note }) => (note ? note : <span className="faint">{t("invitations.unnamed")}</span>) },
    { key: "role", title: t("invitations.role"), cell: ({ role }) => t(`role.${role}`) },
    { key: "by", title: t("invitations.by"), large: true, cell: ({ created_by: by }) => <span className="muted">{by}</span> },
    { key: "expires", title: t("invitations.expires"), large: true, cell: (invitation) => <span className="muted"><Expiry invitation={invitation} /></span> },
    { key: "actions", title: "", align: "right", cell: (invitation) => <Revoke project={project.id} invitation={invitation} /> },
  ];
  const list = (invitations: readonly Invitation[]) =>
    invitations.length
      ? <Table label={t("invitations.card")} columns={columns} rows={invitations} rowKey={({ id }) => id} />
      : <EmptyState title={t("invitations.empty")}>{t("invitations.note")}.</EmptyState>;
  return (
    <Card flush title={t("invitations.card")} note={query.data?.length ? t("invitations.note") : undefined}
      aside={<Button small icon="key" disabledReason={reason} onClick={() => setInviting(true)}>{t("invitations.new")}</Button>}>
      {reason ? <EmptyState title={reason} /> : <Loaded query={query} failed={t("invitations.failed")}>{list}</Loaded>}
      {inviting && <InviteDialog project={project.id} onClose={() => setInviting(false)} />}
    </Card>
  );
}

import { useState } from "react";
import { useNavigate } from "react-router";
import type { Member, Project, Role } from "@/api";
import { useMe } from "@/api/session";
import { useT } from "@/lib/i18n";
import { Avatar } from "@/ui/Avatar";
import { Button, IconButton } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { ConfirmDialog } from "@/ui/ConfirmDialog";
import { Loaded } from "@/ui/Loaded";
import { Menu } from "@/ui/Menu";
import { Table, type Column } from "@/ui/Table";
import { Tag } from "@/ui/Tag";
import { Time } from "@/ui/Time";
import { toast } from "@/ui/toast";
import { projectsMessages } from "../i18n";
import { useChangeRole, useMembers, useRemoveMember } from "../queries";
import { AddMemberDialog } from "./AddMemberDialog";
import { RoleMenu } from "./RoleMenu";
import { useLeadReason } from "./useRights";

function useSetRole(project: Project) {
  const t = useT(projectsMessages);
  const { mutate } = useChangeRole(project.id);
  const set = (username: string, role: Role, before?: Role): void =>
    mutate({ username, role }, {
      onSuccess: () => toast(t("members.roleChanged", { name: username, role: t(`role.${role}`) }),
        before ? { undo: () => set(username, before) } : {}),
      onError: (error) => toast(t("members.roleNotChanged", { detail: error.message }), { tone: "bad" }),
    });
  return set;
}

interface RemoveProps { readonly project: Project; readonly member: Member; readonly mine: boolean; readonly onClose: () => void }

function RemoveDialog({ project, member, mine, onClose }: RemoveProps) {
  const t = useT(projectsMessages);
  const navigate = useNavigate();
  const { mutate: remove, error, isPending } = useRemoveMember(project.id);
  const name = member.username;
  const done = () => {
    onClose();
    if (mine) void navigate("/projects");
    else toast(t("remove.done", { name }));
  };
  return (
    <ConfirmDialog title={mine ? t("leave.title", { project: project.name }) : t("remove.title", { name, project: project.name })}
      action={mine ? t("leave.action", { project: project.name }) : t("remove.action", { name })}
      busy={isPending} error={error} onClose={onClose} onConfirm={() => remove(name, { onSuccess: done })}>
      {mine ? t("leave.text") : t("remove.text", { name })}
    </ConfirmDialog>
  );
}

function Who({ member, mine }: { readonly member: Member; readonly mine: boolean }) {
  const t = useT(projectsMessages);
  return (
    <span className="row" style={{ padding: "6px 0" }}>
      <Avatar name={member.display_name || member.username} />
      <span className="col">
        <span className="row g6"><span className="medium ellipsis">{member.display_name || member.username}</span>{mine && <Tag>{t("members.you")}</Tag>}</span>
        <span className="faint small ellipsis">{member.username}</span>
      </span>
    </span>
  );
}

export function MembersCard({ project }: { readonly project: Project }) {
  const t = useT(projectsMessages);
  const me = useMe();
  const query = useMembers(project.id);
  const reason = useLeadReason(project, "members");
  const setRole = useSetRole(project);
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<Member | null>(null);
  const leads = query.data?.filter((member) => member.role === "lead").length ?? 0;
  const lastLead = (member: Member) => (member.role === "lead" && leads === 1 ? t("members.lastLead") : null);
  const isMe = (member: Member) => member.username === me.username;
  const columns: Column<Member>[] = [
    { key: "name", title: t("members.name"), cell: (member) => <Who member={member} mine={isMe(member)} /> },
    {
      key: "role", title: t("members.role"), cell: (member) => (
        <RoleMenu who={member.username} role={member.role} disabledReason={reason ?? lastLead(member)}
          onChange={(role) => setRole(member.username, role, member.role)} />
      ),
    },
    { key: "since", title: t("members.since"), large: true, cell: (member) => <span className="muted"><Time value={member.since} /></span> },
    {
      key: "actions", title: "", align: "right", width: 44, cell: (member) => (
        <Menu label={t("members.actions", { name: member.username })} align="right" entries={[{
          key: "remove", icon: "leave", danger: true, label: t(isMe(member) ? "members.leave" : "members.remove"),
          disabledReason: lastLead(member) ?? (isMe(member) ? null : reason), onSelect: () => setRemoving(member),
        }]} trigger={<IconButton small icon="dots" label={t("members.actions", { name: member.username })} />} />
      ),
    },
  ];
  return (
    <Card flush title={t("members.card")} note={query.data?.length}
      aside={<Button small icon="plus" disabledReason={reason} onClick={() => setAdding(true)}>{t("members.add")}</Button>}>
      <Loaded query={query} failed={t("members.failed")}>
        {(members) => <Table label={t("members.card")} columns={columns} rows={members} rowKey={(member) => member.username} />}
      </Loaded>
      {adding && <AddMemberDialog project={project.id} onClose={() => setAdding(false)} />}
      {removing && <RemoveDialog project={project} member={removing} mine={isMe(removing)} onClose={() => setRemoving(null)} />}
    </Card>
  );
}

import { useParams } from "react-router";
import { hasStatus } from "@/api";
import { useMe } from "@/api/session";
import { useT } from "@/lib/i18n";
import { ButtonLink } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { useCrumb } from "@/ui/crumbs";
import { EmptyState } from "@/ui/EmptyState";
import { Facts } from "@/ui/Facts";
import { Loaded } from "@/ui/Loaded";
import { PageHeader } from "@/ui/PageHeader";
import { Time } from "@/ui/Time";
import { AccessCard } from "../components/AccessCard";
import { ProfileCard } from "../components/ProfileCard";
import { RoleTag, StateTag } from "../components/Who";
import { WorkCard } from "../components/WorkCard";
import { usersMessages } from "../i18n";
import { useUser } from "../queries";

export default function UserPage() {
  const t = useT(usersMessages);
  const me = useMe();
  const { username = "" } = useParams();
  const query = useUser(username);
  const user = query.data?.value;
  const reason = me.permissions.platform_admin ? null : t("readOnly");
  useCrumb(username);
  if (hasStatus(query.error, 404)) {
    return <EmptyState icon="person" title={t("failedOne")} action={<ButtonLink to="/admin/users">{t("back")}</ButtonLink>}>{query.error?.message}</EmptyState>;
  }
  return (
    <>
      <PageHeader title={user?.display_name || username} sub={reason ?? username} beside={user && <StateTag active={user.is_active} />}
        actions={<ButtonLink icon="file" to={`/admin/audit?actor=${encodeURIComponent(username)}`}>{t("audit", { name: username })}</ButtonLink>} />
      <Loaded query={query} failed={t("failedOne")}>
        {(start) => (
          <div className="columns">
            <div className="stack">
              <ProfileCard key={username} start={start} reason={reason} />
              <AccessCard key={`access ${username}`} user={start.value} reason={reason} />
              <WorkCard username={username} />
            </div>
            <Card title={t("about")}>
              <Facts facts={[
                [t("new.username"), <code key="name">{start.value.username}</code>],
                [t("id"), <code key="id">{start.value.id}</code>],
                [t("role"), <RoleTag key="role" role={start.value.platform_role} />],
                [t("created"), <Time key="created" value={start.value.created} />],
                [t("seen"), start.value.last_seen ? <Time key="seen" value={start.value.last_seen} relative /> : t("never")],
              ]} />
            </Card>
          </div>
        )}
      </Loaded>
    </>
  );
}

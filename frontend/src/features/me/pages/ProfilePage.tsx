import { Link } from "react-router";
import { useMe } from "@/api/session";
import { useT } from "@/lib/i18n";
import { Card } from "@/ui/Card";
import { Facts } from "@/ui/Facts";
import { Time } from "@/ui/Time";
import { Account } from "../components/Account";
import { PreferencesCard } from "../components/PreferencesCard";
import { ProfileCard } from "../components/ProfileCard";
import { meMessages } from "../i18n";

export default function ProfilePage() {
  const t = useT(meMessages);
  const me = useMe();
  const projects = me.projects.map((project, index) => (
    <span key={project.id}>{index > 0 && ", "}<Link className="link" to={`/p/${project.slug}`}>{project.name}</Link></span>
  ));
  return (
    <Account part="profile">
      <div className="columns">
        <div className="stack">
          <ProfileCard me={me} />
          <PreferencesCard me={me} />
        </div>
        <Card title={t("about.card")}>
          <Facts facts={[
            [t("about.username"), <code key="name">{me.username}</code>],
            [t("about.role"), t(`role.${me.platform_role}`)],
            [t("about.projects"), projects.length ? projects : "–"],
            [t("about.created"), <Time key="created" value={me.created} />],
          ]} />
        </Card>
      </div>
    </Account>
  );
}

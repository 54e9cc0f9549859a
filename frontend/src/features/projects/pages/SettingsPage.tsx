import { useParams } from "react-router";
import type { Project } from "@/api";
import { useT } from "@/lib/i18n";
import { Card } from "@/ui/Card";
import { CopyButton } from "@/ui/CopyButton";
import { Facts } from "@/ui/Facts";
import { Loaded } from "@/ui/Loaded";
import { PageHeader } from "@/ui/PageHeader";
import { Time } from "@/ui/Time";
import { ArchiveCard } from "../components/ArchiveCard";
import { ArchivedNotice } from "../components/ArchivedNotice";
import { DeleteCard } from "../components/DeleteCard";
import { GeneralCard } from "../components/GeneralCard";
import { PlaceCard } from "../components/PlaceCard";
import { useLeadReason } from "../components/useRights";
import { projectsMessages } from "../i18n";
import { useSettings } from "../queries";

function AboutCard({ project }: { readonly project: Project }) {
  const t = useT(projectsMessages);
  return (
    <Card title={t("settings.facts")}>
      <Facts facts={[
        [t("settings.address"), <code key="slug">/p/{project.slug}</code>],
        [t("settings.id"), <span key="id" className="row g6" style={{ justifyContent: "flex-end" }}><code>{project.id}</code><CopyButton value={project.id} /></span>],
        [t("list.leads"), project.leads.join(", ") || "–"],
        [t("list.members"), project.members_count],
        [t("settings.created"), <Time key="created" value={project.created} />],
      ]} />
    </Card>
  );
}

export default function SettingsPage() {
  const t = useT(projectsMessages);
  const { project: slug = "" } = useParams();
  const query = useSettings(slug);
  const lead = useLeadReason(query.data?.value, "settings");
  const reason = query.data?.value.deleted_at ? t("deleting") : lead;
  return (
    <>
      <PageHeader title={t("settings.title")} sub={reason} />
      <Loaded query={query} failed={t("settings.failed")}>
        {(start) => (
          <div className="stack">
            {!start.value.deleted_at && <ArchivedNotice project={start.value} reason={reason} />}
            <div className="columns">
              <div className="stack">
                <GeneralCard slug={slug} start={start} reason={reason} />
                {!start.value.archived_at && <ArchiveCard project={start.value} reason={reason} />}
                {start.value.archived_at && !start.value.deleted_at && <DeleteCard project={start.value} reason={reason} />}
              </div>
              <div className="stack">
                <AboutCard project={start.value} />
                {start.value.place && <PlaceCard project={start.value} />}
              </div>
            </div>
          </div>
        )}
      </Loaded>
    </>
  );
}

import { useParams } from "react-router";
import { useProject } from "@/api/projects";
import { useT } from "@/lib/i18n";
import { Loaded } from "@/ui/Loaded";
import { PageHeader } from "@/ui/PageHeader";
import { InvitationsCard } from "../components/InvitationsCard";
import { MembersCard } from "../components/MembersCard";
import { QuotaCard, UsersCard } from "../components/QuotaCards";
import { projectsMessages } from "../i18n";

export default function MembersPage() {
  const t = useT(projectsMessages);
  const { project: slug = "" } = useParams();
  const query = useProject(slug);
  return (
    <>
      <PageHeader title={t("members.title")} />
      <Loaded query={query} failed={t("members.failed")}>
        {(project) => (
          <div className="columns">
            <div className="stack">
              <MembersCard project={project} />
              <InvitationsCard project={project} />
            </div>
            <div className="stack">
              <QuotaCard project={project.id} />
              <UsersCard project={project.id} />
            </div>
          </div>
        )}
      </Loaded>
    </>
  );
}

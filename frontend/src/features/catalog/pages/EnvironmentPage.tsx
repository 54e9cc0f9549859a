import { useParams } from "react-router";
import { useMe } from "@/api/session";
import { hasStatus } from "@/api";
import { useT } from "@/lib/i18n";
import { ButtonLink } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { useCrumb } from "@/ui/crumbs";
import { EmptyState } from "@/ui/EmptyState";
import { Facts } from "@/ui/Facts";
import { Loaded } from "@/ui/Loaded";
import { PageHeader } from "@/ui/PageHeader";
import { Fit } from "../components/Fit";
import { Packages } from "../components/Packages";
import { catalogMessages } from "../i18n";
import { useEnvironment } from "../queries";

export default function EnvironmentPage() {
  const t = useT(catalogMessages);
  const me = useMe();
  const { id = "", project = "" } = useParams();
  const query = useEnvironment(id);
  const environment = query.data?.value;
  useCrumb(environment?.name);
  if (hasStatus(query.error, 404)) {
    return <EmptyState icon="box" title={t("failed.one")} action={<ButtonLink to={`/p/${project}/environments`}>{t("environments")}</ButtonLink>}>{query.error?.message}</EmptyState>;
  }
  return (
    <>
      <PageHeader title={environment?.name ?? t("environments")} sub={environment?.description}
        actions={me.permissions.platform_admin && <ButtonLink to={`/admin/environments/${id}`} icon="pencil">{t("edit")}</ButtonLink>} />
      <Loaded query={query} failed={t("failed.one")}>
        {({ value }) => (
          <div className="columns">
            <Packages packages={value.packages} />
            <Card title={t("about")}>
              <Facts facts={[
                [t("availability"), <Fit key="fit" entry={value} />],
                [t("slug"), <code key="slug">{value.slug}</code>],
                [t("runtime"), value.local_runtime ? <code key="runtime">{value.local_runtime}</code> : "–"],
                [t("image"), value.image ? <code key="image">{value.image}</code> : "–"],
              ]} />
            </Card>
          </div>
        )}
      </Loaded>
    </>
  );
}

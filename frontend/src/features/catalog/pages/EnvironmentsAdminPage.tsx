import type { Environment } from "@/api";
import { useT } from "@/lib/i18n";
import type { Column } from "@/ui/Table";
import { AdminList } from "../components/AdminList";
import { catalogMessages } from "../i18n";
import { useEnvironments } from "../queries";

export default function EnvironmentsAdminPage() {
  const t = useT(catalogMessages);
  const query = useEnvironments();
  const detail: Column<Environment> = {
    key: "software", title: t("packages"), large: true,
    cell: ({ packages }) => <span className="muted">{packages.length ? t("packages.count", { count: packages.length }) : "–"}</span>,
  };
  return <AdminList family="environments" query={query} detail={detail} />;
}

import type { Profile } from "@/api";
import { useT } from "@/lib/i18n";
import { Icon } from "@/ui/Icon";
import type { Column } from "@/ui/Table";
import { AdminList } from "../components/AdminList";
import { Hardware, KIND_ICONS } from "../components/ProfileCard";
import { catalogMessages } from "../i18n";
import { useProfiles } from "../queries";

export default function ProfilesAdminPage() {
  const t = useT(catalogMessages);
  const query = useProfiles();
  const detail: Column<Profile> = {
    key: "hardware", title: t("resources"), large: true, cell: (profile) => (
      <span className="row muted"><Icon name={KIND_ICONS[profile.kind_label]} /><span className="col"><Hardware profile={profile} /></span></span>
    ),
  };
  return <AdminList family="profiles" query={query} detail={detail} />;
}

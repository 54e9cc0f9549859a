import type { User } from "@/api";
import { useT } from "@/lib/i18n";
import { Tag } from "@/ui/Tag";
import { usersMessages } from "../i18n";

export function RoleTag({ role }: { readonly role: User["platform_role"] }) {
  const t = useT(usersMessages);
  if (!role) return <span className="faint">–</span>;
  return <Tag icon="shield">{t(`role.${role}`)}</Tag>;
}

export function StateTag({ active }: { readonly active: boolean }) {
  const t = useT(usersMessages);
  return active ? <Tag tone="ok" icon="check">{t("active")}</Tag> : <Tag icon="barredRing">{t("inactive")}</Tag>;
}

import type { Role } from "@/api";
import { useT } from "@/lib/i18n";
import { SelectField } from "@/ui/Field";
import { projectsMessages } from "../i18n";
import { ROLES } from "./RoleMenu";

interface Props { readonly label: string; readonly value: Role; readonly onChange: (role: Role) => void }

export function RoleField({ label, value, onChange }: Props) {
  const t = useT(projectsMessages);
  return (
    <SelectField label={label} description={t(`role.${value}Hint`)} value={value}
      data={ROLES.map((role) => ({ value: role, label: t(`role.${role}`) }))}
      onChange={(event) => onChange(event.currentTarget.value as Role)} />
  );
}

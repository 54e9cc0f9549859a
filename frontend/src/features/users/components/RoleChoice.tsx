import type { User } from "@/api";
import { useT } from "@/lib/i18n";
import { SelectField } from "@/ui/Field";
import { usersMessages } from "../i18n";

const ROLES = ["", "auditor", "admin"] as const satisfies readonly User["platform_role"][];

interface Props {
  readonly value: User["platform_role"];
  readonly readOnly?: boolean;
  readonly error?: string | undefined;
  readonly onChange: (role: User["platform_role"]) => void;
}

export function RoleChoice({ value, readOnly = false, error, onChange }: Props) {
  const t = useT(usersMessages);
  const shown = readOnly ? ROLES.filter((role) => role === value) : ROLES;
  return (
    <SelectField label={t("role")} description={t(`role.${value}Hint`)} value={value} error={error}
      data={shown.map((role) => ({ value: role, label: t(`role.${role}`) }))}
      onChange={(event) => onChange(event.currentTarget.value as User["platform_role"])} />
  );
}

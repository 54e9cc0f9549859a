import type { Role } from "@/api";
import { useT } from "@/lib/i18n";
import { Button } from "@/ui/Button";
import { Menu } from "@/ui/Menu";
import { projectsMessages } from "../i18n";

export const ROLES = ["viewer", "member", "lead"] as const satisfies readonly Role[];

interface Props {
  readonly who: string;
  readonly role: Role;
  readonly disabledReason: string | null;
  readonly onChange: (role: Role) => void;
}

/** A role with what it allows; chosen, it is saved at once. */
export function RoleMenu({ who, role, disabledReason, onChange }: Props) {
  const t = useT(projectsMessages);
  const name = t("members.roleOf", { name: who, role: t(`role.${role}`) });
  const entries = ROLES.map((each) => ({
    key: each, label: t(`role.${each}`), hint: t(`role.${each}Hint`), checked: each === role,
    onSelect: () => { if (each !== role) onChange(each); },
  }));
  if (disabledReason) return <Button small kind="quiet" aria-label={name} disabledReason={disabledReason}>{t(`role.${role}`)}</Button>;
  return (
    <Menu label={name} entries={entries}
      trigger={<Button small kind="quiet" tail="down" aria-label={name}>{t(`role.${role}`)}</Button>} />
  );
}

import { useState } from "react";
import { Link } from "react-router";
import type { User } from "@/api";
import { useMe } from "@/api/session";
import { toCsv } from "@/lib/csv";
import { useT } from "@/lib/i18n";
import { Avatar } from "@/ui/Avatar";
import { Button } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { download } from "@/ui/download";
import { EmptyState } from "@/ui/EmptyState";
import { ChoiceFilter, ClearFilters, FilterBar, SearchFilter, useFilter } from "@/ui/FilterBar";
import { Loaded } from "@/ui/Loaded";
import { PageHeader } from "@/ui/PageHeader";
import { Pager } from "@/ui/Pager";
import { Table, type Column } from "@/ui/Table";
import { Time } from "@/ui/Time";
import { NewUserDialog } from "../components/NewUserDialog";
import { RoleTag, StateTag } from "../components/Who";
import { usersMessages } from "../i18n";
import { useUsers } from "../queries";

const FILTERS = ["search", "active"] as const;
const address = ({ username }: User) => `/admin/users/${username}`;

function useColumns(): Column<User>[] {
  const t = useT(usersMessages);
  return [
    {
      key: "name", title: t("name"), cell: (user) => (
        <span className="row" style={{ padding: "6px 0" }}>
          <Avatar name={user.display_name || user.username} />
          <span className="col"><Link to={address(user)} className="medium ellipsis">{user.display_name || user.username}</Link><span className="faint small">{user.username}</span></span>
        </span>
      ),
    },
    { key: "email", title: t("email"), large: true, cell: ({ email }) => <span className="muted">{email || "–"}</span> },
    { key: "role", title: t("role"), large: true, cell: ({ platform_role: role }) => <RoleTag role={role} /> },
    { key: "state", title: t("state"), cell: ({ is_active: active }) => <StateTag active={active} /> },
    { key: "seen", title: t("seen"), large: true, align: "right", cell: ({ last_seen: seen }) => <span className="muted">{seen ? <Time value={seen} relative /> : t("never")}</span> },
    { key: "live", title: t("live"), align: "right", cell: ({ live_workloads: live }) => live },
  ];
}

const HEAD = ["username", "display_name", "email", "platform_role", "is_active", "created", "last_seen", "live_workloads"] as const;
const exportUsers = (users: readonly User[]) =>
  download("users.csv", toCsv(HEAD, users.map((user) => HEAD.map((field) => (typeof user[field] === "boolean" ? String(user[field]) : user[field])))));

export default function UsersPage() {
  const t = useT(usersMessages);
  const me = useMe();
  const [search] = useFilter("search");
  const [active] = useFilter("active");
  const [cursor] = useFilter("cursor");
  const query = useUsers({ search, active, cursor });
  const [making, setMaking] = useState(false);
  const columns = useColumns();
  const reason = me.permissions.platform_admin ? null : t("readOnly");
  const rows = query.data?.results ?? [];
  return (
    <>
      <PageHeader title={t("title")} sub={reason} actions={
        <>
          <Button icon="download" onClick={() => exportUsers(rows)}>{t("export")}</Button>
          <Button kind="primary" icon="plus" disabledReason={reason} onClick={() => setMaking(true)}>{t("new")}</Button>
        </>
      } />
      <Card flush label={t("title")}>
        <FilterBar params={FILTERS}>
          <SearchFilter label={t("search")} />
          <ChoiceFilter label={t("which")} param="active" options={[{ value: "true", label: t("active") }, { value: "false", label: t("inactive") }]} />
        </FilterBar>
        <Loaded query={query} failed={t("failed")}>
          {({ results, next, previous }) => (
            <>
              {results.length
                ? <Table label={t("title")} columns={columns} rows={results} rowKey={({ id }) => id} href={address} />
                : <EmptyState icon="search" title={t(search || active ? "none" : "empty")} action={<ClearFilters params={FILTERS} />} />}
              <Pager next={next} previous={previous} />
            </>
          )}
        </Loaded>
      </Card>
      {making && <NewUserDialog onClose={() => setMaking(false)} />}
    </>
  );
}

import { isApiError, type Place, type Project } from "@/api";
import { useMe } from "@/api/session";
import { useT } from "@/lib/i18n";
import { Card } from "@/ui/Card";
import { Facts } from "@/ui/Facts";
import { SwitchField } from "@/ui/Field";
import { Loaded } from "@/ui/Loaded";
import { SkeletonLines } from "@/ui/Skeleton";
import { Tag } from "@/ui/Tag";
import { Time } from "@/ui/Time";
import { toast } from "@/ui/toast";
import { projectsMessages } from "../i18n";
import { useInternet, usePlace } from "../queries";

const LOOK = {
  pending: { tone: "info", icon: "hourglass" }, ready: { tone: "ok", icon: "tickRing" }, draining: { tone: "warn", icon: "hourglass" },
  gone: { tone: "plain", icon: "box" }, failed: { tone: "bad", icon: "crossRing" },
} as const satisfies Record<Place["state"], unknown>;

/** Administrators let pods out to the internet; everybody else sees whether they may. */
function Internet({ project, place }: { readonly project: Project; readonly place: Place }) {
  const t = useT(projectsMessages);
  const me = useMe();
  const { mutate: set, isPending } = useInternet(project.id);
  const failed = (error: Error) => toast(isApiError(error) ? error.message : t("place.notChanged"), { tone: "bad" });
  if (!me.permissions.platform_admin) return <p className="muted">{t(place.internet ? "place.internetOn" : "place.internetOff")}</p>;
  return (
    <SwitchField label={t("place.internet")} description={t("place.internetHint")} checked={place.internet} disabled={isPending}
      onChange={(event) => set(event.currentTarget.checked, { onError: failed })} />
  );
}

/** Where the project's work runs on the cluster, and what it may reach from there. */
export function PlaceCard({ project }: { readonly project: Project }) {
  const t = useT(projectsMessages);
  const query = usePlace(project.id);
  return (
    <Card title={t("place.title")}>
      <Loaded query={query} failed={t("place.failed")} skeleton={<SkeletonLines />}>
        {(place) => (
          <div className="stack">
            <Facts facts={[
              [t("place.state"), <Tag key="state" tone={LOOK[place.state].tone} icon={LOOK[place.state].icon}>{t(`place.state.${place.state}`)}</Tag>],
              [t("place.namespace"), <code key="namespace">{place.namespace}</code>],
              [t("place.checked"), place.synced_at ? <Time key="checked" value={place.synced_at} relative /> : "–"],
            ]} />
            {place.reason && <p>{[place.reason.text, place.reason.action].filter(Boolean).join(" ")}</p>}
            <p className="muted small">{t("place.isolation")}</p>
            <Internet project={project} place={place} />
          </div>
        )}
      </Loaded>
    </Card>
  );
}

import { useNavigate, useParams } from "react-router";
import { hasStatus, type InvitationOffer } from "@/api";
import { formatTime } from "@/lib/formatTime";
import { useT } from "@/lib/i18n";
import { Button, ButtonLink } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { PageHeader } from "@/ui/PageHeader";
import { SkeletonLines } from "@/ui/Skeleton";
import { accountMessages } from "../i18n";
import { useAcceptInvitation, useInvitation } from "../queries";

function Offer({ token, offer }: { readonly token: string; readonly offer: InvitationOffer }) {
  const t = useT(accountMessages);
  const navigate = useNavigate();
  const { mutate: accept, error, isPending } = useAcceptInvitation(token);
  const strong = (text: string) => <b className="medium">{text}</b>;
  return (
    <div className="stack">
      <p>{t.rich("invitation.text", { by: strong(offer.invited_by), project: strong(offer.project_name), role: strong(t(`role.${offer.role}`)) })}</p>
      <p className="faint small">{t("invitation.expires", { time: formatTime(offer.expires, t.language) })}</p>
      {error && <ErrorNotice error={error} title={t("invitation.failed")} />}
      <div className="row wrap">
        <Button kind="primary" busy={isPending} onClick={() => accept(undefined, { onSuccess: ({ slug }) => void navigate(`/p/${slug}`) })}>
          {t("invitation.accept", { project: offer.project_name })}
        </Button>
        <ButtonLink to="/" kind="quiet">{t("invitation.later")}</ButtonLink>
      </div>
    </div>
  );
}

export default function InvitationPage() {
  const t = useT(accountMessages);
  const { token = "" } = useParams();
  const { data, error, isPending, refetch } = useInvitation(token);
  const title = data ? t("invitation.title", { project: data.project_name }) : t("invitation.plain");
  const gone = hasStatus(error, 400, 403, 404, 410);
  return (
    <div style={{ maxWidth: 560 }}>
      <PageHeader title={title} />
      <Card label={title}>
        {isPending && <SkeletonLines />}
        {data && <Offer token={token} offer={data} />}
        {gone && <EmptyState icon="key" title={t("invitation.gone")}>{t("invitation.goneText")}</EmptyState>}
        {error && !gone && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      </Card>
    </div>
  );
}

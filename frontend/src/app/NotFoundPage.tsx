import { useT } from "@/lib/i18n";
import { ButtonLink } from "@/ui/Button";
import { EmptyState } from "@/ui/EmptyState";
import { PageHeader } from "@/ui/PageHeader";
import { appMessages } from "./i18n";

/** The same words for what is not there and what may not be seen. */
export function NotFoundPage() {
  const t = useT(appMessages);
  return (
    <>
      <PageHeader title={t("notFound.title")} />
      <EmptyState icon="search" title={t("notFound.text")} action={<ButtonLink to="/">{t("notFound.home")}</ButtonLink>} />
    </>
  );
}

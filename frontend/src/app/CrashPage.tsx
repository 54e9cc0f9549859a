import { hasStatus, isApiError } from "@/api";
import { useT } from "@/lib/i18n";
import { Button } from "@/ui/Button";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { appMessages } from "./i18n";
import { NotFoundPage } from "./NotFoundPage";

/** A page threw. A refusal says what it is; a fault offers to load the page again. */
export function CrashPage({ error }: { readonly error: unknown }) {
  const t = useT(appMessages);
  if (hasStatus(error, 403, 404)) return <NotFoundPage />;
  const reload = () => location.reload();
  if (isApiError(error)) return <ErrorNotice error={error} onRetry={reload} />;
  return (
    <EmptyState icon="warn" title={t("crash.title")} action={<Button icon="refresh" onClick={reload}>{t("crash.reload")}</Button>}>
      {t("crash.text")}
    </EmptyState>
  );
}

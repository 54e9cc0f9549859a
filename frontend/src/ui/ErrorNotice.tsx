import type { ReactNode } from "react";
import { useT } from "@/lib/i18n";
import { Button, IconButton } from "./Button";
import { uiMessages } from "./i18n";
import { Notice } from "./Notice";

/** What an error can say for itself; ApiError does. */
interface Explained {
  readonly message: string;
  readonly action?: string | null | undefined;
  readonly requestId?: string | null | undefined;
}

interface Props {
  readonly error: Error & Partial<Explained>;
  /** What could not be done, in the page's words: "The notebooks cannot be shown." */
  readonly title?: ReactNode;
  readonly onRetry?: () => void;
}

function RequestId({ id }: { readonly id: string }) {
  const t = useT(uiMessages);
  return (
    <div className="row g4 small faint">
      <span className="mono">{t("request", { id })}</span>
      <IconButton small icon="copy" label={t("copyRequest")} onClick={() => void navigator.clipboard?.writeText(id)} />
    </div>
  );
}

/** What, why, what next, the request id to quote, and Retry. The rest of the page works on. */
export function ErrorNotice({ error, title, onRetry }: Props) {
  const t = useT(uiMessages);
  return (
    <Notice tone="bad" role="alert" title={title}
      actions={onRetry && <Button small icon="refresh" onClick={onRetry}>{t("retry")}</Button>}>
      <p>{[error.message, error.action].filter(Boolean).join(" ")}</p>
      {error.requestId && <RequestId id={error.requestId} />}
    </Notice>
  );
}

import { useEffect, useState } from "react";
import { useT } from "@/lib/i18n";
import { Button } from "./Button";
import { uiMessages } from "./i18n";

export function CopyButton({ value, small = true }: { readonly value: string; readonly small?: boolean }) {
  const t = useT(uiMessages);
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = async () => {
    await navigator.clipboard.writeText(value);
    setCopied(true);
  };
  return <Button small={small} icon={copied ? "check" : "copy"} onClick={() => void copy()}>{copied ? t("copied") : t("copy")}</Button>;
}

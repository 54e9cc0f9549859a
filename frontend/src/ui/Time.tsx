import { useEffect, useState } from "react";
import { formatAbsolute, formatRelative, formatTime } from "@/lib/formatTime";
import { useLanguage } from "@/lib/i18n";

/** The present, again every so often, so that "4 min ago" and durations grow. */
export function useNow(everyMs: number): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => document.hidden || setNow(new Date()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}

interface Props {
  readonly value: string | Date;
  /** "4 min ago": for activity. */
  readonly relative?: boolean;
}

/** A time as people say it; the exact one with its zone on hover. */
export function Time({ value, relative = false }: Props) {
  const language = useLanguage();
  const now = useNow(30_000);
  const text = relative ? formatRelative(value, language, now) : formatTime(value, language, now);
  return <time dateTime={new Date(value).toISOString()} title={formatAbsolute(value, language)}>{text}</time>;
}

import { useMemo, useRef, useState, type KeyboardEvent } from "react";
import { useSearchParams } from "react-router";
import type { Job } from "@/api";
import { logFile } from "@/api/jobs";
import { useT } from "@/lib/i18n";
import { isLive } from "@/lib/status";
import { announce } from "@/ui/announce";
import { Button, IconButton } from "@/ui/Button";
import { cx } from "@/ui/cx";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { useFilter } from "@/ui/FilterBar";
import { Icon } from "@/ui/Icon";
import { SkeletonLines } from "@/ui/Skeleton";
import { Tooltip } from "@/ui/Tooltip";
import { useTyped } from "@/ui/useTyped";
import { jobsMessages } from "../i18n";
import { jobOf } from "../meaning";
import styles from "./Log.module.css";
import { LogLines } from "./LogLines";
import { Search } from "./text";
import type { ShownLog } from "./useLog";

const WRAP = "atelier.log.wrap";
const READ_AT_ONCE = 20;

interface Props { readonly job: Job; readonly log: ShownLog }

function useWrap(): readonly [boolean, () => void] {
  const [wrap, setWrap] = useState(() => {
    try { return localStorage.getItem(WRAP) === "on"; } catch { return false; }
  });
  const toggle = () => {
    setWrap(!wrap);
    try { localStorage.setItem(WRAP, wrap ? "off" : "on"); } catch { /* For this page only. */ }
  };
  return [wrap, toggle];
}

/** The line the address names, counted from one over the whole log; null when it is none. */
function useLineParam(dropped: number): readonly [number | null, (index: number) => void] {
  const [search, setSearch] = useSearchParams();
  const named = Number(search.get("line"));
  const index = Number.isInteger(named) && named > dropped ? named - 1 - dropped : null;
  const set = (next: number) => setSearch((current) => {
    const changed = new URLSearchParams(current);
    changed.set("line", String(next + 1 + dropped));
    return changed;
  }, { replace: true });
  return [index, set];
}

interface FieldProps {
  readonly query: string;
  readonly onQuery: (query: string) => void;
  readonly hits: readonly number[];
  readonly at: number | null;
  readonly onStep: (by: 1 | -1) => void;
}

function SearchField({ query, onQuery, hits, at, onStep }: FieldProps) {
  const t = useT(jobsMessages);
  const place = at === null ? -1 : hits.indexOf(at);
  const found = place < 0 ? t("log.hits", { count: hits.length }) : t("log.hitOf", { at: place + 1, all: hits.length });
  const press = (event: KeyboardEvent) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    onStep(event.shiftKey ? -1 : 1);
  };
  return (
    <span className={styles.finder}>
      <label className={styles.search}>
        <Icon name="search" />
        <span className="sr-only">{t("log.search")}</span>
        <input type="search" data-filter placeholder={t("log.search")} value={query} onKeyDown={press} onChange={(event) => onQuery(event.target.value)} />
        {query && <span className="faint small nowrap" role="status">{hits.length ? found : t("log.noHit")}</span>}
      </label>
      {query && hits.length > 0 && (
        <>
          <IconButton small icon="up" label={t("log.previous")} onClick={() => onStep(-1)} />
          <IconButton small icon="down" label={t("log.next")} onClick={() => onStep(1)} />
        </>
      )}
    </span>
  );
}

/** A switch between two words of the same button, as wide as its word. */
function Toggle({ label, on, onToggle }: { readonly label: string; readonly on: boolean; readonly onToggle: () => void }) {
  return <button type="button" role="switch" aria-checked={on} className={styles.toggle} onClick={onToggle}><i aria-hidden="true" />{label}</button>;
}

/** What stands in place of lines when there are none. */
function Nothing({ job, log }: Props) {
  const t = useT(jobsMessages);
  const state = jobOf(job);
  if (!state.isOver) return state.isWaiting ? t("log.notYet") : t("log.quiet");
  if (!log.isRead) return log.error ? null : <SkeletonLines lines={4} />;
  return job.started ? t("log.empty") : t("log.neverRan");
}

/** For those who hear the page: what came since they last asked. */
function useReadAloud({ text }: ShownLog): () => void {
  const t = useT(jobsMessages);
  const read = useRef(0);
  return () => {
    const end = text.length + text.dropped;
    const from = Math.max(read.current, end - READ_AT_ONCE) - text.dropped;
    const lines = Array.from({ length: Math.max(0, text.length - from) }, (_, offset) => text.words(from + offset));
    read.current = end;
    announce(lines.length ? lines.join("\n") : t("log.nothingNew"), "assertive");
  };
}

function Foot({ job, log }: Props) {
  const t = useT(jobsMessages);
  const lines = t("log.lines", { count: log.text.length + log.text.dropped });
  const live = isLive(job.status);
  const words = live ? "log.live" : log.isEnd ? "log.ended" : "log.catching";
  return (
    <div className={styles.foot}>
      {!jobOf(job).isWaiting && <span className="row g6"><i className={cx(styles.dot, live && styles.live)} aria-hidden="true" />{t(words, { lines })}</span>}
      {log.text.dropped > 0 && <span>{t("log.dropped", { count: log.text.dropped })}</span>}
      {log.notice && <span className={styles.notice}><Icon name="warn" small />{[log.notice.text, log.notice.action].filter(Boolean).join(" ")}</span>}
      <span className="end">
        <Tooltip label={t("log.sourceHint")}>
          {/* A remark that can be asked for more: it takes the focus. */}
          {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
          <span tabIndex={0} className={styles.source}>{t("log.source")}</span>
        </Tooltip>
      </span>
    </div>
  );
}

/** The log: live and at its end until the reader scrolls up, searched, linked to and downloaded. */
export function LogCard({ job, log }: Props) {
  const t = useT(jobsMessages);
  const { text, version } = log;
  const [kept, keep] = useFilter("q");
  const [query, type] = useTyped(kept, (next) => keep(next, true));
  const search = useMemo(() => ({ of: text, by: new Search(query) }), [text, query]);
  const hits = search.by.in(text);
  const [at, goTo] = useLineParam(text.dropped);
  const [wrap, toggleWrap] = useWrap();
  const [follow, setFollow] = useState(at === null && job.status !== "succeeded");
  const [seen, setSeen] = useState(0);
  const total = text.length + text.dropped;
  const readAloud = useReadAloud(log);
  const letGo = (next: boolean) => {
    if (!next) setSeen(total);
    setFollow(next);
  };
  const step = (by: 1 | -1) => {
    const from = at ?? -1;
    const next = by > 0 ? (hits.find((hit) => hit > from) ?? hits[0]) : (hits.findLast((hit) => hit < from) ?? hits.at(-1));
    if (next === undefined) return;
    letGo(false);
    goTo(next);
  };
  const fresh = follow ? 0 : total - seen;
  return (
    <section className={styles.card} aria-labelledby="log-title">
      <div className={styles.head}>
        <h2 id="log-title">{t("log.title")}</h2>
        <SearchField query={query} onQuery={type} hits={hits} at={at} onStep={step} />
        <span className="row g12 end">
          <Toggle label={t("log.wrap")} on={wrap} onToggle={toggleWrap} />
          <Toggle label={t("log.follow")} on={follow} onToggle={() => letGo(!follow)} />
          <a className={styles.download} href={logFile(job.id)} download aria-label={t("log.download")} title={t("log.download")}><Icon name="download" /></a>
        </span>
      </div>
      {log.error && <div className={styles.error}><ErrorNotice error={log.error} title={t("log.failed")} onRetry={log.retry} /></div>}
      <div className={styles.frame}>
        {text.isEmpty
          ? <div className={styles.nothing}><Nothing job={job} log={log} /></div>
          : <LogLines log={text} version={version} label={t("log.region", { name: job.name })} wrap={wrap} query={query} hits={new Set(hits)} at={at} follow={follow} onFollow={letGo} />}
        {fresh > 0 && isLive(job.status) && (
          <span className={styles.fresh}><Button small icon="down" onClick={() => letGo(true)}>{t("log.new", { count: fresh })}</Button></span>
        )}
        <button type="button" className={styles.aloud} onClick={readAloud}>{t("log.read")}</button>
      </div>
      <Foot job={job} log={log} />
    </section>
  );
}

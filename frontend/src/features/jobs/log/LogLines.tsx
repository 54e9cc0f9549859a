import { useEffect, useLayoutEffect, useRef, useState, type RefObject } from "react";
import { Link, useSearchParams } from "react-router";
import { useT } from "@/lib/i18n";
import { cx } from "@/ui/cx";
import { jobsMessages } from "../i18n";
import { Layout, ROW } from "./layout";
import styles from "./Log.module.css";
import { Spans } from "./Spans";
import type { LogText } from "./text";

/** Drawn beyond what is seen, so that quick scrolling shows no gap. */
const MARGIN = 20 * ROW;
const PADDING = 8;
/** Where nothing can be measured (a test), so much is seen. */
const FALLBACK = { width: 800, height: 600, letter: 7.2 };

function jump(list: HTMLElement, top: number): void {
  list.scrollTop = top;
}

interface Size { readonly width: number; readonly height: number; readonly letter: number }

/** How large the list is, and how wide a letter. */
function useSize(scroller: RefObject<HTMLDivElement | null>, ruler: RefObject<HTMLSpanElement | null>): Size {
  const [size, setSize] = useState<Size>(FALLBACK);
  useLayoutEffect(() => {
    const measure = () => {
      const { clientWidth: width = 0, clientHeight: height = 0 } = scroller.current ?? {};
      const letter = (ruler.current?.getBoundingClientRect().width ?? 0) / 100;
      if (width && height && letter) setSize({ width, height, letter });
    };
    const observer = new ResizeObserver(measure);
    if (scroller.current) observer.observe(scroller.current);
    measure();
    void document.fonts?.ready.then(measure);
    return () => observer.disconnect();
  }, [scroller, ruler]);
  return size;
}

interface Props {
  readonly log: LogText;
  /** Changes with the text. */
  readonly version: number;
  readonly label: string;
  readonly wrap: boolean;
  readonly query: string;
  readonly hits: ReadonlySet<number>;
  /** The line to bring into view, and marked. */
  readonly at: number | null;
  readonly follow: boolean;
  readonly onFollow: (follow: boolean) => void;
}

function useLayout(log: LogText, version: number, width: number | null): Layout {
  const [kept, setKept] = useState(() => new Layout(width));
  let layout = kept;
  if (kept.width !== width) {
    layout = new Layout(width);
    setKept(layout);
  }
  // Grows with the text it lays out; doing so twice changes nothing.
  layout.update(log);
  void version;
  return layout;
}

/** Follows the end while that is wanted; a scroll upwards lets go, a scroll to the end takes hold. */
function useFollow(scroller: RefObject<HTMLDivElement | null>, props: Props, height: number) {
  const { follow, onFollow, version } = props;
  const before = useRef(0);
  useLayoutEffect(() => {
    const list = scroller.current;
    if (!list || !follow) return;
    jump(list, list.scrollHeight);
    before.current = list.scrollTop;
  }, [scroller, follow, version, height]);
  return (list: HTMLDivElement) => {
    const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < ROW;
    if (follow && !atEnd && list.scrollTop < before.current) onFollow(false);
    if (!follow && atEnd && list.scrollTop > before.current) onFollow(true);
    before.current = list.scrollTop;
  };
}

interface RowProps { readonly index: number; readonly top: number; readonly props: Props }

function Row({ index, top, props: { log, query, hits, at } }: RowProps) {
  const t = useT(jobsMessages);
  const [search] = useSearchParams();
  const line = log.at(index);
  if (!line) return null;
  const number = index + 1 + log.dropped;
  const to = new URLSearchParams(search);
  to.set("line", String(number));
  const chosen = index === at;
  return (
    <div className={cx(styles.line, hits.has(index) && styles.hit, chosen && styles.chosen)} style={{ top: top + PADDING }}>
      <Link className={styles.number} to={{ search: to.toString() }} preventScrollReset tabIndex={chosen ? 0 : -1} aria-label={t("log.line", { line: number })}>{number}</Link>
      <span className={styles.text}><Spans line={line} query={hits.has(index) ? query : ""} /></span>
    </div>
  );
}

/** Only the lines in view are on the page, whatever the length of the log. */
export function LogLines(props: Props) {
  const { log, version, label, wrap, at, follow } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const ruler = useRef<HTMLSpanElement>(null);
  const [scrolled, setScrolled] = useState(0);
  const size = useSize(scroller, ruler);
  const digits = Math.max(3, String(log.length + log.dropped).length);
  const columns = Math.floor((size.width - 28) / size.letter) - digits - 2;
  const layout = useLayout(log, version, wrap ? columns : null);
  const height = layout.height(log);
  const onScroll = useFollow(scroller, props, height);
  const brought = useRef<number | null>(null);
  useEffect(() => {
    if (at === null || at >= log.length) { brought.current = null; return; }
    if (brought.current === at) return;
    brought.current = at;
    const list = scroller.current;
    if (list) jump(list, Math.max(0, layout.top(at) - list.clientHeight / 3));
  }, [at, layout, log, version]);
  const top = follow ? Math.max(scrolled, height - size.height - MARGIN) : scrolled;
  const first = layout.lineAt(Math.max(0, top - MARGIN), log);
  const last = layout.lineAt(Math.max(scrolled, top) + size.height + MARGIN, log);
  return (
    // A scrollable region takes the focus, so that arrow and page keys move in it.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div ref={scroller} role="log" aria-live="off" aria-label={label} tabIndex={0} className={cx(styles.scroller, wrap && styles.wrap)}
      onScroll={(event) => { setScrolled(event.currentTarget.scrollTop); onScroll(event.currentTarget); }}>
      <span ref={ruler} aria-hidden="true" className={styles.ruler}>{"0".repeat(100)}</span>
      <div className={styles.sheet} style={{ height: height + 2 * PADDING, "--digits": `${digits}ch` } as object}>
        {Array.from({ length: Math.max(0, Math.min(last, log.length - 1) - first + 1) }, (_, offset) => (
          <Row key={first + offset} index={first + offset} top={layout.top(first + offset)} props={props} />
        ))}
      </div>
    </div>
  );
}

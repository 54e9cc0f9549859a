import { useEffect, useId, useLayoutEffect, useRef, useState, type KeyboardEvent, type ReactElement, type ReactNode, type RefObject, cloneElement } from "react";
import { createPortal } from "react-dom";
import { cx } from "./cx";
import { Icon, type IconName } from "./Icon";
import styles from "./Menu.module.css";

export interface MenuItem {
  readonly key: string;
  readonly label: ReactNode;
  readonly icon?: IconName;
  readonly hint?: ReactNode;
  readonly danger?: boolean;
  readonly checked?: boolean;
  /** Why it cannot be used; it stays in the list and says so. */
  readonly disabledReason?: string | null | undefined;
  readonly onSelect: () => void;
}

export type MenuEntry = MenuItem | { readonly key: string; readonly section: string } | { readonly key: string; readonly line: true };

interface Props {
  readonly label: string;
  readonly entries: readonly MenuEntry[];
  readonly align?: "left" | "right";
  /** A button; it gets the handlers and the ARIA state. */
  readonly trigger: ReactElement<Record<string, unknown>>;
  readonly open?: boolean;
  readonly onOpenChange?: (open: boolean) => void;
  /** Stands above the items: a search field. */
  readonly head?: ReactNode;
}

/** Place the list beside its button, inside the window. */
function place(menu: HTMLElement, box: DOMRect, align: "left" | "right"): void {
  const { width, height } = menu.getBoundingClientRect();
  const left = align === "right" ? box.right - width : box.left;
  const below = box.bottom + 6;
  const top = below + height > innerHeight - 8 ? Math.max(8, box.top - height - 6) : below;
  menu.style.left = `${Math.max(8, Math.min(left, innerWidth - width - 8))}px`;
  menu.style.top = `${top}px`;
}

function useOutside(open: boolean, refs: readonly RefObject<HTMLElement | null>[], close: () => void) {
  useEffect(() => {
    if (!open) return undefined;
    const press = (event: PointerEvent) => {
      if (!refs.some((ref) => ref.current?.contains(event.target as Node))) close();
    };
    document.addEventListener("pointerdown", press);
    addEventListener("resize", close);
    return () => {
      document.removeEventListener("pointerdown", press);
      removeEventListener("resize", close);
    };
  });
}

const items = (list: HTMLElement | null) => [...(list?.querySelectorAll<HTMLElement>("[role^=menuitem]") ?? [])];

function step(list: HTMLElement | null, key: string): boolean {
  const all = items(list);
  const at = all.indexOf(document.activeElement as HTMLElement);
  const next = { ArrowDown: at + 1, ArrowUp: at < 0 ? all.length - 1 : at - 1, Home: 0, End: all.length - 1 }[key];
  if (next === undefined || !all.length) return false;
  all[(next + all.length) % all.length]?.focus();
  return true;
}

function typeAhead(list: HTMLElement | null, key: string): void {
  if (key.length !== 1 || document.activeElement instanceof HTMLInputElement) return;
  const all = items(list);
  const at = all.indexOf(document.activeElement as HTMLElement);
  const order = [...all.slice(at + 1), ...all.slice(0, at + 1)];
  order.find((item) => item.textContent.trim().toLowerCase().startsWith(key.toLowerCase()))?.focus();
}

function Entry({ entry, close }: { readonly entry: MenuEntry; readonly close: () => void }) {
  if ("line" in entry) return <div role="separator" className={styles.line} />;
  if ("section" in entry) return <div role="presentation" className={styles.section}>{entry.section}</div>;
  const select = () => {
    if (entry.disabledReason) return;
    close();
    entry.onSelect();
  };
  const hint = entry.disabledReason ?? entry.hint;
  return (
    <button type="button" tabIndex={-1} role={entry.checked === undefined ? "menuitem" : "menuitemradio"} aria-checked={entry.checked}
      aria-disabled={Boolean(entry.disabledReason) || undefined} className={cx(styles.item, entry.danger && styles.danger)}
      onClick={select} onPointerMove={(event) => event.currentTarget.focus({ preventScroll: true })}>
      {entry.icon && <Icon name={entry.icon} />}
      <span className={styles.words}>{entry.label}{hint && <span className={styles.hint}>{hint}</span>}</span>
      {entry.checked && <Icon name="check" />}
    </button>
  );
}

/** A menu button: arrows move, letters jump, Escape closes and gives the focus back. */
export function Menu({ label, entries, align = "left", trigger, open: held, onOpenChange, head }: Props) {
  const [own, setOwn] = useState(false);
  const open = held ?? own;
  const anchor = useRef<HTMLSpanElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const id = useId();
  const set = (value: boolean) => { setOwn(value); onOpenChange?.(value); };
  const close = (refocus = true) => {
    set(false);
    if (refocus) anchor.current?.querySelector<HTMLElement>("button, a")?.focus();
  };
  useLayoutEffect(() => {
    if (open && list.current && anchor.current) place(list.current, anchor.current.getBoundingClientRect(), align);
  });
  useOutside(open, [anchor, list], () => close(false));
  useEffect(() => {
    if (open) (list.current?.querySelector<HTMLElement>("input") ?? items(list.current)[0])?.focus({ preventScroll: true });
  }, [open]);
  const onKey = (event: KeyboardEvent) => {
    if (event.key === "Escape") close();
    else if (event.key === "Tab") { close(false); return; }
    else if (!step(list.current, event.key)) { typeAhead(list.current, event.key); return; }
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <span ref={anchor} className={styles.anchor}>
      {cloneElement(trigger, { "aria-haspopup": "menu", "aria-expanded": open, "aria-controls": open ? id : undefined, onClick: () => set(!open) })}
      {open && createPortal(
        <div ref={list} id={id} role="menu" tabIndex={-1} aria-label={label} className={styles.menu} onKeyDown={onKey}>
          {head}
          {entries.map((entry) => <Entry key={entry.key} entry={entry} close={close} />)}
        </div>,
        document.body,
      )}
    </span>
  );
}

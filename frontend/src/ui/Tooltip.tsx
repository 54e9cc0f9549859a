import { cloneElement, useEffect, useId, useRef, useState, type ReactElement, type ReactNode } from "react";
import { createPortal } from "react-dom";
import styles from "./Tooltip.module.css";

interface Props {
  readonly label: ReactNode;
  /** Whether the words add to the control's name (a reason) or are the name itself. */
  readonly describe?: boolean;
  readonly children: ReactElement<{ "aria-describedby"?: string }>;
}

/** Long enough to read a sentence. */
const SHOWN_MS = 8000;

interface Place {
  readonly left: number;
  readonly top: number;
  readonly above: boolean;
}

function place(anchor: HTMLElement): Place {
  const box = (anchor.firstElementChild ?? anchor).getBoundingClientRect();
  const above = box.bottom + 60 > innerHeight;
  const left = Math.min(Math.max(box.left + box.width / 2, 100), Math.max(innerWidth - 100, 100));
  return { left, top: above ? box.top - 6 : box.bottom + 6, above };
}

/** A few words on hover and on focus; Escape hides them. */
export function Tooltip({ label, describe = true, children }: Props) {
  const id = useId();
  const anchor = useRef<HTMLSpanElement>(null);
  const [at, setAt] = useState<Place | null>(null);
  const show = () => anchor.current && setAt(place(anchor.current));
  const hide = () => setAt(null);
  const shown = at !== null;
  useEffect(() => {
    if (!shown) return undefined;
    // What it points at may move away under it.
    const timer = setTimeout(hide, SHOWN_MS);
    addEventListener("scroll", hide, { capture: true, passive: true });
    return () => {
      clearTimeout(timer);
      removeEventListener("scroll", hide, { capture: true });
    };
  }, [shown]);
  return (
    // The wrapper only listens for what its control emits.
    // eslint-disable-next-line jsx-a11y/no-static-element-interactions
    <span ref={anchor} className={styles.wrap} onMouseEnter={show} onMouseLeave={hide} onBlur={hide} onPointerDown={hide}
      onFocus={(event) => { if (event.target.matches(":focus-visible")) show(); }}
      onKeyDown={(event) => event.key === "Escape" && hide()}>
      {describe ? cloneElement(children, { "aria-describedby": id }) : children}
      {describe && <span id={id} hidden>{label}</span>}
      {at && createPortal(
        <span role="tooltip" className={styles.tip}
          style={{ left: at.left, top: at.top, transform: `translate(-50%, ${at.above ? "-100%" : "0"})` }}>
          {label}
        </span>,
        document.body,
      )}
    </span>
  );
}

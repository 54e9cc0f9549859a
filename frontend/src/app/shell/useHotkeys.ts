import { useEffect, useRef } from "react";

const SWITCH = "atelier.keys";
/** How long G waits for its second key. */
const SEQUENCE_MS = 1200;

export function singleKeysOn(): boolean {
  try {
    return localStorage.getItem(SWITCH) !== "off";
  } catch {
    return true;
  }
}

export function switchSingleKeys(on: boolean): void {
  try {
    localStorage.setItem(SWITCH, on ? "on" : "off");
  } catch {
    // Storage is blocked: they stay on.
  }
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

const inOverlay = () => Boolean(document.querySelector("dialog[open], [role=menu]"));

interface Keys {
  readonly onPalette: () => void;
  readonly onNew: () => void;
  readonly onHelp: () => void;
  readonly onFilter: () => void;
  readonly onGo: (key: string) => void;
}

/** Ctrl K always; single keys only outside fields and dialogs, and only while switched on. */
export function useHotkeys(keys: Keys): void {
  const latest = useRef(keys);
  useEffect(() => { latest.current = keys; });
  useEffect(() => {
    let pressedG = -Infinity; // never: times count from the loading of the page
    const single = (event: KeyboardEvent) => {
      const key = event.key.toLowerCase();
      if (event.timeStamp - pressedG < SEQUENCE_MS) {
        pressedG = -Infinity;
        latest.current.onGo(key);
        return;
      }
      const act = { c: latest.current.onNew, "?": latest.current.onHelp, "/": latest.current.onFilter }[key];
      if (key === "g") pressedG = event.timeStamp;
      if (!act) return;
      event.preventDefault();
      act();
    };
    const press = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
        event.preventDefault();
        latest.current.onPalette();
      } else if (!event.ctrlKey && !event.metaKey && !event.altKey && singleKeysOn() && !isTyping(event.target) && !inOverlay()) {
        single(event);
      }
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, []);
}

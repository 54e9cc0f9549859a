import { useEffect, useId, useRef, useState, type KeyboardEvent } from "react";
import { useT } from "@/lib/i18n";
import { Icon } from "@/ui/Icon";
import { appMessages } from "../i18n";
import styles from "./Palette.module.css";
import { match, useCommands, type Command } from "./useCommands";

const SHOWN = 40;

interface Props { readonly onClose: () => void; readonly onHelp: () => void }

function useModal() {
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const opener = document.activeElement;
    const dialog = ref.current;
    dialog?.showModal();
    return () => {
      dialog?.close();
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    };
  }, []);
  return ref;
}

/** Keep what groups have in common together, in the order of their first member. */
function grouped(commands: readonly Command[]): Command[] {
  const groups = [...new Set(commands.map(({ group }) => group))];
  return groups.flatMap((group) => commands.filter((command) => command.group === group));
}

interface ListProps {
  readonly id: string;
  readonly commands: readonly Command[];
  readonly at: number;
  readonly onAt: (index: number) => void;
  readonly onRun: (command: Command) => void;
}

function List({ id, commands, at, onAt, onRun }: ListProps) {
  const t = useT(appMessages);
  return (
    <div id={id} role="listbox" tabIndex={-1} aria-label={t("palette.results")} className={styles.list}>
      {commands.map((command, index) => (
        <div key={command.id} role="presentation">
          {command.group !== commands[index - 1]?.group && <div role="presentation" className={styles.group}>{command.group}</div>}
          {/* The field keeps the focus; arrows and Enter act on the chosen option. */}
          {/* eslint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus */}
          <div id={`${id}-${index}`} role="option" aria-selected={index === at} className={styles.option}
            ref={(node) => { if (index === at) node?.scrollIntoView({ block: "nearest" }); }}
            onPointerMove={() => onAt(index)} onClick={() => onRun(command)}>
            <Icon name={command.icon} />
            <span className="grow ellipsis">{command.label}</span>
            {command.hint && <span className="faint small ellipsis">{command.hint}</span>}
          </div>
        </div>
      ))}
    </div>
  );
}

/** Pages, objects and actions by name: the field filters, arrows choose, Enter acts. */
export default function Palette({ onClose, onHelp }: Props) {
  const t = useT(appMessages);
  const ref = useModal();
  const id = useId();
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(0);
  const commands = grouped(match(useCommands(onHelp), query)).slice(0, SHOWN);
  const run = (command: Command | undefined) => {
    if (!command) return;
    onClose();
    command.run();
  };
  const onKey = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Enter") run(commands[at]);
    else if (step && commands.length) setAt((at + step + commands.length) % commands.length);
    else return;
    event.preventDefault();
  };
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- a press on the backdrop lands on the dialog
    <dialog ref={ref} aria-label={t("palette.title")} className={styles.palette} onCancel={(event) => { event.preventDefault(); onClose(); }}
      onMouseDown={(event) => { if (event.target === event.currentTarget) onClose(); }}>
      <div className={styles.field}>
        <Icon name="search" />
        <input role="combobox" aria-expanded aria-controls={id} aria-label={t("palette.title")} placeholder={t("palette.placeholder")} autoFocus
          aria-activedescendant={commands.length ? `${id}-${at}` : undefined} aria-autocomplete="list" value={query} onKeyDown={onKey}
          onChange={(event) => { setQuery(event.target.value); setAt(0); }} />
      </div>
      <List id={id} commands={commands} at={at} onAt={setAt} onRun={run} />
      {!commands.length && <p className={styles.empty} role="status">{t("palette.empty", { query })}</p>}
    </dialog>
  );
}

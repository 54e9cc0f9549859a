import type { ReactNode, SVGProps } from "react";

/** Every icon, 16 × 16, drawn with the current colour. */
const PATHS = {
  home: <><path d="M2.5 7.2 8 2.6l5.5 4.6V13a.6.6 0 0 1-.6.6H3.1a.6.6 0 0 1-.6-.6z"/><path d="M6.3 13.4V9.3h3.4v4.1"/></>,
  notebook: <><rect x="3.4" y="2" width="9.6" height="12" rx="1.2"/><path d="M6 2v12M2 5h2.6M2 8h2.6M2 11h2.6M8.4 5.2h2.4"/></>,
  play: <><path d="M4.5 2.8v10.4L13 8z"/></>,
  sweep: <><circle cx="4" cy="11.5" r="1.3"/><circle cx="7" cy="5" r="1.3"/><circle cx="11.8" cy="9" r="1.3"/><circle cx="12.4" cy="3.4" r="1.3"/><path d="M2 14h12"/></>,
  pipeline: <><rect x="1.8" y="2.2" width="4.4" height="3.6" rx=".9"/><rect x="9.8" y="6.2" width="4.4" height="3.6" rx=".9"/><rect x="1.8" y="10.2" width="4.4" height="3.6" rx=".9"/><path d="M6.2 4H8v8H6.2M8 8h1.8"/></>,
  model: <><path d="M8 1.8 13.6 5v6L8 14.2 2.4 11V5z"/><path d="M2.6 5.1 8 8.2l5.4-3.1M8 8.2v5.8"/></>,
  endpoint: <><circle cx="8" cy="8" r="2"/><path d="M4.4 11.6a5.1 5.1 0 0 1 0-7.2M11.6 4.4a5.1 5.1 0 0 1 0 7.2M2.3 13.7a8 8 0 0 1 0-11.4M13.7 2.3a8 8 0 0 1 0 11.4"/></>,
  disk: <><ellipse cx="8" cy="3.9" rx="5.4" ry="1.9"/><path d="M2.6 3.9v8.2c0 1 2.4 1.9 5.4 1.9s5.4-.9 5.4-1.9V3.9M2.6 8c0 1 2.4 1.9 5.4 1.9S13.4 9 13.4 8"/></>,
  box: <><path d="M2.4 4.8h11.2v8a.8.8 0 0 1-.8.8H3.2a.8.8 0 0 1-.8-.8z"/><path d="M2.4 4.8 4 2.4h8l1.6 2.4M6.4 7.6h3.2"/></>,
  people: <><circle cx="6" cy="5.4" r="2.4"/><path d="M1.8 13.4a4.2 4.2 0 0 1 8.4 0M10.4 3.3a2.4 2.4 0 0 1 0 4.3M11.9 9.6a4.2 4.2 0 0 1 2.4 3.8"/></>,
  gear: <><circle cx="8" cy="8" r="2.1"/><path d="M8 1.8v1.8M8 12.4v1.8M14.2 8h-1.8M3.6 8H1.8M12.4 3.6l-1.3 1.3M4.9 11.1l-1.3 1.3M12.4 12.4l-1.3-1.3M4.9 4.9 3.6 3.6"/></>,
  shield: <><path d="M8 1.8 13 3.6v4c0 3.2-2.1 5.3-5 6.6-2.9-1.3-5-3.4-5-6.6v-4z"/></>,
  search: <><circle cx="7" cy="7" r="4.3"/><path d="m10.3 10.3 3.4 3.4"/></>,
  bell: <><path d="M3.6 11.2V7a4.4 4.4 0 0 1 8.8 0v4.2l1 1H2.6zM6.6 14h2.8"/></>,
  plus: <><path d="M8 3v10M3 8h10"/></>,
  down: <><path d="m4.5 6.5 3.5 3.5 3.5-3.5"/></>,
  up: <><path d="m4.5 9.5 3.5-3.5 3.5 3.5"/></>,
  right: <><path d="m6.5 4.5 3.5 3.5-3.5 3.5"/></>,
  updown: <><path d="m5 6 3-3 3 3M5 10l3 3 3-3"/></>,
  clock: <><circle cx="8" cy="8" r="5.8"/><path d="M8 4.6V8l2.3 1.6"/></>,
  check: <><path d="m3.2 8.4 3.2 3.2 6.4-7"/></>,
  x: <><path d="m4 4 8 8M12 4l-8 8"/></>,
  tickRing: <><circle cx="8" cy="8" r="5.8"/><path d="m5.4 8.2 1.9 1.9 3.4-3.9"/></>,
  crossRing: <><circle cx="8" cy="8" r="5.8"/><path d="m6 6 4 4M10 6l-4 4"/></>,
  barredRing: <><circle cx="8" cy="8" r="5.8"/><path d="m4 4 8 8"/></>,
  stop: <><rect x="4" y="4" width="8" height="8" rx="1.2"/></>,
  warn: <><path d="M8 2.4 14.4 13H1.6zM8 6.6v3M8 11.3v.1"/></>,
  ring: <><circle className="spin" cx="8" cy="8" r="5.6"/></>,
  dotRing: <><circle cx="8" cy="8" r="5.6"/><circle cx="8" cy="8" r="2.4" fill="currentColor" stroke="none"/></>,
  moon: <><path d="M13 9.6A5.6 5.6 0 1 1 6.4 3a4.5 4.5 0 0 0 6.6 6.6z"/></>,
  external: <><path d="M9 2.6h4.4V7M13.2 2.8 7.6 8.4M11.4 9.4v3.2a.8.8 0 0 1-.8.8H3.4a.8.8 0 0 1-.8-.8V5.4a.8.8 0 0 1 .8-.8h3.2"/></>,
  copy: <><rect x="5.4" y="5.4" width="8" height="8" rx="1.2"/><path d="M10.6 5.2V3.4a.8.8 0 0 0-.8-.8H3.4a.8.8 0 0 0-.8.8v6.4c0 .4.4.8.8.8h1.8"/></>,
  dots: <><circle cx="3.4" cy="8" r=".6"/><circle cx="8" cy="8" r=".6"/><circle cx="12.6" cy="8" r=".6"/></>,
  clone: <><circle cx="4" cy="3.8" r="1.7"/><circle cx="12" cy="3.8" r="1.7"/><circle cx="4" cy="12.2" r="1.7"/><path d="M4 5.5v5M12 5.5c0 3-2.6 3.2-8 4"/></>,
  cpu: <><rect x="4" y="4" width="8" height="8" rx="1.2"/><path d="M6.2 1.8V4M9.8 1.8V4M6.2 12v2.2M9.8 12v2.2M1.8 6.2H4M1.8 9.8H4M12 6.2h2.2M12 9.8h2.2"/></>,
  gpu: <><rect x="1.6" y="4" width="12.8" height="8" rx="1.2"/><circle cx="5.4" cy="8" r="1.8"/><circle cx="10.6" cy="8" r="1.8"/></>,
  spark: <><path d="m8 1.8 1.5 4.7 4.7 1.5-4.7 1.5L8 14.2 6.5 9.5 1.8 8l4.7-1.5z"/></>,
  key: <><circle cx="5.2" cy="10.8" r="2.8"/><path d="m7.2 8.8 6-6M10.6 5.4l2 2"/></>,
  file: <><path d="M3.8 1.8h5.6l2.8 2.8v9.6H3.8zM9.2 1.8v3h3"/></>,
  folder: <><path d="M1.8 4.2a.8.8 0 0 1 .8-.8h3.2l1.4 1.6h6.2a.8.8 0 0 1 .8.8v6.4a.8.8 0 0 1-.8.8H2.6a.8.8 0 0 1-.8-.8z"/></>,
  download: <><path d="M8 2.4v8M4.8 7.4 8 10.6l3.2-3.2M2.8 13.4h10.4"/></>,
  list: <><path d="M5.4 4h8M5.4 8h8M5.4 12h8M2.6 4h.1M2.6 8h.1M2.6 12h.1"/></>,
  chart: <><path d="M2.2 13.6h11.6M4.2 11V7.6M8 11V3.4M11.8 11V5.6"/></>,
  inbox: <><path d="M2 9.2 4 3h8l2 6.2v3.4a.8.8 0 0 1-.8.8H2.8a.8.8 0 0 1-.8-.8zM2 9.2h3.6l.8 1.6h3.2l.8-1.6H14"/></>,
  grid: <><rect x="2.2" y="2.2" width="4.8" height="4.8" rx=".9"/><rect x="9" y="2.2" width="4.8" height="4.8" rx=".9"/><rect x="2.2" y="9" width="4.8" height="4.8" rx=".9"/><rect x="9" y="9" width="4.8" height="4.8" rx=".9"/></>,
  back: <><path d="M9.5 4.5 6 8l3.5 3.5"/></>,
  menu: <><path d="M2.6 4.4h10.8M2.6 8h10.8M2.6 11.6h10.8"/></>,
  flask: <><path d="M6.2 2h3.6M6.8 2v4L3 12.6c-.3.6.1 1.4.8 1.4h8.4c.7 0 1.1-.8.8-1.4L9.2 6V2M4.8 10h6.4"/></>,
  terminal: <><rect x="1.8" y="2.8" width="12.4" height="10.4" rx="1.2"/><path d="m4.4 6 2 2-2 2M8 10.2h3.2"/></>,
  hourglass: <><path d="M4.2 2h7.6M4.2 14h7.6M5 2c0 3.4 3 4 3 6s-3 2.6-3 6M11 2c0 3.4-3 4-3 6s3 2.6 3 6"/></>,
  globe: <><circle cx="8" cy="8" r="5.8"/><path d="M2.2 8h11.6M8 2.2c3.6 3.4 3.6 8.2 0 11.6M8 2.2c-3.6 3.4-3.6 8.2 0 11.6"/></>,
  sun: <><circle cx="8" cy="8" r="2.8"/><path d="M8 1.6v1.6M8 12.8v1.6M14.4 8h-1.6M3.2 8H1.6M12.5 3.5l-1.1 1.1M4.6 11.4l-1.1 1.1M12.5 12.5l-1.1-1.1M4.6 4.6 3.5 3.5"/></>,
  keyboard: <><rect x="1.6" y="4" width="12.8" height="8" rx="1.2"/><path d="M4.2 6.6h.1M7 6.6h.1M9.8 6.6h.1M11.9 6.6h.1M5 9.4h6"/></>,
  leave: <><path d="M6.4 13.6H3.2a.8.8 0 0 1-.8-.8V3.2a.8.8 0 0 1 .8-.8h3.2M10.4 11.2 13.6 8l-3.2-3.2M13.4 8H6"/></>,
  person: <><circle cx="8" cy="5.2" r="2.6"/><path d="M3 13.6a5 5 0 0 1 10 0"/></>,
  pencil: <><path d="m2.6 13.4.7-3 7.4-7.4a1.3 1.3 0 0 1 1.9 0l.4.4a1.3 1.3 0 0 1 0 1.9l-7.4 7.4z"/></>,
  trash: <><path d="M2.8 4.4h10.4M6.4 4.2V2.6h3.2v1.6M4.2 4.6l.6 8.2c0 .4.4.8.8.8h4.8c.4 0 .8-.4.8-.8l.6-8.2"/></>,
  refresh: <><path d="M13 8a5 5 0 1 1-1.5-3.6M13 2.4v2.4h-2.4"/></>,
  eye: <><path d="M1.6 8S4 3.8 8 3.8 14.4 8 14.4 8 12 12.2 8 12.2 1.6 8 1.6 8z"/><circle cx="8" cy="8" r="2"/></>,
  eyeOff: <><path d="M1.6 8S4 3.8 8 3.8 14.4 8 14.4 8 12 12.2 8 12.2 1.6 8 1.6 8z"/><path d="m2.6 13.4 10.8-10.8"/></>,
  dot: <circle cx="8" cy="8" r="2.6"/>,
} as const satisfies Record<string, ReactNode>;

export type IconName = keyof typeof PATHS;

interface Props extends Omit<SVGProps<SVGSVGElement>, "name"> {
  readonly name: IconName;
  /** Small icons (badges) get a heavier line so that they read as well. */
  readonly small?: boolean;
}

/** Decorative: the words beside it carry the meaning. */
export function Icon({ name, small = false, className = "", ...rest }: Props) {
  const classes = `icon${small ? " icon-small" : ""} ${className}`.trim();
  return (
    <svg {...rest} className={classes} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      {PATHS[name]}
    </svg>
  );
}

// Enough of a user agent to recognise one's own browser; the whole text stands in its title.

const BROWSERS: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/Edg\//, "Edge"], [/OPR\//, "Opera"], [/Firefox\//, "Firefox"], [/Chrome\//, "Chrome"], [/Safari\//, "Safari"],
];
const SYSTEMS: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/Android/, "Android"], [/iPhone|iPad/, "iOS"], [/Windows/, "Windows"], [/Mac OS X/, "macOS"], [/Linux|X11/, "Linux"],
];

const first = (table: typeof BROWSERS, agent: string) => table.find(([pattern]) => pattern.test(agent))?.[1] ?? null;

export function browserName(agent: string): { browser: string | null; system: string | null } {
  return { browser: first(BROWSERS, agent), system: first(SYSTEMS, agent) };
}

/** Words for screen readers. Polite ones wait: at most one every five seconds, the last one wins. */
const EVERY_MS = 5000;

type Region = "polite" | "assertive";
const listeners = new Set<(region: Region, text: string) => void>();

let lastSaid = 0;
let waiting: ReturnType<typeof setTimeout> | undefined;

function say(region: Region, text: string): void {
  for (const listener of listeners) listener(region, text);
}

export function announce(text: string, region: Region = "polite"): void {
  if (region === "assertive") {
    say(region, text);
    return;
  }
  clearTimeout(waiting);
  const speak = () => {
    lastSaid = Date.now();
    say("polite", text);
  };
  const rest = lastSaid + EVERY_MS - Date.now();
  if (rest <= 0) speak();
  else waiting = setTimeout(speak, rest);
}

export function onAnnounce(listener: (region: Region, text: string) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

import { useEffect, useRef, useState } from "react";

const REST_MS = 200;

/**
 * Text that is kept in the address. What is typed shows at once; the address follows when the typing
 * rests. A field bound to the address alone loses letters: the router shows the old one until it is through.
 */
export function useTyped(kept: string, keep: (text: string) => void): readonly [string, (text: string) => void] {
  const [typed, setTyped] = useState<string | null>(null);
  const latest = useRef(keep);
  useEffect(() => { latest.current = keep; });
  useEffect(() => {
    if (typed === null || typed === kept) return undefined;
    const timer = setTimeout(() => latest.current(typed), REST_MS);
    return () => clearTimeout(timer);
  }, [typed, kept]);
  // The address has caught up: from now on it is the one to believe, as when filters are cleared.
  if (typed !== null && typed === kept) setTyped(null);
  return [typed ?? kept, setTyped];
}

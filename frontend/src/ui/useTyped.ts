import { useState } from "react";

/**
 * Text that is kept in the address. What is typed shows at once; the address follows. A field bound
 * to the address alone loses letters: the router shows the old text until it is through.
 *
 * The address is told at once and never later: a navigation that came late would undo one that was
 * asked for meanwhile, such as the one after the form was sent.
 */
export function useTyped(kept: string, keep: (text: string) => void): readonly [string, (text: string) => void] {
  const [typed, setTyped] = useState<string | null>(null);
  // The address has caught up: from now on it is the one to believe, as when filters are cleared.
  if (typed !== null && typed === kept) setTyped(null);
  const type = (text: string) => {
    setTyped(text);
    keep(text);
  };
  return [typed ?? kept, type];
}

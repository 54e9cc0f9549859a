import { useEffect, useState } from "react";
import { onAnnounce } from "./announce";

/** The one place whose changes are read aloud. Mounted once, by the shell. */
export function LiveRegion() {
  const [words, setWords] = useState({ polite: "", assertive: "" });
  useEffect(() => onAnnounce((region, text) => setWords((current) => ({ ...current, [region]: text }))), []);
  return (
    <>
      <div className="sr-only" aria-live="polite" aria-atomic="true">{words.polite}</div>
      <div className="sr-only" aria-live="assertive" aria-atomic="true">{words.assertive}</div>
    </>
  );
}

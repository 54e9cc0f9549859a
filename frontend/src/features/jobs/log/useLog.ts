import { useEffect, useState, useSyncExternalStore } from "react";
import type { Job } from "@/api";
import { readLog } from "@/api/jobs";
import { isLive } from "@/lib/status";
import { LogReader, type LogState } from "./reader";
import type { LogText } from "./text";

const LIVE_MS = 1500;
/** After the end the last lines come as soon as the worker has copied them. */
const ENDED_MS = 2500;

export interface ShownLog extends LogState {
  readonly text: LogText;
  readonly retry: () => void;
}

function paceOf({ status }: Job): number | null {
  if (status === "queued") return null;
  return isLive(status) ? LIVE_MS : ENDED_MS;
}

/** The log of a job, read on while it is written. One component a job: give it the job's id as its key. */
export function useLog(job: Job): ShownLog {
  const [reader] = useState(() => new LogReader((offset) => readLog(job.id, offset)));
  const pace = paceOf(job);
  useEffect(() => {
    reader.pace(pace);
    return () => reader.pace(null);
  }, [reader, pace]);
  const state = useSyncExternalStore(reader.subscribe, reader.state);
  return { ...state, text: reader.text, retry: reader.retry };
}

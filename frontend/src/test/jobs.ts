// Jobs of the small portal: one of each kind, logs that grow, and what can be done to them.
import { http, HttpResponse } from "msw";
import type { Job, Workload } from "@/api";
import { aWorkload, churn, page, problem } from "./factories";

const GIB = 1024 ** 3;
const ago = (seconds: number): string => new Date(Date.now() - seconds * 1000).toISOString();

export const aJob = (changes: Partial<Job> = {}): Job => {
  const job: Job = {
    id: "j42", name: "churn-xgb", project: churn, owner: "alice", environment: { id: "e1", name: "Python 3.11" }, image: null,
    command: ["python", "train.py", "--lr", "3e-4"], env: { SEED: "7" }, profile: { id: "h2", name: "CPU large" },
    resources: { cpu_millicores: 4000, memory_bytes: 16 * GIB, accelerators: {} }, status: "running", reason: null, workload: aWorkload({ kind: "job" }),
    exit_code: null, created: ago(1220), started: ago(1107), finished: null, links: {}, ...changes,
  };
  return { ...job, workload: changes.workload ?? workloadOf(job) };
};

const STEPS = ["quota", "submitted", "placed", "image", "ready"];

function progressOf(job: Job): Workload["progress"] {
  const done = job.started ? 5 : { queued: 0, starting: 3 }[job.status as string] ?? 1;
  const next = job.finished ? "failed" : "active";
  return STEPS.map((step, index) => ({
    step, state: index < done ? "done" : index === done ? next : "waiting", seconds: index < done ? [108, 0.2, 1.4, 6.2, 0.3][index] ?? 0 : null,
  }));
}

export const workloadOf = (job: Job): Workload => aWorkload({
  id: `w-${job.id}`, kind: "job", name: job.name, durable_id: job.id, owner: job.owner, project: job.project, status: job.status, reason: job.reason,
  resources: job.resources, created: job.created, started: job.started, finished: job.finished, progress: progressOf(job),
});

const WAITING = { code: "WAITING_FOR_CAPACITY", text: "Waiting for 2 × A100 on one node.", action: "It starts by itself when there is room." };
const FAILED = { code: "EXIT_NONZERO", text: "The command ended with exit code 3.", action: "Read the last lines of its log." };
const NO_MEMORY = { code: "OUT_OF_MEMORY", text: "It used more memory than its 8 GiB.", action: "Choose a profile with more memory." };

export const someJobs = (): Job[] => [
  aJob(),
  aJob({ id: "j17", name: "retrain-weekly", owner: "bob", status: "queued", reason: WAITING, started: null, created: ago(840), profile: { id: "h4", name: "GPU A100" }, resources: { cpu_millicores: 16_000, memory_bytes: 128 * GIB, accelerators: { "nvidia.com/a100": 2 } } }),
  aJob({ id: "j18", name: "features", status: "starting", started: null, created: ago(9) }),
  aJob({ id: "j41", name: "churn-xgb-41", status: "failed", reason: FAILED, exit_code: 3, created: ago(9000), started: ago(8900), finished: ago(8000) }),
  aJob({ id: "j39", name: "embed", status: "failed", reason: NO_MEMORY, exit_code: 137, created: ago(19_000), started: ago(18_900), finished: ago(18_000) }),
  aJob({ id: "j40", name: "churn-xgb-40", status: "succeeded", exit_code: 0, created: ago(20_000), started: ago(19_900), finished: ago(17_438) }),
];

const E = "\u001b";
const epochs = (from: number, to: number): string => Array.from({ length: to - from }, (_, index) => {
  const step = from + index;
  if (step % 12 === 11) return `${E}[33mWARNING${E}[0m  dataloader: worker 3 slow, 2.1 s for a batch`;
  return step % 7 === 6 ? `checkpoint saved  step ${step * 50}  212 MB  1.4 s` : `epoch ${Math.floor(step / 5) + 1}  step ${step * 50}  loss ${(0.7 / (1 + step / 30)).toFixed(4)}  lr 2.4e-04`;
}).map((line) => `${line}\n`).join("");

export const someLogs = (): Record<string, string> => ({
  j42: epochs(0, 400), j40: epochs(0, 600),
  j41: `${epochs(0, 12)}Traceback (most recent call last):\n  File "train.py", line 41, in <module>\n    main()\n${E}[31mValueError: label column is missing${E}[0m\n`,
  j39: `${epochs(0, 40)}`,
});

export interface JobWorld { jobs: Job[]; logs: Record<string, string> }

const url = (path: string) => `*/api/v1${path}`;
const json = HttpResponse.json.bind(HttpResponse);
const refuse = (status: number, code: string, detail: string, more = {}) => json(problem(status, code, detail, more), { status, headers: { "Content-Type": "application/problem+json" } });
const isOver = ({ status }: Job) => !["queued", "starting", "running", "stopping"].includes(status);

interface Draft { name?: string; command: string[]; environment?: string; image?: string; profile: string; env?: Record<string, string> }

function submitted(draft: Draft): Job {
  return aJob({
    id: "j99", name: draft.name ?? draft.command[0] ?? "job", command: draft.command, env: draft.env ?? {}, image: draft.image ?? null,
    environment: draft.environment ? { id: draft.environment, name: "Python 3.11" } : null, profile: { id: draft.profile, name: draft.profile },
    status: "queued", created: ago(0), started: null,
  });
}

export const jobHandlers = (world: JobWorld) => [
  http.get(url("/jobs"), ({ request }) => {
    const query = new URL(request.url).searchParams;
    const [owner, status, search] = [query.get("owner"), query.get("status"), query.get("search")];
    return json(page(world.jobs.filter((job) => (!owner || job.owner === owner) && (!status || status.split(",").includes(job.status)) && (!search || job.name.includes(search) || job.id === search))));
  }),
  http.post(url("/jobs"), async ({ request }) => {
    const draft = (await request.json()) as Draft;
    const reserved = Object.keys(draft.env ?? {}).find((name) => /^(LD_|PATH$|PYTHON)/.test(name));
    if (reserved) return refuse(400, "ENV_RESERVED", `${reserved} is set by the platform.`, { field: `env.${reserved}` });
    const job = submitted(draft);
    world.jobs = [job, ...world.jobs];
    return json(job, { status: 201 });
  }),
  http.get(url("/jobs/:id"), ({ params }) => {
    const found = world.jobs.find(({ id }) => id === params.id);
    return found ? json(found) : refuse(404, "NOT_FOUND", "There is no such job.");
  }),
  http.post(url("/jobs/:id/stop"), ({ params }) => {
    world.jobs = world.jobs.map((job) => (job.id === params.id ? { ...job, status: job.status === "queued" ? "stopped" : "stopping", reason: null } : job));
    return json(world.jobs.find(({ id }) => id === params.id) ?? null, { status: 202 });
  }),
  http.get(url("/jobs/:id/log"), ({ params, request }) => {
    const job = world.jobs.find(({ id }) => id === params.id);
    if (!job) return refuse(404, "NOT_FOUND", "There is no such job.");
    const query = new URL(request.url).searchParams;
    const [offset, limit] = [Number(query.get("offset")), Number(query.get("limit"))];
    const log = world.logs[job.id] ?? "";
    const text = log.slice(offset, offset + limit);
    const next = offset + text.length;
    return json({ offset, next_offset: next, text, is_end: isOver(job) && next >= log.length, complete: false, source: "engine", notice: null });
  }),
];

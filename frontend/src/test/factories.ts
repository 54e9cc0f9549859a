// Sample objects as the portal sends them; every call may change what matters to its test.
import type {
  Check, Environment, InvitationOffer, Me, Notebook, Profile, Project, ProjectQuotaLine, Session, Workload, WorkloadEvent,
} from "@/api";

const GIB = 1024 ** 3;
const ago = (seconds: number): string => new Date(Date.now() - seconds * 1000).toISOString();
const ahead = (seconds: number): string => ago(-seconds);

export const churn = { id: "p111", slug: "churn", name: "Churn forecasting" };
export const fraud = { id: "p222", slug: "fraud", name: "Fraud detection" };

export const aMe = (changes: Partial<Me> = {}): Me => ({
  id: "u1", username: "alice", display_name: "Alice Martin", email: "alice@example.org", platform_role: "" as Me["platform_role"],
  language: "en", theme: "system", time_zone: "", created: ago(9e6),
  projects: [{ ...churn, role: "lead" }, { ...fraud, role: "member" }],
  permissions: { create_project: true, platform_admin: false, platform_audit: false },
  ...changes,
});

export const aSession = (user: Me | null = aMe()): Session => ({
  authenticated: user !== null, user,
  config: {
    version: "0.1.0", content_url: "http://127.0.0.1:8001", events_url: "http://localhost:8004",
    engine: "local", isolation: "uid", languages: ["en", "fr"],
  },
});

export const aProject = (changes: Partial<Project> = {}): Project => ({
  ...churn, description: "Who leaves, and why.", role: "lead", archived_at: null, deleted_at: null, place: null, created: ago(8e6), members_count: 4, leads: ["alice"], ...changes,
});

export const anEnvironment = (changes: Partial<Environment> = {}): Environment => ({
  id: "e1", slug: "python", name: "Python 3.11", description: "JupyterLab, pandas, scikit-learn, XGBoost", image: "atelier/notebook:1",
  local_runtime: "runtime", packages: [{ name: "pandas", version: "3.0.1" }, { name: "scikit-learn", version: "1.9.1" }],
  enabled: true, all_projects: true, projects: [], ordering: 1, unavailable_reason: null, ...changes,
});

export const aProfile = (changes: Partial<Profile> = {}): Profile => ({
  id: "h1", slug: "small", name: "CPU small", description: "Explore and prepare data", kind_label: "cpu",
  resources: { cpu_millicores: 2000, memory_bytes: 8 * GIB, accelerators: {} }, shared_memory_bytes: 0, spark_executors: 0,
  spark_executor_resources: null, enabled: true, all_projects: true, projects: [], ordering: 1, unavailable_reason: null, ...changes,
});

export const someProfiles = (): Profile[] => [
  aProfile(),
  aProfile({ id: "h2", slug: "large", name: "CPU large", description: "", ordering: 2, resources: { cpu_millicores: 4000, memory_bytes: 16 * GIB, accelerators: {} } }),
  aProfile({
    id: "h3", slug: "spark", name: "Spark", description: "", kind_label: "spark", ordering: 3, spark_executors: 4,
    spark_executor_resources: { cpu_millicores: 2000, memory_bytes: 8 * GIB }, resources: { cpu_millicores: 2000, memory_bytes: 8 * GIB },
  }),
  aProfile({
    id: "h4", slug: "l4", name: "GPU L4", description: "", kind_label: "gpu", ordering: 4,
    resources: { cpu_millicores: 4000, memory_bytes: 32 * GIB, accelerators: { "nvidia.com/l4": 1 } },
    unavailable_reason: { code: "NO_NODE_FITS", text: "This machine has no L4.", action: "Choose a profile without a GPU." },
  }),
];

export const aWorkload = (changes: Partial<Workload> = {}): Workload => ({
  id: "w1", kind: "notebook", name: "exploration", durable_id: "n1", project: churn, owner: "alice", status: "running", phase: "RUNNING",
  reason: null, resources: { cpu_millicores: 4000, memory_bytes: 16 * GIB, accelerators: {} }, created: ago(5830), started: ago(5820), finished: null,
  stale_since: null, progress: [], links: {}, ...changes,
});

export const aNotebook = (changes: Partial<Notebook> = {}): Notebook => ({
  id: "n1", name: "exploration", project: churn, owner: "alice", environment: { id: "e1", name: "Python 3.11" },
  profile: { id: "h2", name: "CPU large", kind_label: "cpu" }, resources: { cpu_millicores: 4000, memory_bytes: 16 * GIB, accelerators: {} },
  status: "running", reason: null, workload: aWorkload(), last_activity: ago(52 * 60), started: ago(5820),
  open_url: "http://127.0.0.1:8001/user/alice/n1/lab", home: { path: "p111/alice" },
  usage: { cpu_millicores: 120, memory_bytes: 6.2 * GIB, at: ago(20) }, rescue: false, packages_will_be_reset: false, restarting: false, idle_stop_at: null, created: ago(9e5), ...changes,
});

export const aStarting = (changes: Partial<Notebook> = {}): Notebook => aNotebook({
  id: "n2", name: "feature-spark", profile: { id: "h3", name: "Spark", kind_label: "spark" }, status: "starting", open_url: null, started: null,
  last_activity: null, usage: null, resources: { cpu_millicores: 2000, memory_bytes: 8 * GIB },
  workload: aWorkload({
    id: "w2", name: "feature-spark", durable_id: "n2", status: "starting", phase: "STARTING", created: ago(4), started: null,
    resources: { cpu_millicores: 2000, memory_bytes: 8 * GIB },
    progress: [
      { step: "quota", state: "done", seconds: 0.1 }, { step: "placed", state: "done", seconds: 0.4 },
      { step: "answering", state: "active", seconds: null }, { step: "ready", state: "waiting", seconds: null },
    ],
  }),
  ...changes,
});

export const aStopped = (changes: Partial<Notebook> = {}): Notebook => aNotebook({
  id: "n3", name: "embeddings", status: "stopped", open_url: null, started: null, usage: null, last_activity: ago(9000),
  reason: { code: "IDLE", text: "Stopped after 60 min without activity.", action: "" },
  workload: aWorkload({ id: "w3", name: "embeddings", durable_id: "n3", status: "stopped", phase: "STOPPED", finished: ago(8800) }),
  ...changes,
  ...(changes.id && !changes.workload ? { workload: aWorkload({ id: `w-${changes.id}`, name: changes.name ?? "embeddings", owner: changes.owner ?? "alice", durable_id: changes.id, status: "stopped", phase: "STOPPED", started: ago(12_000), finished: ago(8800) }) } : {}),
});

export const aFailed = (changes: Partial<Notebook> = {}): Notebook => aStopped({
  id: "n4", name: "legacy-r", status: "failed",
  reason: { code: "EXIT_NONZERO", text: "The server ended with exit code 1 before it answered.", action: "Start it without your own packages (rescue start), or reset them." },
  workload: aWorkload({
    id: "w4", name: "legacy-r", durable_id: "n4", status: "failed", phase: "FAILED", created: ago(90_000), started: null, finished: ago(89_990),
    reason: { code: "EXIT_NONZERO", text: "The server ended with exit code 1 before it answered.", action: "Start it without your own packages (rescue start), or reset them." },
    progress: [
      { step: "quota", state: "done", seconds: 0.1 }, { step: "placed", state: "done", seconds: 0.3 },
      { step: "answering", state: "failed", seconds: 2.2 }, { step: "ready", state: "waiting", seconds: null },
    ],
  }),
  ...changes,
});

export const someEvents = (): WorkloadEvent[] => [
  { at: ago(4), code: "QUOTA_RESERVED", text: "Quota reserved: 2 cores, 8 GiB", source: "platform" },
  { at: ago(3), code: "SUBMITTED", text: "Handed to the hub", source: "platform" },
  { at: ago(2), code: "STARTED", text: "The server process was started", source: "engine" },
];

export const someQuota = (): ProjectQuotaLine[] => [
  { resource: "cpu", limit: 96_000, used: 64_000, reserved: 34_000, in_use: 30_000, free: 4000 },
  { resource: "memory", limit: 640 * GIB, used: 372 * GIB, reserved: 200 * GIB, in_use: 172 * GIB, free: 32 * GIB },
  { resource: "notebooks", limit: 10, used: 9, reserved: 1, in_use: 8, free: 1 },
  { resource: "accelerator:nvidia.com/l4", limit: 8, used: 6, reserved: 2, in_use: 4, free: 2 },
];

export const aCheck = (changes: Partial<Check> = {}): Check => ({
  verdict: "fits", headline: "Starts in about 3 s.", reason: null, choices: [], starts_in_seconds: 3,
  conditions: [
    { code: "project_quota", state: "ok", text: "34 of 96 cores with this notebook" },
    { code: "user_quota", state: "ok", text: "6 of 16 cores with this notebook" },
    { code: "platform_quota", state: "ok", text: "Room for it" },
    { code: "engine", state: "ok", text: "The hub answers" },
    { code: "image", state: "ok", text: "Python 3.11 is installed" },
  ],
  ...changes,
});

export const anOffer = (): InvitationOffer => ({ project_name: "Fraud detection", role: "member", invited_by: "dan", expires: ahead(5 * 86_400) });

export const page = <T>(results: T[]) => ({ results, next: null, previous: null });

export const problem = (status: number, code: string, detail: string, more: Record<string, unknown> = {}) => ({
  type: "about:blank", title: code, status, code, detail, action: "", field: null, errors: [], params: {}, request_id: "req-7f3a21", ...more,
});

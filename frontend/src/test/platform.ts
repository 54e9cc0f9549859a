// The rest of the small portal: members, account, users, catalog edits, quotas, audit, health.
// Versions count up, so that a stale edit is refused as the real portal refuses it.
import { http, HttpResponse } from "msw";
import type {
  AuditRecord, Browser, Component, Environment, Invitation, LimitLine, Me, Member, Profile, Project, QuotaScope, Role, Token, User, Workload,
} from "@/api";
import { anEnvironment, aProject, aWorkload, churn, fraud, page, problem, someProfiles } from "./factories";

const GIB = 1024 ** 3;
const ago = (seconds: number): string => new Date(Date.now() - seconds * 1000).toISOString();
const ahead = (days: number): string => ago(-days * 86_400);

interface Kept<T> { value: T; version: number }
const kept = <T>(value: T): Kept<T> => ({ value, version: 1 });

export const aMember = (username: string, role: Role, changes: Partial<Member> = {}): Member => ({
  username, display_name: username.charAt(0).toUpperCase() + username.slice(1), role, since: ago(6e6), ...changes,
});

export const aUser = (username: string, changes: Partial<User> = {}): User => ({
  id: `u-${username}`, username, display_name: username.charAt(0).toUpperCase() + username.slice(1), email: `${username}@example.org`,
  platform_role: "", is_active: true, created: ago(9e6), last_seen: ago(4000), live_workloads: 0, ...changes,
});

export const aToken = (changes: Partial<Token> = {}): Token => ({
  id: "t1", name: "laptop", prefix: "atl_7Qm2", scopes: ["read", "write"], created: ago(8e5), expires: ahead(60), last_used: ago(260), ...changes,
});

const agents = {
  here: "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0 Safari/537.36",
  phone: "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1",
};

let lineId = 1;
export const aLine = (resource: string, limit: number | null, used: number, reserved = 0, changes: Partial<LimitLine> = {}): LimitLine => ({
  id: `q${lineId++}`, resource, limit, inherits: false, used: used + reserved, in_use: used, reserved, version: 1, ...changes,
});

const inherited = (resource: string, limit: number | null): LimitLine => aLine(resource, limit, 0, 0, { id: null, inherits: true, version: 0 });

export const someQuotas = (): QuotaScope[] => [
  { scope: "project", scope_id: "*", name: "", defaults: true, lines: [aLine("cpu", 48_000, 0), aLine("memory", 256 * GIB, 0), aLine("notebooks", 100, 0), aLine("accelerator:nvidia.com/l4", 0, 0)] },
  { scope: "project", scope_id: "p111", name: "Churn forecasting", defaults: false, lines: [aLine("cpu", 96_000, 30_000, 34_000), aLine("memory", 640 * GIB, 172 * GIB, 200 * GIB), aLine("notebooks", 10, 8, 1), aLine("accelerator:nvidia.com/l4", 8, 4, 2)] },
  { scope: "project", scope_id: "p333", name: "Demand and routing", defaults: false, lines: [aLine("cpu", 48_000, 18_000, 0, { inherits: true }), aLine("memory", 256 * GIB, 96 * GIB, 0, { inherits: true }), aLine("notebooks", 100, 5, 0, { inherits: true }), aLine("accelerator:nvidia.com/l4", 2, 0)] },
  { scope: "project", scope_id: "p222", name: "Fraud detection", defaults: false, lines: [aLine("cpu", 96_000, 60_000, 30_000), aLine("memory", 512 * GIB, 330 * GIB), aLine("notebooks", 100, 11, 4, { inherits: true }), aLine("accelerator:nvidia.com/l4", 4, 4, 2)] },
  { scope: "project", scope_id: "p444", name: "Sandbox", defaults: false, lines: [inherited("cpu", 48_000), inherited("memory", 256 * GIB), inherited("notebooks", 100), inherited("accelerator:nvidia.com/l4", 0)] },
  { scope: "user", scope_id: "*", name: "", defaults: true, lines: [aLine("cpu", 32_000, 0), aLine("memory", 128 * GIB, 0), aLine("notebooks", 10, 0)] },
  { scope: "user", scope_id: "u1", name: "alice", defaults: false, lines: [aLine("cpu", 64_000, 14_000, 4000), aLine("memory", 128 * GIB, 56 * GIB, 0, { inherits: true }), aLine("notebooks", 10, 3, 1, { inherits: true })] },
  { scope: "user", scope_id: "u-dan", name: "dan", defaults: false, lines: [aLine("cpu", 32_000, 4000, 0, { inherits: true }), aLine("memory", 128 * GIB, 16 * GIB, 0, { inherits: true }), aLine("notebooks", 10, 1, 0, { inherits: true })] },
  { scope: "platform", scope_id: "", name: "", defaults: false, lines: [aLine("cpu", 256_000, 144_000, 64_000), aLine("memory", 1536 * GIB, 640 * GIB, 200 * GIB), aLine("notebooks", null, 26, 5), aLine("accelerator:nvidia.com/l4", 16, 10, 2)] },
];

export const aRecord = (changes: Partial<AuditRecord> = {}): AuditRecord => ({
  id: 4812, at: ago(300), actor: "alice", verb: "quota.limit_set", object_type: "line", object_id: "q2", object_name: "cpu of project p111", project: "p111",
  before: { limit: 64_000, inherits: false }, after: { limit: 96_000, inherits: false }, address: "127.0.0.1", request_id: "req-7f3a21", ...changes,
});

const someRecords = (): AuditRecord[] => [
  aRecord(),
  aRecord({ id: 4811, at: ago(900), verb: "member.role_changed", object_type: "membership", object_id: "m1", object_name: "bob in churn", before: { role: "viewer" }, after: { role: "member" } }),
  aRecord({ id: 4810, at: ago(4000), actor: "", verb: "workload.settled", object_type: "workload", object_id: "w9", object_name: "embeddings", before: null, after: { status: "STOPPED" }, address: "" }),
  aRecord({ id: 4809, at: ago(90_000), actor: "carol", verb: "project.created", object_type: "project", object_id: "p333", object_name: "demand", project: "p333", before: null, after: { name: "Demand and routing", slug: "demand", description: "" } }),
  aRecord({ id: 4808, at: ago(180_000), actor: "dan", verb: "session.started", object_type: "user", object_id: "u-dan", object_name: "dan", project: "", before: null, after: null, address: "10.0.4.17" }),
];

const aComponent = (name: string, state: Component["state"], detail: string): Component => ({ name, state, detail, checked_at: ago(2) });

export interface Platform {
  projects: Map<string, Kept<Project>>;
  members: Member[];
  invitations: Invitation[];
  tokens: Token[];
  browsers: Browser[];
  users: Map<string, Kept<User>>;
  environments: Map<string, Kept<Environment>>;
  profiles: Map<string, Kept<Profile>>;
  quotas: QuotaScope[];
  history: Record<string, { at: string; by: string; before: number | null; after: number | null }[]>;
  records: AuditRecord[];
  health: { components: Component[]; versions: Record<string, string> };
  elsewhere: Workload[];
  internet: boolean;
}

const byId = <T extends { id: string }>(values: readonly T[]) => new Map(values.map((value) => [value.id, kept(value)]));

export const aPlatform = (changes: Partial<Platform> = {}): Platform => ({
  internet: true,
  projects: byId([
    aProject(),
    aProject({ ...fraud, description: "Card payments that are not what they seem.", role: "member", leads: ["dan"], members_count: 6 }),
    aProject({ id: "p333", slug: "demand", name: "Demand and routing", description: "", role: null, leads: ["carol"], members_count: 3 }),
    aProject({ id: "p444", slug: "sandbox", name: "Sandbox", description: "Try things.", role: null, leads: ["erin"], members_count: 11, archived_at: ago(9e5) }),
  ]),
  members: [aMember("alice", "lead", { display_name: "Alice Martin" }), aMember("bob", "member"), aMember("carol", "member", { since: ago(9e4) }), aMember("erin", "viewer")],
  invitations: [
    { id: "i1", role: "member", note: "Marta from marketing", created: ago(9e4), expires: ahead(5), created_by: "alice" },
    { id: "i2", role: "viewer", note: "", created: ago(9e5), expires: ago(100), created_by: "alice" },
  ],
  tokens: [aToken(), aToken({ id: "t2", name: "nightly report", prefix: "atl_k0Fa", scopes: ["read"], last_used: null, expires: ahead(3) })],
  browsers: [
    { id: "b1", user_agent: agents.here, address: "127.0.0.1", created: ago(9000), last_seen: ago(3), current: true },
    { id: "b2", user_agent: agents.phone, address: "10.0.4.17", created: ago(9e5), last_seen: ago(8000), current: false },
  ],
  users: new Map([
    aUser("alice", { id: "u1", display_name: "Alice Martin", platform_role: "admin", live_workloads: 3 }), aUser("bob"), aUser("carol", { platform_role: "auditor", live_workloads: 1 }),
    aUser("dan", { live_workloads: 1 }), aUser("erin", { is_active: false, last_seen: ago(9e6) }), aUser("frank", { email: "", last_seen: null }),
  ].map((user) => [user.username, kept(user)])),
  environments: byId([
    anEnvironment(), anEnvironment({ id: "e2", slug: "torch", name: "PyTorch 2", description: "PyTorch 2.9, CUDA 12", ordering: 2, packages: [{ name: "torch", version: "2.9.0" }, { name: "numpy", version: "2.4.1" }], unavailable_reason: { code: "ENVIRONMENT_NOT_LOCAL", text: "It has no local runtime.", action: "Choose Python 3.11, or run on Kubernetes." }, local_runtime: "" }),
    anEnvironment({ id: "e3", slug: "r", name: "R 4.4", description: "", ordering: 3, enabled: false, all_projects: false, projects: ["p222"], packages: [] }),
  ]),
  profiles: byId(someProfiles()),
  quotas: someQuotas(),
  history: {},
  records: someRecords(),
  health: {
    components: [
      aComponent("database", "ok", "answers in 1 ms"), aComponent("broker", "ok", "answers in 0.4 ms"), aComponent("hub", "down", "no answer in 2 s; 3 servers keep running"),
      aComponent("worker", "ok", "seen 2 s ago"), aComponent("queue", "ok", "empty"), aComponent("due", "degraded", "the oldest has waited 42 s"), aComponent("outbox", "ok", "empty"),
    ],
    versions: { portal: "0.1.0", python: "3.11.13", postgresql: "18.6", jupyterhub: "6.1.1" },
  },
  elsewhere: [
    aWorkload({ id: "w31", name: "risk-batch", owner: "dan", project: fraud, status: "queued", phase: "QUEUED", started: null, created: ago(1260), durable_id: "n31", reason: { code: "QUOTA_EXCEEDED", text: "The project Fraud detection allows 96 cores; 90 are in use.", action: "" } }),
    aWorkload({ id: "w32", name: "doc-embed", owner: "erin", project: { id: "p333", slug: "demand", name: "Demand and routing" }, durable_id: "n32", stale_since: ago(1300) }),
  ],
  ...changes,
});

const url = (path: string) => `*/api/v1${path}`;
const json = HttpResponse.json.bind(HttpResponse);
const gone = () => new HttpResponse(null, { status: 204 });
const refuse = (status: number, code: string, detail: string, more = {}) =>
  json(problem(status, code, detail, more), { status, headers: { "Content-Type": "application/problem+json" } });
const etag = (version: number) => `"v${version}"`;
const missing = () => refuse(404, "NOT_FOUND", "There is no such thing, or you may not see it.");

/** The object with its version; an edit must name the present one. */
function answer<T>(found: Kept<T> | undefined, status = 200) {
  return found ? json(found.value as Record<string, unknown>, { status, headers: { ETag: etag(found.version) } }) : missing();
}

async function edit<T>(found: Kept<T> | undefined, request: Request) {
  if (!found) return missing();
  const given = request.headers.get("If-Match");
  if (!given) return refuse(428, "IF_MATCH_NEEDED", "Say which version you read.");
  if (given !== etag(found.version)) return refuse(412, "CHANGED_MEANWHILE", "Somebody changed it meanwhile.", { params: { current: found.value, etag: etag(found.version) } });
  Object.assign(found.value as object, await request.json());
  found.version += 1;
  return answer(found);
}

const find = <T extends { slug: string }>(kepts: Map<string, Kept<T>>, key: unknown) =>
  kepts.get(String(key)) ?? [...kepts.values()].find(({ value }) => value.slug === key);

const projectHandlers = (world: Platform) => [
  http.get(url("/projects"), ({ request }) => {
    const query = new URL(request.url).searchParams;
    const archived = query.get("archived");
    const search = (query.get("search") ?? "").toLowerCase();
    const all = [...world.projects.values()].map(({ value }) => value);
    return json(page(all.filter((project) => project.name.toLowerCase().includes(search) && (archived === null || String(project.archived_at !== null) === archived))));
  }),
  http.get(url("/projects/:id"), ({ params }) => answer(find(world.projects, params.id))),
  http.patch(url("/projects/:id"), ({ params, request }) => edit(find(world.projects, params.id), request)),
  ...(["archive", "unarchive"] as const).map((verb) => http.post(url(`/projects/:id/${verb}`), ({ params }) => {
    const found = find(world.projects, params.id);
    if (found) found.value = { ...found.value, archived_at: verb === "archive" ? new Date().toISOString() : null };
    return answer(found);
  })),
  http.delete(url("/projects/:id"), ({ params, request }) => {
    const found = find(world.projects, params.id);
    if (!found?.value.archived_at) return refuse(409, "NOT_ARCHIVED", "Archive it first.");
    if (new URL(request.url).searchParams.get("name") !== found.value.slug) return refuse(400, "NAME_DIFFERS", "That is not its address.", { field: "name" });
    found.value = { ...found.value, deleted_at: new Date().toISOString() };
    return json(found.value, { status: 202 });
  }),
  http.get(url("/projects/:id/place"), ({ params }) => {
    const found = find(world.projects, params.id);
    return json({ namespace: `atelier-${found?.value.id ?? ""}`, state: "ready", reason: null, synced_at: ago(20), internet: world.internet });
  }),
  http.patch(url("/projects/:id/place"), async ({ params, request }) => {
    world.internet = ((await request.json()) as { internet: boolean }).internet;
    return json({ namespace: `atelier-${String(params.id)}`, state: "ready", reason: null, synced_at: ago(20), internet: world.internet });
  }),
  http.get(url("/projects/:id/members"), () => json(page(world.members))),
  http.post(url("/projects/:id/members"), async ({ request }) => {
    const { username, role } = (await request.json()) as { username: string; role: Role };
    if (username === "nobody") return refuse(400, "UNKNOWN_USER", "There is no user of this name.", { field: "username" });
    const member = aMember(username, role, { since: new Date().toISOString() });
    world.members = [...world.members, member];
    return json(member, { status: 201 });
  }),
  http.patch(url("/projects/:id/members/:username"), async ({ params, request }) => {
    const { role } = (await request.json()) as { role: Role };
    world.members = world.members.map((member) => (member.username === params.username ? { ...member, role } : member));
    return json(world.members.find(({ username }) => username === params.username) ?? null);
  }),
  http.delete(url("/projects/:id/members/:username"), ({ params }) => {
    world.members = world.members.filter(({ username }) => username !== params.username);
    return gone();
  }),
  http.get(url("/projects/:id/invitations"), () => json(page(world.invitations))),
  http.post(url("/projects/:id/invitations"), async ({ request }) => {
    const draft = (await request.json()) as { role: Role; note: string };
    const made: Invitation = { id: `i${world.invitations.length + 3}`, ...draft, created: new Date().toISOString(), expires: ahead(7), created_by: "alice" };
    world.invitations = [made, ...world.invitations];
    return json({ ...made, url: "http://localhost:8000/invitations/sample-not-a-real-token" }, { status: 201 });
  }),
  http.delete(url("/projects/:id/invitations/:iid"), ({ params }) => {
    world.invitations = world.invitations.filter(({ id }) => id !== params.iid);
    return gone();
  }),
];

const accountHandlers = (world: Platform) => [
  http.get(url("/me/browsers"), () => json(page(world.browsers))),
  http.delete(url("/me/browsers/:id"), ({ params }) => {
    world.browsers = world.browsers.filter(({ id }) => id !== params.id);
    return gone();
  }),
  http.get(url("/me/tokens"), () => json(page(world.tokens))),
  http.post(url("/me/tokens"), async ({ request }) => {
    const draft = (await request.json()) as { name: string; scopes: Token["scopes"]; expires_in_days: number };
    const token = aToken({ id: `t${world.tokens.length + 9}`, name: draft.name, scopes: draft.scopes, expires: ahead(draft.expires_in_days), last_used: null });
    world.tokens = [token, ...world.tokens];
    return json({ ...token, token: "atl_sample_7Qm2-not-a-real-token" }, { status: 201 });
  }),
  http.delete(url("/me/tokens/:id"), ({ params }) => {
    world.tokens = world.tokens.filter(({ id }) => id !== params.id);
    return gone();
  }),
  http.post(url("/me/password"), async ({ request }) => {
    const { current_password: current, new_password: next } = (await request.json()) as Record<string, string>;
    if (current !== "correct horse") return refuse(400, "WRONG_PASSWORD", "This is not your current password.", { field: "current_password" });
    return (next ?? "").length < 10 ? refuse(400, "PASSWORD_TOO_SHORT", "Use at least 10 characters.", { field: "new_password" }) : gone();
  }),
];

const userHandlers = (world: Platform) => [
  http.get(url("/users"), ({ request }) => {
    const query = new URL(request.url).searchParams;
    const search = (query.get("search") ?? "").toLowerCase();
    const active = query.get("active");
    const all = [...world.users.values()].map(({ value }) => value);
    return json(page(all.filter((user) => `${user.username} ${user.display_name}`.toLowerCase().includes(search) && (active === null || String(user.is_active) === active))));
  }),
  http.post(url("/users"), async ({ request }) => {
    const draft = (await request.json()) as { username: string } & Partial<User>;
    if (world.users.has(draft.username)) return refuse(409, "NAME_TAKEN", "This name is taken.", { field: "username" });
    world.users.set(draft.username, kept(aUser(draft.username, { ...draft, last_seen: null })));
    return json({ ...world.users.get(draft.username)?.value, reset_url: "http://localhost:8000/password-resets/sample-not-a-real-token" }, { status: 201 });
  }),
  http.get(url("/users/:username"), ({ params }) => answer(world.users.get(String(params.username)))),
  http.patch(url("/users/:username"), ({ params, request }) => edit(world.users.get(String(params.username)), request)),
  http.get(url("/users/:username/impact"), ({ params }) => {
    const count = world.users.get(String(params.username))?.value.live_workloads ?? 0;
    return json({ live: Array.from({ length: count }, (_, at) => ({ kind: "notebook", name: `notebook-${at + 1}`, project: "fraud" })) });
  }),
  http.post(url("/users/:username/reset-link"), () => json({ url: "http://localhost:8000/password-resets/sample-not-a-real-token", expires: ahead(1) })),
  ...(["activate", "deactivate"] as const).map((verb) => http.post(url(`/users/:username/${verb}`), ({ params }) => {
    const found = world.users.get(String(params.username));
    if (found) Object.assign(found, { value: { ...found.value, is_active: verb === "activate", live_workloads: 0 }, version: found.version + 1 });
    return answer(found);
  })),
];

function catalogOf<T extends Environment | Profile>(family: string, entries: Map<string, Kept<T>>, prefix: string) {
  return [
    http.get(url(`/${family}`), ({ request }) => {
      const project = new URL(request.url).searchParams.get("project");
      const all = [...entries.values()].map(({ value }) => value);
      return json(page(project ? all.filter(({ enabled }) => enabled) : all));
    }),
    http.post(url(`/${family}`), async ({ request }) => {
      const draft = (await request.json()) as T;
      if ([...entries.values()].some(({ value }) => value.slug === draft.slug)) return refuse(409, "NAME_TAKEN", "This short name is taken.", { field: "slug" });
      const made = kept({ ...draft, id: `${prefix}${entries.size + 10}`, unavailable_reason: null });
      entries.set(made.value.id, made);
      return answer(made, 201);
    }),
    http.get(url(`/${family}/:id`), ({ params }) => answer(entries.get(String(params.id)))),
    http.patch(url(`/${family}/:id`), ({ params, request }) => edit(entries.get(String(params.id)), request)),
    http.delete(url(`/${family}/:id`), ({ params }) => {
      entries.delete(String(params.id));
      return gone();
    }),
  ];
}

function lineOf(world: Platform, id: unknown): LimitLine | undefined {
  return world.quotas.flatMap(({ lines }) => lines).find((line) => line.id === id);
}

/** Somebody else's edit, as it would happen between two clicks. */
export function setBehind(world: Platform, line: LimitLine, limit: number | null, by: string): void {
  const id = line.id ?? "";
  world.history[id] = [{ at: new Date().toISOString(), by, before: line.limit, after: limit }, ...(world.history[id] ?? [])];
  Object.assign(line, { limit, inherits: false, version: line.version + 1 });
}

const quotaHandlers = (world: Platform) => [
  http.get(url("/quotas"), ({ request }) => {
    const scope = new URL(request.url).searchParams.get("scope");
    return json(page(structuredClone(world.quotas.filter((row) => row.scope === scope))));
  }),
  http.post(url("/quota-lines/preview"), async ({ request }) => {
    const { id, limit } = (await request.json()) as { id?: string; limit: number | null };
    const line = lineOf(world, id);
    const over = limit !== null && line !== undefined && line.used > limit;
    return json({ would_start: over ? 0 : 1, over, sentence: over ? "It is over this limit then; nothing is stopped." : "One queued notebook would start." });
  }),
  http.post(url("/quota-lines"), async ({ request }) => {
    const draft = (await request.json()) as { scope: string; scope_id: string; resource: string; limit: number | null };
    const row = world.quotas.find(({ scope, scope_id: id }) => scope === draft.scope && id === draft.scope_id);
    const line = row?.lines.find(({ resource }) => resource === draft.resource);
    if (!line || line.id) return refuse(409, "LINE_EXISTS", "It has a limit of its own already.");
    return json(Object.assign(line, { id: `q${lineId++}`, limit: draft.limit, inherits: false, version: 1 }), { status: 201 });
  }),
  http.patch(url("/quota-lines/:id"), async ({ params, request }) => {
    const line = lineOf(world, params.id);
    if (!line) return missing();
    if (request.headers.get("If-Match") !== etag(line.version)) {
      return refuse(412, "CHANGED_MEANWHILE", "Somebody changed it meanwhile.", { params: { current: { limit: line.limit, version: line.version } } });
    }
    const { limit } = (await request.json()) as { limit: number | null | "inherit" };
    setBehind(world, line, limit === "inherit" ? 48_000 : limit, "alice");
    line.inherits = limit === "inherit";
    return json(line);
  }),
  http.get(url("/quota-lines/:id/history"), ({ params }) => json(page(world.history[String(params.id)] ?? []))),
];

const otherHandlers = (world: Platform) => [
  http.get(url("/audit"), ({ request }) => {
    const query = new URL(request.url).searchParams;
    const wanted = (["actor", "verb", "object_type", "object_id", "project"] as const).filter((name) => query.get(name));
    return json(page(world.records.filter((record) => wanted.every((name) => record[name] === query.get(name)))));
  }),
  http.get(url("/platform/health"), () => json(world.health)),
  ...(["stop", "force-settle"] as const).map((verb) => http.post(url(`/workloads/:id/${verb}`), ({ params }) => {
    const found = world.elsewhere.find(({ id }) => id === params.id);
    if (found) found.status = verb === "stop" ? "stopping" : "stopped";
    return json(found ?? aWorkload({ id: String(params.id), project: churn, status: "stopping" }), { status: 202 });
  })),
];

export const platformHandlers = (world: Platform) => [
  ...projectHandlers(world), ...accountHandlers(world), ...userHandlers(world), ...quotaHandlers(world), ...otherHandlers(world),
  ...catalogOf("environments", world.environments, "e"), ...catalogOf("profiles", world.profiles, "h"),
];

export const anAdmin = (me: Me): Me =>
  ({ ...me, platform_role: "admin", permissions: { create_project: true, platform_admin: true, platform_audit: true } });
export const anAuditor = (me: Me): Me =>
  ({ ...me, platform_role: "auditor", permissions: { create_project: true, platform_admin: false, platform_audit: true } });

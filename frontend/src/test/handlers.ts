// A small portal for tests and for looking at pages without one. State lives in the returned
// object, so that each test starts afresh.
import { http, HttpResponse } from "msw";
import type { Me, Notebook } from "@/api";
import {
  aCheck, aFailed, aMe, aNotebook, anEnvironment, anOffer, aProject, aSession, aStarting, aStopped, aWorkload, page, problem,
  someEvents, someProfiles, someQuota,
} from "./factories";
import { jobHandlers, someJobs, someLogs, workloadOf, type JobWorld } from "./jobs";
import { aPlatform, platformHandlers, type Platform } from "./platform";

export interface World extends JobWorld {
  me: Me | null;
  platform: Platform;
  notebooks: Notebook[];
}

export const aWorld = (changes: Partial<World> = {}): World => ({
  me: aMe(),
  platform: aPlatform(),
  jobs: someJobs(),
  logs: someLogs(),
  notebooks: [
    aStarting(),
    aNotebook({ idle_stop_at: new Date(Date.now() + 468_000).toISOString() }),
    aStopped(),
    aFailed(),
    aNotebook({ id: "n5", name: "risk-eda", owner: "dan", open_url: null, last_activity: new Date().toISOString(), workload: aWorkload({ id: "w5", name: "risk-eda", owner: "dan", durable_id: "n5" }) }),
    aStopped({ id: "n6", name: "onboarding", owner: "erin" }),
  ],
  ...changes,
});

const url = (path: string) => `*/api/v1${path}`;
const json = HttpResponse.json.bind(HttpResponse);
const refuse = (status: number, code: string, detail: string, more = {}) =>
  json(problem(status, code, detail, more), { status, headers: { "Content-Type": "application/problem+json" } });

function find(world: World, id: unknown): Notebook | undefined {
  return world.notebooks.find((notebook) => notebook.id === id);
}

const sessionHandlers = (world: World) => [
  http.get(url("/session"), () => json(aSession(world.me))),
  http.post(url("/session"), async ({ request }) => {
    const { password } = (await request.json()) as { password: string };
    if (password === "slow down") return new HttpResponse(JSON.stringify(problem(429, "TOO_MANY_ATTEMPTS", "Too many attempts.")), { status: 429, headers: { "Content-Type": "application/problem+json", "Retry-After": "90" } });
    if (password !== "correct horse") return refuse(401, "BAD_CREDENTIALS", "That name and password do not match.");
    world.me = aMe();
    return json({ user: world.me });
  }),
  http.delete(url("/session"), () => { world.me = null; return new HttpResponse(null, { status: 204 }); }),
  http.patch(url("/me"), async ({ request }) => {
    world.me = { ...aMe(), ...world.me, ...((await request.json()) as Partial<Me>) };
    return json(world.me);
  }),
  http.get(url("/password-resets/:token"), ({ params }) =>
    params.token === "good" ? json({ username: "alice" }) : refuse(404, "NOT_FOUND", "This link does not work any more.")),
  http.post(url("/password-resets/:token"), () => new HttpResponse(null, { status: 204 })),
  http.get(url("/invitations/:token"), ({ params }) =>
    params.token === "good" ? json(anOffer()) : refuse(404, "NOT_FOUND", "There is no such invitation.")),
  http.post(url("/invitations/:token/accept"), () => json(aProject({ slug: "fraud" }))),
];

const catalogHandlers = (world: World) => [
  http.get(url("/projects"), () => json(page([aProject()]))),
  http.post(url("/projects"), async ({ request }) => {
    const { name } = (await request.json()) as { name: string };
    if (name === "Taken") return refuse(409, "SLUG_TAKEN", "Another project has this address. Choose another name.", { field: "name" });
    const project = aProject({ id: "p999", slug: name.toLowerCase().replace(/\W+/g, "-"), name });
    if (world.me) world.me = { ...world.me, projects: [...world.me.projects, { id: project.id, slug: project.slug, name, role: "lead" }] };
    return json(project, { status: 201 });
  }),
  http.get(url("/projects/:id"), ({ params }) =>
    ["churn", "p111"].includes(String(params.id)) ? json(aProject()) : refuse(404, "NOT_FOUND", "There is no such project.")),
  http.get(url("/projects/:id/quota"), () => json({ lines: someQuota() })),
  http.get(url("/me/quota"), () => json({ lines: someQuota() })),
  http.get(url("/environments"), () => json(page([anEnvironment(), anEnvironment({ id: "e2", slug: "torch", name: "PyTorch 2", description: "PyTorch 2.9, CUDA 12", ordering: 2 })]))),
  http.get(url("/profiles"), () => json(page(someProfiles()))),
];

const workloadHandlers = (world: World) => [
  http.get(url("/workloads"), ({ request }) => {
    const query = new URL(request.url).searchParams;
    const live = query.get("live") === "true";
    const wanted = query.get("status")?.split(",");
    const elsewhere = world.me?.permissions.platform_audit ? world.platform.elsewhere : [];
    const [owner, project, kind] = [query.get("owner"), query.get("project"), query.get("kind")];
    const all = [...world.notebooks.flatMap((notebook) => notebook.workload ?? []), ...world.jobs.map(workloadOf), ...elsewhere]
      .filter((workload) => (!kind || workload.kind === kind) && (!owner || workload.owner === owner) && (!project || [workload.project.id, workload.project.slug].includes(project)));
    const isLive = (status: string) => ["queued", "starting", "running", "stopping"].includes(status);
    return json(page(all.filter(({ status }) => (live ? isLive(status) : query.get("live") === "false" ? !isLive(status) : wanted ? wanted.includes(status) : true))));
  }),
  http.get(url("/workloads/:id/events"), () => json(page(someEvents()))),
  http.post(url("/check"), async ({ request }) => {
    const { profile } = (await request.json()) as { profile: string };
    if (profile === "h4") {
      return json(aCheck({
        verdict: "never", headline: "No machine here has an L4.", starts_in_seconds: null,
        reason: { code: "NO_NODE_FITS", text: "This machine has no L4.", action: "" },
        choices: [{ profile: { id: "h2", name: "CPU large" }, text: "4 cores and 16 GiB, without a GPU" }],
        conditions: aCheck().conditions.map((condition) => (condition.code === "engine" ? { ...condition, state: "never" as const, text: "No L4" } : condition)),
      }));
    }
    if (profile === "h2") {
      return json(aCheck({
        verdict: "waits", headline: "Your quota is full.", starts_in_seconds: null,
        reason: { code: "QUOTA_EXCEEDED", text: "You use 14 of 16 cores; this notebook needs 4.", action: "Stop exploration, or choose a smaller profile." },
        choices: [{ profile: { id: "h1", name: "CPU small" }, text: "2 cores and 8 GiB fit now" }],
        conditions: aCheck().conditions.map((condition) => (condition.code === "user_quota" ? { ...condition, state: "waits" as const, text: "14 of 16 cores in use, 4 needed" } : condition)),
      }));
    }
    return json(aCheck());
  }),
];

const STATUS_AFTER = { start: "starting", stop: "stopping", restart: "starting" } as const;

const notebookHandlers = (world: World) => [
  http.get(url("/notebooks"), ({ request }) => {
    const owner = new URL(request.url).searchParams.get("owner");
    return json(page(world.notebooks.filter((notebook) => owner !== "me" || notebook.owner === "alice")));
  }),
  http.post(url("/notebooks"), async ({ request }) => {
    const { name } = (await request.json()) as { name?: string };
    if (world.notebooks.some((notebook) => notebook.name === name)) return refuse(409, "NAME_TAKEN", "You have a notebook of this name here.", { field: "name" });
    const made = aStarting({ id: "n9", name: name ?? "notebook-1" });
    world.notebooks = [made, ...world.notebooks];
    return json(made, { status: 201 });
  }),
  http.get(url("/notebooks/:id"), ({ params }) => {
    const found = find(world, params.id);
    return found ? json(found) : refuse(404, "NOT_FOUND", "There is no such notebook.");
  }),
  http.patch(url("/notebooks/:id"), async ({ params, request }) => {
    const changes = (await request.json()) as Partial<Notebook>;
    const found = find(world, params.id);
    if (found) Object.assign(found, { name: changes.name ?? found.name });
    return json(found ?? null);
  }),
  http.delete(url("/notebooks/:id"), ({ params }) => {
    world.notebooks = world.notebooks.filter((notebook) => notebook.id !== params.id);
    return new HttpResponse(null, { status: 204 });
  }),
  http.post(url("/notebooks/:id/keep-running"), ({ params }) => {
    const found = find(world, params.id);
    if (found) found.idle_stop_at = null;
    return json(found ?? null);
  }),
  http.post(url("/notebooks/:id/reset-packages"), ({ params }) => json(find(world, params.id) ?? null)),
  http.post(url("/notebooks/:id/:verb"), ({ params }) => {
    const found = find(world, params.id);
    if (found) found.status = STATUS_AFTER[params.verb as keyof typeof STATUS_AFTER];
    return json(found ?? null, { status: 202 });
  }),
];

export const handlersFor = (world: World) => [
  ...sessionHandlers(world), ...platformHandlers(world.platform), ...catalogHandlers(world), ...workloadHandlers(world), ...notebookHandlers(world), ...jobHandlers(world),
  http.all(url("/*"), ({ request }) => refuse(404, "NOT_FOUND", `The test portal has no ${request.method} ${new URL(request.url).pathname}.`)),
];

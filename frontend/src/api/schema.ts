// The routes of the portal that pages call, in the shape openapi-fetch reads. Written by hand
// until docs/openapi.json is checked in and schema.gen.ts takes its place.
import type * as m from "./models";

interface Answer<R> { headers: Record<string, unknown>; content: { "application/json": R } }
interface Empty { headers: Record<string, unknown>; content?: never }
interface Parameters<P, Q> { path: P; query?: Q; header?: { "If-Match"?: string; "Idempotency-Key"?: string } }
interface Read<R, P = Record<never, never>, Q = never> { parameters: Parameters<P, Q>; responses: { 200: Answer<R> } }
interface Write<R, B, P = Record<never, never>> {
  parameters: Parameters<P, never>;
  requestBody: { content: { "application/json": B } };
  responses: { 200: Answer<R> };
}
interface Act<R, P = Record<never, never>> { parameters: Parameters<P, never>; requestBody?: never; responses: { 200: Answer<R> } }
interface Gone<P = Record<never, never>> { parameters: Parameters<P, never>; responses: { 204: Empty } }
interface Id { id: string }
interface Paging { cursor?: string; limit?: number }

type Draft<T> = Partial<Omit<T, "id" | "unavailable_reason">>;

export interface paths {
  "/api/v1/session": {
    get: Read<m.Session>;
    post: Write<{ user: m.Me }, { username: string; password: string }>;
    delete: Act<{ hub_logout_url: string | null }>;
  };
  "/api/v1/me": {
    get: Read<m.Me>;
    patch: Write<m.Me, Partial<Pick<m.Me, "display_name" | "email" | "language" | "theme" | "time_zone">>>;
  };
  "/api/v1/me/password": { post: Write<undefined, { current_password: string; new_password: string }> };
  "/api/v1/me/browsers": { get: Read<m.Page<m.Browser>> };
  "/api/v1/me/browsers/{id}": { delete: Gone<Id> };
  "/api/v1/me/tokens": {
    get: Read<m.Page<m.Token>>;
    post: Write<m.Token, { name: string; scopes: m.Token["scopes"]; expires_in_days: number | null }>;
  };
  "/api/v1/me/tokens/{id}": { delete: Gone<Id> };
  "/api/v1/me/quota": { get: Read<{ lines: m.QuotaAmounts[] }> };
  "/api/v1/password-resets/{token}": {
    get: Read<{ username: string }, { token: string }>;
    post: Write<undefined, { new_password: string }, { token: string }>;
  };
  "/api/v1/users": {
    get: Read<m.Page<m.User>, Record<never, never>, Paging & { search?: string; active?: string }>;
    post: Write<m.User & { reset_url?: string }, { username: string; display_name?: string; email?: string; platform_role?: string; password?: string }>;
  };
  "/api/v1/users/{username}": {
    get: Read<m.User, { username: string }>;
    patch: Write<m.User, Partial<Pick<m.User, "display_name" | "email" | "platform_role">>, { username: string }>;
  };
  "/api/v1/users/{username}/deactivate": { post: Act<m.User, { username: string }> };
  "/api/v1/users/{username}/activate": { post: Act<m.User, { username: string }> };
  "/api/v1/users/{username}/reset-link": { post: Act<{ url: string; expires: string }, { username: string }> };
  "/api/v1/users/{username}/impact": { get: Read<{ live: { kind: string; name: string; project: string }[] }, { username: string }> };
  "/api/v1/projects": {
    get: Read<m.Page<m.Project>, Record<never, never>, Paging & { search?: string; archived?: string }>;
    post: Write<m.Project, { name: string; slug?: string; description?: string }>;
  };
  "/api/v1/projects/{id}": {
    get: Read<m.Project, Id>;
    patch: Write<m.Project, Partial<Pick<m.Project, "name" | "description">>, Id>;
  };
  "/api/v1/projects/{id}/archive": { post: Act<m.Project, Id> };
  "/api/v1/projects/{id}/unarchive": { post: Act<m.Project, Id> };
  "/api/v1/projects/{id}/quota": { get: Read<{ lines: m.QuotaAmounts[] }, Id> };
  "/api/v1/projects/{id}/members": {
    get: Read<m.Page<m.Member>, Id>;
    post: Write<m.Member, { username: string; role: m.Role }, Id>;
  };
  "/api/v1/projects/{id}/members/{username}": {
    patch: Write<m.Member, { role: m.Role }, Id & { username: string }>;
    delete: Gone<Id & { username: string }>;
  };
  "/api/v1/projects/{id}/invitations": {
    get: Read<m.Page<m.Invitation>, Id>;
    post: Write<m.Invitation, { role: m.Role; note?: string }, Id>;
  };
  "/api/v1/projects/{id}/invitations/{iid}": { delete: Gone<Id & { iid: string }> };
  "/api/v1/invitations/{token}": { get: Read<m.InvitationOffer, { token: string }> };
  "/api/v1/invitations/{token}/accept": { post: Act<m.Project, { token: string }> };
  "/api/v1/environments": {
    get: Read<m.Page<m.Environment>, Record<never, never>, Paging & { project?: string }>;
    post: Write<m.Environment, Draft<m.Environment>>;
  };
  "/api/v1/environments/{id}": { get: Read<m.Environment, Id>; patch: Write<m.Environment, Draft<m.Environment>, Id>; delete: Gone<Id> };
  "/api/v1/profiles": {
    get: Read<m.Page<m.Profile>, Record<never, never>, Paging & { project?: string }>;
    post: Write<m.Profile, Draft<m.Profile>>;
  };
  "/api/v1/profiles/{id}": { get: Read<m.Profile, Id>; patch: Write<m.Profile, Draft<m.Profile>, Id>; delete: Gone<Id> };
  "/api/v1/audit": {
    get: Read<m.Page<m.AuditRecord>, Record<never, never>, Paging & {
      actor?: string; verb?: string; object_type?: string; object_id?: string; project?: string; since?: string; until?: string;
    }>;
  };
  "/api/v1/quotas": { get: Read<m.Page<m.QuotaScope>, Record<never, never>, Paging & { scope?: string; scope_id?: string }> };
  "/api/v1/quota-lines": { post: Write<m.LimitLine, { scope: string; scope_id: string; resource: string; limit: number | null }> };
  "/api/v1/quota-lines/{id}": { patch: Write<m.LimitLine, { limit: number | null | "inherit" }, Id> };
  "/api/v1/quota-lines/{id}/history": { get: Read<m.Page<{ at: string; by: string; before: number | null; after: number | null }>, Id> };
  "/api/v1/quota-lines/preview": {
    post: Write<{ would_start: number; over: boolean; sentence: string }, { id?: string; scope?: string; scope_id?: string; resource?: string; limit: number | null }>;
  };
  "/api/v1/workloads": {
    get: Read<m.Page<m.Workload>, Record<never, never>, Paging & { project?: string; kind?: string; live?: string; owner?: string; status?: string }>;
  };
  "/api/v1/workloads/{id}": { get: Read<m.Workload, Id> };
  "/api/v1/workloads/{id}/events": { get: Read<m.Page<m.WorkloadEvent>, Id> };
  "/api/v1/workloads/{id}/stop": { post: Act<m.Workload, Id> };
  "/api/v1/workloads/{id}/force-settle": { post: Act<m.Workload, Id> };
  "/api/v1/check": { post: Write<m.Check, { kind: "notebook"; project: string; environment: string; profile: string }> };
  "/api/v1/notebooks": {
    get: Read<m.Page<m.Notebook>, Record<never, never>, Paging & { project?: string; owner?: string; status?: string }>;
    post: Write<m.Notebook, { project: string; name?: string; environment: string; profile: string; start?: boolean }>;
  };
  "/api/v1/notebooks/{id}": {
    get: Read<m.Notebook, Id>;
    patch: Write<m.Notebook, { name?: string; environment?: string; profile?: string }, Id>;
    delete: Gone<Id>;
  };
  "/api/v1/notebooks/{id}/start": { post: Write<m.Notebook, { environment?: string; profile?: string; rescue?: boolean }, Id> };
  "/api/v1/notebooks/{id}/stop": { post: Act<m.Notebook, Id> };
  "/api/v1/notebooks/{id}/restart": { post: Write<m.Notebook, { profile?: string; environment?: string }, Id> };
  "/api/v1/notebooks/{id}/keep-running": { post: Act<m.Notebook, Id> };
  "/api/v1/notebooks/{id}/reset-packages": { post: Act<m.Notebook, Id> };
  "/api/v1/platform/health": { get: Read<{ components: m.Component[]; versions: Record<string, string> }> };
}

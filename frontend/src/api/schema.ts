// What openapi-fetch reads: the generated routes, and those the document does not have yet.
import type * as m from "./models";
import type { paths as Generated } from "./schema.gen";

interface Answer<R> { headers: Record<string, unknown>; content: { "application/json": R } }
interface Empty { headers: Record<string, unknown>; content?: never }
interface Id { notebook_id: string }
interface Once { "Idempotency-Key"?: string }
interface Read<R, P = never, Q = never> { parameters: { path: P; query?: Q; header?: never }; responses: { 200: Answer<R> } }
interface List<R, Q> { parameters: { path?: never; query?: Q; header?: never }; responses: { 200: Answer<R> } }
interface Make<R, B> { parameters: { path?: never; query?: never; header?: Once }; requestBody: { content: { "application/json": B } }; responses: { 201: Answer<R> } }
interface Write<R, B, P> { parameters: { path: P; query?: never; header?: Once }; requestBody?: { content: { "application/json": B } }; responses: { 200: Answer<R> } }
interface Act<R, P> { parameters: { path: P; query?: never; header?: Once }; requestBody?: never; responses: { 200: Answer<R> } }
interface Gone<P> { parameters: { path: P; query?: never; header?: never }; responses: { 204: Empty } }

interface Missing {
  "/api/v1/notebooks": {
    get: List<m.Page<m.Notebook>, { cursor?: string; limit?: number; project?: string; owner?: string; status?: string }>;
    post: Make<m.Notebook, { project: string; name?: string; environment: string; profile: string; start?: boolean }>;
  };
  "/api/v1/notebooks/{notebook_id}": {
    get: Read<m.Notebook, Id>;
    patch: Write<m.Notebook, { name?: string; environment?: string; profile?: string }, Id>;
    delete: Gone<Id>;
  };
  "/api/v1/notebooks/{notebook_id}/start": { post: Write<m.Notebook, { environment?: string; profile?: string; rescue?: boolean }, Id> };
  "/api/v1/notebooks/{notebook_id}/stop": { post: Act<m.Notebook, Id> };
  "/api/v1/notebooks/{notebook_id}/restart": { post: Write<m.Notebook, { profile?: string; environment?: string }, Id> };
  "/api/v1/notebooks/{notebook_id}/keep-running": { post: Act<m.Notebook, Id> };
  "/api/v1/notebooks/{notebook_id}/reset-packages": { post: Act<m.Notebook, Id> };
  "/api/v1/platform/health": { get: List<{ components: m.Component[]; versions: Record<string, string> }, never> };
}

export type paths = Generated & Omit<Missing, keyof Generated>;

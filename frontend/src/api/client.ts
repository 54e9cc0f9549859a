import createClient, { type Middleware } from "openapi-fetch";
import { getLanguage, type Localized } from "@/lib/i18n";
import { ApiError, UNREACHABLE, type Problem } from "./errors";
import type { paths } from "./schema";

const NO_ANSWER: Localized = {
  en: "The portal did not answer. Check the connection and try again.",
  fr: "Le portail n’a pas répondu. Vérifiez la connexion et réessayez.",
};
const NO_SENTENCE: Localized = {
  en: "The portal could not handle this request.",
  fr: "Le portail n’a pas pu traiter cette requête.",
};

const SAFE = new Set(["GET", "HEAD", "OPTIONS"]);

function cookie(name: string): string | null {
  const found = document.cookie.split("; ").find((pair) => pair.startsWith(`${name}=`));
  return found ? decodeURIComponent(found.slice(name.length + 1)) : null;
}

async function problemOf(response: Response): Promise<Problem> {
  const fallback = { status: response.status, code: `HTTP_${response.status}`, request_id: response.headers.get("x-request-id") };
  const json = response.headers.get("content-type")?.includes("json") ?? false;
  const sent = json ? ((await response.json().catch(() => ({}))) as Partial<Problem>) : {};
  return { ...fallback, detail: NO_SENTENCE[getLanguage()], ...sent, status: response.status };
}

const manners: Middleware = {
  onRequest({ request }) {
    request.headers.set("Accept-Language", getLanguage());
    const token = cookie("atelier_csrf");
    if (token && !SAFE.has(request.method)) request.headers.set("X-CSRFToken", token);
    return request;
  },
  async onResponse({ response }) {
    if (response.ok) return response;
    const wait = Number(response.headers.get("retry-after"));
    throw new ApiError(await problemOf(response), wait > 0 ? wait : null);
  },
  onError() {
    return new ApiError({ status: 0, code: UNREACHABLE, detail: NO_ANSWER[getLanguage()] });
  },
};

/** Every call goes through here; a refusal or failure is thrown as ApiError. */
export const api = createClient<paths>({
  baseUrl: location.origin,
  credentials: "same-origin",
  // Looked up at each call: tests put their portal in its place.
  fetch: (request) => fetch(request),
});
api.use(manners);

/** The answer's body: failures were thrown before. */
export async function body<T>(call: Promise<{ data?: T }>): Promise<T> {
  return (await call).data as T;
}

export interface Versioned<T> { readonly value: T; readonly etag: string }

/** A body with the version its edits must name in If-Match. */
export async function versioned<T>(call: Promise<{ data?: T; response: Response }>): Promise<Versioned<T>> {
  const { data, response } = await call;
  return { value: data as T, etag: response.headers.get("etag") ?? "" };
}

/** Sent once with each start, so that a retried request starts nothing twice. */
export const idempotencyKey = (): { "Idempotency-Key": string } => ({ "Idempotency-Key": crypto.randomUUID() });

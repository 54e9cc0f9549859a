interface FieldProblem { readonly field: string; readonly code: string; readonly detail: string }

/** RFC 9457 as the portal sends it. */
export interface Problem {
  readonly status: number;
  readonly code: string;
  readonly title?: string;
  readonly detail?: string;
  readonly action?: string | null;
  readonly field?: string | null;
  readonly errors?: readonly FieldProblem[];
  readonly params?: Readonly<Record<string, unknown>>;
  readonly request_id?: string | null;
}

/** Every refusal and failure of the portal, with its sentence, code and request id. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: number;
  readonly code: string;
  readonly action: string | null;
  readonly requestId: string | null;
  readonly params: Readonly<Record<string, unknown>>;
  readonly errors: readonly FieldProblem[];
  readonly retryAfter: number | null;

  constructor(problem: Problem, retryAfter: number | null = null) {
    super(problem.detail ?? problem.title ?? problem.code);
    this.status = problem.status;
    this.code = problem.code;
    this.action = problem.action ?? null;
    this.requestId = problem.request_id ?? null;
    this.params = problem.params ?? {};
    const named = problem.field ? [{ field: problem.field, code: problem.code, detail: this.message }] : [];
    this.errors = problem.errors?.length ? problem.errors : named;
    this.retryAfter = retryAfter;
  }

  /** The sentence that belongs beside this field, if any. */
  forField(field: string): string | undefined {
    return this.errors.find((error) => error.field === field)?.detail;
  }
}

/** The portal gave no answer at all. */
export const UNREACHABLE = "PORTAL_UNREACHABLE";

export const isApiError = (error: unknown): error is ApiError => error instanceof ApiError;

export const hasStatus = (error: unknown, ...statuses: readonly number[]): boolean =>
  isApiError(error) && statuses.includes(error.status);

/** The sentence beside a form's field, from whatever a mutation failed with. */
export const fieldError = (error: unknown, field: string): string | undefined =>
  isApiError(error) ? error.forField(field) : undefined;

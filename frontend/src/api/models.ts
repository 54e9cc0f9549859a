// The shapes of the HTTP API under the names pages use: aliases of the generated schemas, so that
// a change of the portal fails the build here. What the document does not have yet is written out.
import type { components } from "./schema.gen";

type S = components["schemas"];

export type Role = S["Role"];
export type Theme = S["Theme"];
export type Config = S["Config"];
export type Session = S["Session"];
export type Me = S["Me"];
export type MyProject = S["MyProject"];
export type ProjectRef = S["ProjectRef"];
export type Project = S["Project"];
export type Member = S["Member"];
export type Invitation = S["Invitation"];
export type InvitationOffer = S["OpenedInvitation"];
export type Environment = S["Environment"];
export type Profile = S["Profile"];
export type ProfileKind = S["KindLabel"];
export type Sentence = S["Reason"];
export type Progress = S["ProgressStep"];
export type Workload = S["Workload"];
export type WorkloadEvent = S["WorkloadEvent"];
export type Notebook = S["Notebook"];
export type ProjectQuotaLine = S["ProjectQuotaUse"];
export type QuotaAmounts = S["QuotaUse"];
export type LimitLine = S["QuotaLine"];
export type QuotaScope = S["QuotaOwner"];
export type Check = S["Check"];
export type Condition = S["CheckCondition"];
export type Token = S["Token"];
export type Browser = S["Browser"];
export type User = S["User"];
export type AuditRecord = S["AuditRecord"];

export interface Page<T> { results: T[]; next: string | null; previous: string | null }

export type Component = S["Component"];

/** A command that runs to its end without anybody. */
export interface Job {
  readonly id: string;
  readonly name: string;
  readonly project: ProjectRef;
  readonly owner: string;
  readonly environment: { readonly id: string; readonly name: string } | null;
  readonly image: string | null;
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly profile: { readonly id: string; readonly name: string };
  readonly resources: Workload["resources"];
  readonly status: Workload["status"];
  readonly reason: Sentence | null;
  readonly workload: Workload | null;
  readonly exit_code: number | null;
  readonly created: string;
  readonly started: string | null;
  readonly finished: string | null;
  readonly links: Readonly<Record<string, string>>;
}

/** A stretch of a log by its bytes; `next_offset` is where the next one begins. */
export interface LogPart {
  readonly offset: number;
  readonly next_offset: number;
  readonly text: string;
  readonly is_end: boolean;
  readonly complete: boolean;
  readonly source: string;
}

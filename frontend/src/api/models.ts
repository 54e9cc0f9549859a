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
export type Job = S["Job"];
export type JobDraft = S["JobDraftRequest"];
export type LogPart = S["JobLog"];
export type Place = S["Place"];
export type ProjectPlace = S["ProjectPlace"];

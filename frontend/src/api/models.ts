// The shapes of the HTTP API that pages use. Written by hand from the API's contract until the
// portal's OpenAPI document is checked in; from then on aliases of the generated schemas.
import type { Language } from "@/lib/i18n";
import type { Resources } from "@/lib/resources";
import type { Status } from "@/lib/status";

export type Role = "viewer" | "member" | "lead";
export type Theme = "system" | "light" | "dark";

export interface ProjectRef { id: string; slug: string; name: string }
export interface MyProject extends ProjectRef { role: Role }

export interface Me {
  id: string;
  username: string;
  display_name: string;
  email: string;
  platform_role: "" | "auditor" | "admin";
  language: Language;
  theme: Theme;
  time_zone: string;
  created: string;
  projects: MyProject[];
  permissions: { create_project: boolean; platform_admin: boolean; platform_audit: boolean };
}

export interface Config {
  version: string;
  content_url: string;
  events_url: string;
  engine: string;
  isolation: "uid" | "none";
  languages: Language[];
}

export interface Session { authenticated: boolean; user: Me | null; config: Config }

export interface Page<T> { results: T[]; next: string | null; previous: string | null }

export interface Sentence { code: string; text: string; action: string | null }

export interface Project extends ProjectRef {
  description: string;
  role: Role | null;
  archived_at: string | null;
  created: string;
  members_count: number;
  leads: string[];
}
export interface Member { username: string; display_name: string; role: Role; since: string }
export interface Invitation { id: string; role: Role; note?: string; created: string; expires: string; created_by: string; url?: string }
export interface InvitationOffer { project_name: string; role: Role; invited_by: string; expires: string }

export interface Environment {
  id: string;
  slug: string;
  name: string;
  description: string;
  image: string;
  local_runtime: string;
  packages: { name: string; version: string }[];
  enabled: boolean;
  all_projects: boolean;
  projects: string[];
  ordering: number;
  unavailable_reason: Sentence | null;
}

export type ProfileKind = "cpu" | "gpu" | "spark";
export interface Profile {
  id: string;
  slug: string;
  name: string;
  description: string;
  kind_label: ProfileKind;
  resources: Resources;
  shared_memory_bytes: number;
  spark_executors: number;
  spark_executor_resources: Resources | null;
  enabled: boolean;
  all_projects: boolean;
  projects: string[];
  ordering: number;
  unavailable_reason: Sentence | null;
}

export interface Progress { step: string; state: "done" | "active" | "waiting" | "failed"; seconds: number | null }

export interface Workload {
  id: string;
  kind: string;
  name: string;
  durable_id: string;
  project: ProjectRef;
  owner: string;
  status: Status;
  phase: string;
  reason: Sentence | null;
  resources: Resources;
  created: string;
  started: string | null;
  finished: string | null;
  stale_since: string | null;
  progress: Progress[];
  links: Record<string, string>;
}
export interface WorkloadEvent { at: string; code: string; text: string; source: string }

export interface Notebook {
  id: string;
  name: string;
  project: ProjectRef;
  owner: string;
  environment: { id: string; name: string };
  profile: { id: string; name: string; kind_label: ProfileKind };
  resources: Resources;
  status: Status;
  reason: Sentence | null;
  workload: Workload | null;
  last_activity: string | null;
  started: string | null;
  open_url: string | null;
  home: { path: string } | null;
  usage: { cpu_millicores?: number; memory_bytes?: number; storage_bytes?: number } | null;
  idle_stop_at: string | null;
  created: string;
}

export interface QuotaAmounts { resource: string; limit: number | null; used: number; reserved: number; in_use: number }
export interface LimitLine extends QuotaAmounts { id: string; inherits: boolean; version: number }
export interface QuotaScope { scope: "project" | "user" | "platform"; scope_id: string; name: string; defaults: boolean; lines: LimitLine[] }

export interface Condition {
  code: "project_quota" | "user_quota" | "platform_quota" | "engine" | "image";
  state: "ok" | "waits" | "never";
  text: string;
}
export interface Check {
  verdict: "fits" | "waits" | "never";
  headline: string;
  reason: Sentence | null;
  choices: { profile: { id: string; name: string }; text: string }[];
  conditions: Condition[];
  starts_in_seconds: number | null;
}

export interface Token {
  id: string;
  name: string;
  prefix: string;
  scopes: ("read" | "write" | "admin")[];
  created: string;
  expires: string | null;
  last_used: string | null;
  token?: string;
}
export interface Browser { id: string; user_agent: string; address: string; created: string; last_seen: string; current: boolean }
export interface User {
  id: string;
  username: string;
  display_name: string;
  email: string;
  platform_role: "" | "auditor" | "admin";
  is_active: boolean;
  created: string;
  last_seen: string | null;
  live_workloads: number;
}
export interface AuditRecord {
  id: string;
  at: string;
  actor: string | null;
  verb: string;
  object_type: string;
  object_id: string;
  object_name: string;
  project: ProjectRef | string | null;
  before: unknown;
  after: unknown;
  address: string;
  request_id: string;
}
export interface Component { name: string; state: "ok" | "down" | "degraded"; detail: string; checked_at: string }

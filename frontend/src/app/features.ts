import type { FeatureManifest } from "@/ui/feature";
import { account } from "@/features/account";
import { catalog } from "@/features/catalog";
import { audit } from "@/features/audit";
import { health } from "@/features/health";
import { jobs } from "@/features/jobs";
import { live } from "@/features/live";
import { me } from "@/features/me";
import { notebooks } from "@/features/notebooks";
import { overview } from "@/features/overview";
import { projects } from "@/features/projects";
import { quotas } from "@/features/quotas";
import { users } from "@/features/users";

/** Every feature of the application. Adding one is a folder and a line here. */
export const FEATURES: readonly FeatureManifest[] = [account, overview, notebooks, jobs, projects, catalog, me, users, quotas, live, audit, health];

import type { FeatureManifest } from "@/ui/feature";
import { account } from "@/features/account";
import { me } from "@/features/me";
import { notebooks } from "@/features/notebooks";
import { overview } from "@/features/overview";
import { projects } from "@/features/projects";

/** Every feature of the application. Adding one is a folder and a line here. */
export const FEATURES: readonly FeatureManifest[] = [account, overview, notebooks, projects, me];

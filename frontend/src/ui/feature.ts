import type { ComponentType } from "react";
import type { Language, Localized } from "@/lib/i18n";
import type { IconName } from "./Icon";

/**
 * What a feature gives the application: its pages, its places in the navigation and what it can
 * create. The shell knows features only through this.
 */
export interface FeatureManifest {
  readonly id: string;
  readonly pages: readonly FeaturePage[];
  readonly places?: readonly Place[];
  readonly creates?: readonly Create[];
}

/**
 * public: without signing in, without the shell · root: signed in, absolute path · project:
 * under /p/{project}/ · platform: under /admin/, for administrators and auditors.
 */
export type Scope = "public" | "root" | "project" | "platform";

/** Who sees it. Everyone in the project, or only those who administer or audit the platform. */
export type Audience = "everyone" | "admin" | "auditor";

interface Loadable { readonly load: (language: Language) => Promise<unknown> }

export interface FeaturePage {
  readonly scope: Scope;
  /** Relative to the scope: "notebooks/:id". The empty path is the scope's first page. */
  readonly path: string;
  readonly page: () => Promise<{ readonly default: ComponentType }>;
  /** The words it shows, fetched together with the page. */
  readonly words?: readonly Loadable[];
}

export interface Place {
  readonly scope: "project" | "platform";
  readonly path: string;
  readonly label: Localized;
  readonly icon: IconName;
  /** A heading of the navigation; without one it stands at the top. */
  readonly section?: Localized;
  readonly order: number;
  /** Pressed after G. */
  readonly key?: string;
  /** The kind of workload whose live number stands beside it. */
  readonly counts?: string;
  /** One of the four places of the bar on a phone. */
  readonly onPhone?: boolean;
  readonly audience?: Audience;
}

export interface Create {
  readonly scope: "project" | "root" | "platform";
  readonly path: string;
  readonly label: Localized;
  readonly icon: IconName;
  readonly order: number;
  readonly audience?: Audience;
}

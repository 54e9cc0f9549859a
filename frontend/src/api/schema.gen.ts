// Generated from docs/openapi.json by `npm run gen:api`. Do not edit.

export interface paths {
    "/api/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description List records, newest first; leads see those of their project. */
        get: operations["list_audit_records"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Tell whether it fits now, would wait, or never fits, and what nearby would. */
        post: operations["check"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/environments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description List what the caller may see, in the order of choice. */
        get: operations["list_environments"];
        put?: never;
        /** @description Add an environment. */
        post: operations["create_environment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/environments/{environment_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Return it, with its ETag. */
        get: operations["get_environment"];
        put?: never;
        post?: never;
        /** @description Take it away. */
        delete: operations["delete_environment"];
        options?: never;
        head?: never;
        /** @description Change it; what runs keeps what it was started with. */
        patch: operations["change_environment"];
        trace?: never;
    };
    "/api/v1/invitations/{token}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Tell what one is invited to. */
        get: operations["open_invitation"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/invitations/{token}/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Become a member. */
        post: operations["accept_invitation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description List them, newest first. */
        get: operations["list_jobs"];
        put?: never;
        /** @description Submit a job; it waits for its turn where a limit is reached. */
        post: operations["submit_job"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{job_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Return it. */
        get: operations["get_job"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{job_id}/log": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Return text from a byte offset on; ask again from `next_offset` until `is_end`. */
        get: operations["read_job_log"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{job_id}/log/file": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Return the very bytes that were kept. */
        get: operations["download_job_log"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{job_id}/stop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Ask for its end; harmless when repeated. */
        post: operations["stop_job"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Return the caller. */
        get: operations["get_me"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** @description Change one's own name, address and preferences. */
        patch: operations["change_me"];
        trace?: never;
    };
    "/api/v1/me/browsers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description List them, the latest seen first. */
        get: operations["list_my_browsers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/browsers/{browser_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** @description Sign it out. */
        delete: operations["end_my_browser"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Change it; all other browsers are signed out, and tokens end on request. */
        post: operations["change_my_password"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/quota": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Return them with what is used. */
        get: operations["get_my_quota"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description List those that were not revoked, newest first. */
        get: operations["list_my_tokens"];
        put?: never;
        /** @description Make one; its clear text is shown this once. */
        post: operations["create_my_token"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/tokens/{token_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** @description Revoke it. */
        delete: operations["revoke_my_token"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/notebooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description List them, newest first. */
        get: operations["list_notebooks"];
        put?: never;
        /** @description Make a notebook server and start it unless `start` is false. */
        post: operations["create_notebook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/notebooks/{notebook_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Return it. */
        get: operations["get_notebook"];
        put?: never;
        post?: never;
        /** @description Delete it; it must be stopped. The home stays. */
        delete: operations["delete_notebook"];
        options?: never;
        head?: never;
        /** @description Rename it, or choose what its next start uses. */
        patch: operations["change_notebook"];
        trace?: never;
    };
    "/api/v1/notebooks/{notebook_id}/keep-running": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Keep it for another idle period from now. */
        post: operations["keep_notebook_running"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/notebooks/{notebook_id}/reset-packages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Have its next start begin without the packages installed by hand. */
        post: operations["reset_notebook_packages"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/notebooks/{notebook_id}/restart": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Stop it and start it again once it is gone, perhaps with other choices. */
        post: operations["restart_notebook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/notebooks/{notebook_id}/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Start it, perhaps with other choices: admitted now or refused now. */
        post: operations["start_notebook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/notebooks/{notebook_id}/stop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Ask for its end; files are kept. Harmless when repeated. */
        post: operations["stop_notebook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/password-resets/{token}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Tell whose password it sets. */
        get: operations["get_password_reset"];
        put?: never;
        /** @description Set the password; the link works once. */
        post: operations["use_password_reset"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/platform/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Look at each part now; the hub as a worker saw it last. */
        get: operations["get_platform_health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/profiles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description List what the caller may see; one that can never start here says why. */
        get: operations["list_profiles"];
        put?: never;
        /** @description Add a profile. */
        post: operations["create_profile"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/profiles/{profile_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Return it, with its ETag. */
        get: operations["get_profile"];
        put?: never;
        post?: never;
        /** @description Take it away. */
        delete: operations["delete_profile"];
        options?: never;
        head?: never;
        /** @description Change it; what runs keeps what it was started with. */
        patch: operations["change_profile"];
        trace?: never;
    };
    "/api/v1/projects": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description List them by name. */
        get: operations["list_projects"];
        put?: never;
        /** @description Found a project and lead it. */
        post: operations["create_project"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Return it, with its ETag. */
        get: operations["get_project"];
        put?: never;
        post?: never;
        /** @description Have an archived project go for good, with its homes and everything else in it. */
        delete: operations["delete_project"];
        options?: never;
        head?: never;
        /** @description Rename or describe it. */
        patch: operations["change_project"];
        trace?: never;
    };
    "/api/v1/projects/{project_id}/archive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Archive it; what runs in it is stopped, nothing is deleted. */
        post: operations["archive_project"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/invitations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description List those that still work, newest first. */
        get: operations["list_invitations"];
        put?: never;
        /** @description Make a link that makes its first opener a member; it is shown this once. */
        post: operations["create_invitation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/invitations/{invitation_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** @description Make its link useless. */
        delete: operations["revoke_invitation"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/members": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description List them, the first first. */
        get: operations["list_members"];
        put?: never;
        /** @description Add an existing user. */
        post: operations["add_member"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/members/{username}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** @description Take the member out, or leave; what he runs there is stopped. */
        delete: operations["remove_member"];
        options?: never;
        head?: never;
        /** @description Give the member another role; a project keeps a lead. */
        patch: operations["change_member_role"];
        trace?: never;
    };
    "/api/v1/projects/{project_id}/place": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Return how it does. */
        get: operations["get_place"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** @description Let its pods out to the internet, or keep them in; administrators only. */
        patch: operations["change_place"];
        trace?: never;
    };
    "/api/v1/projects/{project_id}/quota": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Return them with what is used. */
        get: operations["get_project_quota"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/unarchive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Bring an archived project back. */
        post: operations["unarchive_project"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/quota-lines": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Give a user, a project or the platform a limit of its own. */
        post: operations["create_quota_line"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/quota-lines/{line_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Return it, with its ETag. */
        get: operations["get_quota_line"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** @description Set the limit, lift it (null) or follow the default ("inherit"); nothing is stopped. */
        patch: operations["change_quota_line"];
        trace?: never;
    };
    "/api/v1/quota-lines/{line_id}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description List its changes, newest first. */
        get: operations["list_limit_changes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/quota-lines/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Tell what would start and what is over; nothing is written. */
        post: operations["preview_limit"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/quotas": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description List everybody of a scope with limits and use, the defaults first. */
        get: operations["list_quotas"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Tell who is signed in and how the portal is configured; sets the CSRF cookie. */
        get: operations["get_session"];
        put?: never;
        /** @description Sign in with a password. */
        post: operations["sign_in"];
        /** @description Sign out here and of the hub; harmless when nobody is signed in. */
        delete: operations["sign_out"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description List accounts by name. */
        get: operations["list_users"];
        put?: never;
        /** @description Create an account; without a password the answer has a link to choose one. */
        post: operations["create_user"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{username}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Return it, with its ETag. */
        get: operations["get_user"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** @description Change name, address or platform role; another role signs the user out. */
        patch: operations["change_user"];
        trace?: never;
    };
    "/api/v1/users/{username}/activate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Open it again; old sessions and tokens stay ended. */
        post: operations["activate_user"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{username}/deactivate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Close it: sessions, tokens and notebooks end. */
        post: operations["deactivate_user"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{username}/impact": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description List the user's live work. */
        get: operations["get_user_impact"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{username}/reset-link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Make a link that sets the password once; earlier ones stop working. */
        post: operations["create_reset_link"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workloads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description List them, newest first. */
        get: operations["list_workloads"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workloads/{workload_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Return it. */
        get: operations["get_workload"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workloads/{workload_id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description List it, newest first: the platform's own events and the engine's. */
        get: operations["list_workload_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workloads/{workload_id}/force-settle": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Give its reservation back though something may still run. For admins; audited. */
        post: operations["force_settle_workload"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workloads/{workload_id}/stop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Ask for its end; asking again is harmless. For its owner, leads and admins. */
        post: operations["stop_workload"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description One change of state. */
        AuditRecord: {
            /** @description Username; empty for the platform itself */
            actor: string;
            address: string;
            after: {
                [key: string]: unknown;
            } | null;
            /** Format: date-time */
            at: string;
            before: {
                [key: string]: unknown;
            } | null;
            id: number;
            object_id: string;
            object_name: string;
            object_type: string;
            /** @description Project id; empty where none is concerned */
            project: string;
            request_id: string;
            verb: string;
        };
        /** @description A page of AuditRecord rows. */
        AuditRecordPage: {
            next: string | null;
            previous: string | null;
            results: components["schemas"]["AuditRecord"][];
        };
        /** @description A signed-in browser. */
        Browser: {
            address: string;
            /** Format: date-time */
            created: string;
            current: boolean;
            id: string;
            /** Format: date-time */
            last_seen: string;
            user_agent: string;
        };
        /** @description A page of Browser rows. */
        BrowserPage: {
            next: string | null;
            previous: string | null;
            results: components["schemas"]["Browser"][];
        };
        /** @description Whether something would fit now, later or never. */
        Check: {
            choices: components["schemas"]["CheckChoice"][];
            conditions: components["schemas"]["CheckCondition"][];
            headline: string;
            reason: components["schemas"]["Reason"] | null;
            starts_in_seconds: number | null;
            verdict: components["schemas"]["CheckVerdict"];
        };
        /** @description Something nearby that would fit. */
        CheckChoice: {
            profile: components["schemas"]["CheckChoiceProfile"];
            text: string;
        };
        /** @description A profile by its name. */
        CheckChoiceProfile: {
            id: string;
            name: string;
        };
        /** @description One thing that has to be in order. */
        CheckCondition: {
            code: components["schemas"]["CheckConditionCode"];
            state: components["schemas"]["CheckState"];
            text: string;
        };
        /**
         * @description * `project_quota` - project_quota
         *     * `user_quota` - user_quota
         *     * `platform_quota` - platform_quota
         *     * `engine` - engine
         *     * `image` - image
         * @enum {string}
         */
        CheckConditionCode: "project_quota" | "user_quota" | "platform_quota" | "engine" | "image";
        /** @description What would be asked for. */
        CheckDraftRequest: {
            environment?: string;
            image?: string;
            kind: string;
            profile?: string;
            project: string;
        };
        /**
         * @description * `ok` - ok
         *     * `waits` - waits
         *     * `never` - never
         * @enum {string}
         */
        CheckState: "ok" | "waits" | "never";
        /**
         * @description * `fits` - fits
         *     * `waits` - waits
         *     * `never` - never
         * @enum {string}
         */
        CheckVerdict: "fits" | "waits" | "never";
        /** @description One part of the platform. */
        Component: {
            /** Format: date-time */
            checked_at: string;
            /** @description What was found, in the reader's language */
            detail: string;
            name: string;
            state: components["schemas"]["ComponentState"];
        };
        /**
         * @description * `ok` - ok
         *     * `degraded` - degraded
         *     * `down` - down
         * @enum {string}
         */
        ComponentState: "ok" | "degraded" | "down";
        /** @description What the portal's pages must know before anybody signs in. */
        Config: {
            content_url: string;
            engine: string;
            events_url: string;
            isolation: components["schemas"]["IsolationEnum"];
            languages: components["schemas"]["Language"][];
            version: string;
        };
        /** @description The software of a start. */
        Environment: {
            all_projects: boolean;
            description: string;
            enabled: boolean;
            id: string;
            image: string;
            local_runtime: string;
            name: string;
            ordering: number;
            packages: components["schemas"]["Package"][];
            /** @description Ids; shown to admins and auditors only */
            projects: string[];
            slug: string;
            unavailable_reason: components["schemas"]["Reason"] | null;
        };
        /** @description An environment to be added. */
        EnvironmentDraftRequest: {
            all_projects?: boolean;
            description?: string;
            enabled?: boolean;
            image?: string;
            local_runtime?: string;
            name: string;
            ordering?: number;
            packages?: components["schemas"]["PackageRequest"][];
            projects?: string[];
            slug: string;
        };
        /** @description A page of Environment rows. */
        EnvironmentPage: {
            next: string | null;
            previous: string | null;
            results: components["schemas"]["Environment"][];
        };
        /** @description An environment by its name. */
        EnvironmentRef: {
            id: string;
            name: string;
        };
        /**
         * @description * `platform` - platform
         *     * `engine` - engine
         * @enum {string}
         */
        EventSource: "platform" | "engine";
        /** @description The parts of the platform and the versions that run. */
        Health: {
            components: components["schemas"]["Component"][];
            versions: {
                [key: string]: string;
            };
        };
        /** @description Where the files are. */
        Home: {
            /** @description Below the folder of homes */
            path: string;
        };
        /** @description What a deactivation would stop. */
        Impact: {
            live: components["schemas"]["LiveWork"][];
        };
        /** @description An open invitation; its link is not shown again. */
        Invitation: {
            /** Format: date-time */
            created: string;
            created_by: string;
            /** Format: date-time */
            expires: string;
            id: string;
            note: string;
            role: components["schemas"]["Role"];
        };
        /** @description An invitation to be made. */
        InvitationDraftRequest: {
            /** @default  */
            note: string;
            role: components["schemas"]["Role"];
        };
        /** @description A page of Invitation rows. */
        InvitationPage: {
            next: string | null;
            previous: string | null;
            results: components["schemas"]["Invitation"][];
        };
        /**
         * @description * `uid` - uid
         *     * `none` - none
         *     * `kubernetes` - kubernetes
         * @enum {string}
         */
        IsolationEnum: "uid" | "none" | "kubernetes";
        /** @description A job and its run. */
        Job: {
            /** @description Program and arguments; no shell reads them */
            command: string[];
            /** Format: date-time */
            created: string;
            env: {
                [key: string]: string;
            };
            environment: components["schemas"]["JobEnvironmentRef"] | null;
            /** @description Once it has ended */
            exit_code: number | null;
            /** Format: date-time */
            finished: string | null;
            id: string;
            image: string | null;
            links: {
                [key: string]: string;
            };
            name: string;
            owner: string;
            profile: components["schemas"]["JobProfileRef"];
            project: components["schemas"]["ProjectRef"];
            reason: components["schemas"]["Reason"] | null;
            resources: components["schemas"]["Resources"];
            /** Format: date-time */
            started: string | null;
            status: components["schemas"]["WorkloadStatus"];
            workload: components["schemas"]["Workload"];
        };
        /**
         * @description A new job; ids or slugs for project, environment and profile.
         *
         *     It runs in an environment, in an image where the platform is a cluster's, or, with neither, in
         *     the first environment that works.
         */
        JobDraftRequest: {
            /** @description Program and arguments; no shell reads them */
            command: string[];
            env?: {
                [key: string]: string;
            };
            environment?: string;
            image?: string;
            name?: string;
            profile: string;
            project: string;
        };
        /** @description An environment by its name. */
        JobEnvironmentRef: {
            id: string;
            name: string;
        };
        /** @description A page of what a job has printed, standard output and errors together. */
        JobLog: {
            /** @description Whether every byte is known to be there */
            complete: boolean;
            /** @description There will be no more */
            is_end: boolean;
            /** @description Where to read on */
            next_offset: number;
            /** @description Why the rest is not there */
            notice: components["schemas"]["Reason"] | null;
            /** @description In bytes */
            offset: number;
            source: components["schemas"]["JobLogSourceEnum"];
            /** @description Bytes that are no UTF-8 read as � */
            text: string;
        };
        /**
         * @description * `engine` - engine
         * @enum {string}
         */
        JobLogSourceEnum: "engine";
        /** @description A page of Job rows. */
        JobPage: {
            next: string | null;
            previous: string | null;
            results: components["schemas"]["Job"][];
        };
        /** @description A profile by its name. */
        JobProfileRef: {
            id: string;
            name: string;
        };
        /**
         * @description * `cpu` - CPU
         *     * `gpu` - GPU
         *     * `spark` - Spark
         * @enum {string}
         */
        KindLabel: "cpu" | "gpu" | "spark";
        /**
         * @description * `en` - English
         *     * `fr` - Français
         * @enum {string}
         */
        Language: "en" | "fr";
        /** @description One entry of a limit's history; null is no limit. */
        LimitChange: {
            after: number | null;
            /** Format: date-time */
            at: string;
            before: number | null;
            /** @description Username; empty: the platform */
            by: string;
            /** @description It follows the default since */
            inherits: boolean;
        };
        /** @description A page of LimitChange rows. */
        LimitChangePage: {
            next: string | null;
            previous: string | null;
            results: components["schemas"]["LimitChange"][];
        };
        /** @description Something that would stop. */
        LiveWork: {
            kind: string;
            name: string;
            project: string;
        };
        /** @description The caller. */
        Me: {
            /** Format: date-time */
            created: string;
            display_name: string;
            email: string;
            id: string;
            language: components["schemas"]["Language"];
            permissions: components["schemas"]["Permissions"];
            platform_role: components["schemas"]["PlatformRole"];
            projects: components["schemas"]["MyProject"][];
            theme: components["schemas"]["Theme"];
            time_zone: string;
            username: string;
        };
        /** @description A member. */
        Member: {
            display_name: string;
            role: components["schemas"]["Role"];
            /** Format: date-time */
            since: string;
            username: string;
        };
        /** @description A member to be added. */
        MemberDraftRequest: {
            role: components["schemas"]["Role"];
            username: string;
        };
        /** @description A page of Member rows. */
        MemberPage: {
            next: string | null;
            previous: string | null;
            results: components["schemas"]["Member"][];
        };
        /** @description A project in the switcher. */
        MyProject: {
            id: string;
            name: string;
            role: components["schemas"]["Role"];
            slug: string;
        };
        /** @description An invitation just made, with its link for the only time. */
        NewInvitation: {
            /** Format: date-time */
            created: string;
            created_by: string;
            /** Format: date-time */
            expires: string;
            id: string;
            note: string;
            role: components["schemas"]["Role"];
            url: string;
        };
        /** @description A password chosen through a reset link. */
        NewPasswordRequest: {
            new_password: string;
        };
        /** @description A token just made, with its clear text for the only time. */
        NewToken: {
            /** Format: date-time */
            created: string;
            /** Format: date-time */
            expires: string;
            id: string;
            /** Format: date-time */
            last_used: string | null;
            name: string;
            prefix: string;
            scopes: components["schemas"]["TokenScope"][];
            token: string;
        };
        /** @description An account just made, with a link to choose a password where it has none. */
        NewUser: {
            /** Format: date-time */
            created: string;
            display_name: string;
            email: string;
            id: string;
            is_active: boolean;
            /** Format: date-time */
            last_seen: string | null;
            live_workloads: number;
            platform_role: components["schemas"]["PlatformRole"];
            reset_url: string | null;
            username: string;
        };
        /** @description A notebook server. */
        Notebook: {
            /** Format: date-time */
            created: string;
            environment: components["schemas"]["EnvironmentRef"];
            /** @description Told to its owner */
            home: components["schemas"]["Home"] | null;
            id: string;
            /**
             * Format: date-time
             * @description Set once announced
             */
            idle_stop_at: string | null;
            /** Format: date-time */
            last_activity: string | null;
            name: string;
            /** @description For its owner, while it runs */
            open_url: string | null;
            owner: string;
            packages_will_be_reset: boolean;
            profile: components["schemas"]["ProfileRef"];
            project: components["schemas"]["ProjectRef"];
            reason: components["schemas"]["Reason"] | null;
            rescue: boolean;
            resources: components["schemas"]["Resources"];
            restarting: boolean;
            /** Format: date-time */
            started: string | null;
            status: components["schemas"]["WorkloadStatus"];
            /** @description Null until it reports */
            usage: components["schemas"]["NotebookUsage"] | null;
            /** @description The present or last run */
            workload: components["schemas"]["Workload"] | null;
        };
        /** @description A new notebook server; ids or slugs for project, environment and profile. */
        NotebookDraftRequest: {
            environment: string;
            name?: string;
            profile: string;
            project: string;
            /** @default true */
            start: boolean;
        };
        /** @description A page of Notebook rows. */
        NotebookPage: {
            next: string | null;
            previous: string | null;
            results: components["schemas"]["Notebook"][];
        };
        /** @description What the next run is made of. */
        NotebookRestartRequest: {
            environment?: string;
            profile?: string;
        };
        /** @description How this start differs from the last; a rescue start passes over installed packages. */
        NotebookStartRequest: {
            environment?: string;
            profile?: string;
            rescue?: boolean;
        };
        /** @description What a server used when it last said so. */
        NotebookUsage: {
            /** Format: date-time */
            at: string;
            cpu_millicores: number | null;
            memory_bytes: number | null;
        };
        /** @description What the holder of a link is invited to. */
        OpenedInvitation: {
            /** Format: date-time */
            expires: string;
            invited_by: string;
            project_name: string;
            role: components["schemas"]["Role"];
        };
        /** @description An installed package. */
        Package: {
            name: string;
            version: string;
        };
        /** @description An installed package. */
        PackageRequest: {
            name: string;
            version: string;
        };
        /** @description One's own new password. */
        PasswordChangeRequest: {
            current_password: string;
            /** @default false */
            end_tokens: boolean;
            new_password: string;
        };
        /** @description What may be changed of an environment; its slug may not. */
        PatchedEnvironmentChangeRequest: {
            all_projects?: boolean;
            description?: string;
            enabled?: boolean;
            image?: string;
            local_runtime?: string;
            name?: string;
            ordering?: number;
            packages?: components["schemas"]["PackageRequest"][];
            projects?: string[];
        };
        /** @description A new limit. */
        PatchedLimitChangeDraftRequest: {
            limit?: (number | "inherit") | null;
        };
        /** @description What one may change about oneself. */
        PatchedMeChangeRequest: {
            display_name?: string;
            email?: string;
            language?: components["schemas"]["Language"];
            theme?: components["schemas"]["Theme"];
            time_zone?: string;
        };
        /** @description Another name, or other choices for the next start. */
        PatchedNotebookChangeRequest: {
            environment?: string;
            name?: string;
            profile?: string;
        };
        /** @description What an administrator may change. */
        PatchedPlaceChangeRequest: {
            internet?: boolean;
        };
        /** @description What may be changed of a profile; its slug may not. */
        PatchedProfileChangeRequest: {
            all_projects?: boolean;
            description?: string;
            enabled?: boolean;
            kind_label?: components["schemas"]["KindLabel"];
            name?: string;
            ordering?: number;
            projects?: string[];
            resources?: components["schemas"]["ResourcesRequest"];
            shared_memory_bytes?: number;
            spark_executor_resources?: components["schemas"]["ResourcesRequest"] | null;
            spark_executors?: number;
        };
        /** @description What a lead may change. */
        PatchedProjectChangeRequest: {
            description?: string;
            name?: string;
        };
        /** @description A member's new role. */
        PatchedRoleChangeRequest: {
            role?: components["schemas"]["Role"];
        };
        /** @description What an administrator may change of an account. */
        PatchedUserChangeRequest: {
            display_name?: string;
            email?: string;
            platform_role?: components["schemas"]["PlatformRole"];
        };
        /** @description What the caller may do beyond his projects. */
        Permissions: {
            create_project: boolean;
            platform_admin: boolean;
            platform_audit: boolean;
        };
        /** @description Where a project's work runs. */
        Place: {
            /** @description Whether its pods may reach the internet */
            internet: boolean;
            namespace: string;
            reason: components["schemas"]["PlaceReason"] | null;
            state: components["schemas"]["PlaceState"];
            /** Format: date-time */
            synced_at: string | null;
        };
        /** @description Why a place is not ready. */
        PlaceReason: {
            action: string;
            code: string;
            text: string;
        };
        /**
         * @description * `pending` - pending
         *     * `ready` - ready
         *     * `draining` - draining
         *     * `gone` - gone
         *     * `failed` - failed
         * @enum {string}
         */
        PlaceState: "pending" | "ready" | "draining" | "gone" | "failed";
        /**
         * @description What a user may do beyond his projects; empty for nothing
         * @enum {string}
         */
        PlatformRole: "" | "auditor" | "admin";
        /** @description RFC 9457 problem details; `detail` and `action` are sentences for people. */
        Problem: {
            action: string;
            code: string;
            detail: string;
            errors: {
                code: string;
                detail: string;
                field: string;
            }[];
            field: string | null;
            params: {
                [key: string]: unknown;
            };
            request_id: string;
            status: number;
            title: string;
            type: string;
        };
        /** @description The hardware of a start. */
        Profile: {
            all_projects: boolean;
            description: string;
            enabled: boolean;
            id: string;
            kind_label: components["schemas"]["KindLabel"];
            name: string;
            ordering: number;
            /** @description Ids; shown to admins and auditors only */
            projects: string[];
            resources: components["schemas"]["Resources"];
            shared_memory_bytes: number;
            slug: string;
            spark_executor_resources: components["schemas"]["Resources"] | null;
            spark_executors: number;
            unavailable_reason: components["schemas"]["Reason"] | null;
        };
        /** @description A profile to be added. */
        ProfileDraftRequest: {
            all_projects?: boolean;
            description?: string;
            enabled?: boolean;
            kind_label?: components["schemas"]["KindLabel"];
            name: string;
            ordering?: number;
            projects?: string[];
            resources: components["schemas"]["ResourcesRequest"];
            shared_memory_bytes?: number;
            slug: string;
            spark_executor_resources?: components["schemas"]["ResourcesRequest"] | null;
            spark_executors?: number;
        };
        /** @description A page of Profile rows. */
        ProfilePage: {
            next: string | null;
            previous: string | null;
            results: components["schemas"]["Profile"][];
        };
        /** @description A profile by its name. */
        ProfileRef: {
            id: string;
            kind_label: components["schemas"]["KindLabel"];
            name: string;
        };
        /** @description One step of a start. */
        ProgressStep: {
            /**
             * Format: double
             * @description How long it took, once done
             */
            seconds: number | null;
            state: components["schemas"]["StepState"];
            step: string;
        };
        /** @description A project as the asking user sees it; ``role`` is null for those who are no members. */
        Project: {
            /** Format: date-time */
            archived_at: string | null;
            /** Format: date-time */
            created: string;
            /**
             * Format: date-time
             * @description Since when it is being deleted
             */
            deleted_at: string | null;
            description: string;
            id: string;
            leads: string[];
            members_count: number;
            name: string;
            place: components["schemas"]["ProjectPlace"] | null;
            role: components["schemas"]["Role"] | null;
            slug: string;
        };
        /** @description A project to be founded. */
        ProjectDraftRequest: {
            /** @default  */
            description: string;
            name: string;
            slug?: string;
        };
        /** @description A page of Project rows. */
        ProjectPage: {
            next: string | null;
            previous: string | null;
            results: components["schemas"]["Project"][];
        };
        /** @description How the project's place on the cluster does; null where work runs on this machine. */
        ProjectPlace: {
            reason: components["schemas"]["PlaceReason"] | null;
            state: components["schemas"]["PlaceState"];
        };
        /** @description All limits of a project. */
        ProjectQuota: {
            lines: components["schemas"]["ProjectQuotaUse"][];
        };
        /** @description One limit of a project, with what is left for the one who asks. */
        ProjectQuotaUse: {
            /** @description The most one start of yours could get now: what all limits leave, within what the engine could give; null: nothing bounds it */
            free: number | null;
            in_use: number;
            /** @description null: no limit */
            limit: number | null;
            /** @description Held by what is starting or stopping */
            reserved: number;
            resource: string;
            used: number;
        };
        /** @description A project by its names. */
        ProjectRef: {
            id: string;
            name: string;
            slug: string;
        };
        /** @description One limit as admins see it; ``id`` is null where only the default is inherited so far. */
        QuotaLine: {
            id: string | null;
            in_use: number;
            inherits: boolean;
            /** @description null: no limit */
            limit: number | null;
            /** @description Held by what is starting or stopping */
            reserved: number;
            resource: string;
            used: number;
            version: number;
        };
        /** @description A limit for somebody who has none of his own. */
        QuotaLineDraftRequest: {
            limit: number | null;
            resource: string;
            scope: components["schemas"]["QuotaScope"];
            scope_id: string;
        };
        /** @description The limits of one user, one project, the platform, or the defaults of one of those. */
        QuotaOwner: {
            defaults: boolean;
            lines: components["schemas"]["QuotaLine"][];
            name: string;
            scope: components["schemas"]["QuotaScope"];
            scope_id: string;
        };
        /** @description What a limit would do. */
        QuotaPreview: {
            /** @description More is used than it allows; nothing is stopped */
            over: boolean;
            /** @description Sum of the limits of all of this scope; null: one has none */
            promised: number | null;
            sentence: string;
            would_start: number;
        };
        /** @description A limit to try: of a line by id, or of a scope and resource that has none yet. */
        QuotaPreviewDraftRequest: {
            id?: string;
            limit: (number | "inherit") | null;
            resource?: string;
            scope?: components["schemas"]["QuotaScope"];
            scope_id?: string;
        };
        /**
         * @description * `user` - user
         *     * `project` - project
         *     * `platform` - platform
         * @enum {string}
         */
        QuotaScope: "user" | "project" | "platform";
        /** @description The quota table of one scope: the defaults first, then everybody. */
        QuotaTable: {
            results: components["schemas"]["QuotaOwner"][];
        };
        /** @description One limit as members see it; ``used`` is ``in_use`` and ``reserved`` together. */
        QuotaUse: {
            in_use: number;
            /** @description null: no limit */
            limit: number | null;
            /** @description Held by what is starting or stopping */
            reserved: number;
            resource: string;
            used: number;
        };
        /** @description All limits of one project or user. */
        QuotaUses: {
            lines: components["schemas"]["QuotaUse"][];
        };
        /** @description A reason as a person reads it. */
        Reason: {
            action: string;
            code: string;
            text: string;
        };
        /** @description Whose password a reset link sets. */
        Reset: {
            username: string;
        };
        /** @description A link that sets a password once. */
        ResetLink: {
            /** Format: date-time */
            expires: string;
            url: string;
        };
        /** @description Amounts of compute: whole millicores and bytes. */
        Resources: {
            accelerators?: {
                [key: string]: number;
            };
            /** Format: int64 */
            cpu_millicores: number;
            /** Format: int64 */
            memory_bytes: number;
            /** Format: int64 */
            storage_bytes?: number;
        };
        /** @description Amounts of compute: whole millicores and bytes. */
        ResourcesRequest: {
            accelerators?: {
                [key: string]: number;
            };
            /** Format: int64 */
            cpu_millicores: number;
            /** Format: int64 */
            memory_bytes: number;
            /** Format: int64 */
            storage_bytes?: number;
        };
        /**
         * @description * `viewer` - viewer
         *     * `member` - member
         *     * `lead` - lead
         * @enum {string}
         */
        Role: "viewer" | "member" | "lead";
        /** @description Whether somebody is signed in, and the configuration. */
        Session: {
            authenticated: boolean;
            config: components["schemas"]["Config"];
            user: components["schemas"]["Me"] | null;
        };
        /** @description Who signed in. */
        SignedIn: {
            user: components["schemas"]["Me"];
        };
        /** @description A name and a password. */
        SignInRequest: {
            password: string;
            username: string;
        };
        /** @description One limit with whose it is. */
        SingleQuotaLine: {
            id: string | null;
            in_use: number;
            inherits: boolean;
            /** @description null: no limit */
            limit: number | null;
            /** @description Held by what is starting or stopping */
            reserved: number;
            resource: string;
            scope: components["schemas"]["QuotaScope"];
            scope_id: string;
            used: number;
            version: number;
        };
        /**
         * @description * `done` - done
         *     * `active` - active
         *     * `waiting` - waiting
         *     * `failed` - failed
         * @enum {string}
         */
        StepState: "done" | "active" | "waiting" | "failed";
        /**
         * @description * `system` - system
         *     * `light` - light
         *     * `dark` - dark
         * @enum {string}
         */
        Theme: "system" | "light" | "dark";
        /** @description A token as it is listed. */
        Token: {
            /** Format: date-time */
            created: string;
            /** Format: date-time */
            expires: string;
            id: string;
            /** Format: date-time */
            last_used: string | null;
            name: string;
            prefix: string;
            scopes: components["schemas"]["TokenScope"][];
        };
        /** @description A token to be made. */
        TokenDraftRequest: {
            /** @default 90 */
            expires_in_days: number;
            name: string;
            scopes: components["schemas"]["TokenScope"][];
        };
        /** @description A page of Token rows. */
        TokenPage: {
            next: string | null;
            previous: string | null;
            results: components["schemas"]["Token"][];
        };
        /**
         * @description * `read` - read
         *     * `write` - write
         *     * `admin` - admin
         * @enum {string}
         */
        TokenScope: "read" | "write" | "admin";
        /** @description An account as admins and auditors see it. */
        User: {
            /** Format: date-time */
            created: string;
            display_name: string;
            email: string;
            id: string;
            is_active: boolean;
            /** Format: date-time */
            last_seen: string | null;
            live_workloads: number;
            platform_role: components["schemas"]["PlatformRole"];
            username: string;
        };
        /** @description An account to be made. */
        UserDraftRequest: {
            display_name: string;
            /** @default  */
            email: string;
            password?: string | null;
            /** @default  */
            platform_role: components["schemas"]["PlatformRole"];
            username: string;
        };
        /** @description A page of User rows. */
        UserPage: {
            next: string | null;
            previous: string | null;
            results: components["schemas"]["User"][];
        };
        /** @description One run of something. */
        Workload: {
            /** Format: date-time */
            created: string;
            /** @description What it is a run of */
            durable_id: string;
            /** Format: date-time */
            finished: string | null;
            id: string;
            kind: string;
            links: {
                [key: string]: string;
            };
            name: string;
            owner: string;
            phase: components["schemas"]["WorkloadPhase"];
            progress: components["schemas"]["ProgressStep"][];
            project: components["schemas"]["ProjectRef"];
            reason: components["schemas"]["Reason"] | null;
            resources: components["schemas"]["Resources"];
            /** Format: date-time */
            stale_since: string | null;
            /** Format: date-time */
            started: string | null;
            status: components["schemas"]["WorkloadStatus"];
        };
        /** @description Something that was said about a run. */
        WorkloadEvent: {
            /** Format: date-time */
            at: string;
            code: string;
            source: components["schemas"]["EventSource"];
            text: string;
        };
        /** @description A page of WorkloadEvent rows. */
        WorkloadEventPage: {
            next: string | null;
            previous: string | null;
            results: components["schemas"]["WorkloadEvent"][];
        };
        /** @description A page of Workload rows. */
        WorkloadPage: {
            next: string | null;
            previous: string | null;
            results: components["schemas"]["Workload"][];
        };
        /**
         * @description * `QUEUED` - queued
         *     * `ADMITTED` - admitted
         *     * `SUBMITTING` - submitting
         *     * `STARTING` - starting
         *     * `RUNNING` - running
         *     * `STOPPING` - stopping
         *     * `SUCCEEDED` - succeeded
         *     * `FAILED` - failed
         *     * `STOPPED` - stopped
         *     * `REFUSED` - refused
         * @enum {string}
         */
        WorkloadPhase: "QUEUED" | "ADMITTED" | "SUBMITTING" | "STARTING" | "RUNNING" | "STOPPING" | "SUCCEEDED" | "FAILED" | "STOPPED" | "REFUSED";
        /**
         * @description * `queued` - queued
         *     * `starting` - starting
         *     * `running` - running
         *     * `stopping` - stopping
         *     * `succeeded` - succeeded
         *     * `failed` - failed
         *     * `stopped` - stopped
         *     * `refused` - refused
         * @enum {string}
         */
        WorkloadStatus: "queued" | "starting" | "running" | "stopping" | "succeeded" | "failed" | "stopped" | "refused";
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    list_audit_records: {
        parameters: {
            query?: {
                /** @description Username */
                actor?: string;
                /** @description `next` or `previous` of an earlier answer */
                cursor?: string;
                limit?: number;
                object_id?: string;
                object_type?: string;
                /** @description Id or slug; needed by project leads */
                project?: string;
                since?: string;
                until?: string;
                /** @description For example project.created */
                verb?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditRecordPage"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    check: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CheckDraftRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Check"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_environments: {
        parameters: {
            query?: {
                /** @description Only what this project may choose */
                project?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EnvironmentPage"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    create_environment: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EnvironmentDraftRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Environment"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_environment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                environment_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Environment"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_environment: {
        parameters: {
            query?: never;
            header: {
                /** @description The ETag that was read */
                "If-Match": string;
            };
            path: {
                environment_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No response body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    change_environment: {
        parameters: {
            query?: never;
            header: {
                /** @description The ETag that was read */
                "If-Match": string;
            };
            path: {
                environment_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["PatchedEnvironmentChangeRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Environment"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    open_invitation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                token: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenedInvitation"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    accept_invitation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                token: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Project"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_jobs: {
        parameters: {
            query?: {
                /** @description `next` or `previous` of an earlier answer */
                cursor?: string;
                limit?: number;
                /** @description A username, `me` or `all` */
                owner?: string;
                /** @description Id or slug of a project */
                project?: string;
                /** @description A part of the name, or an id */
                search?: string;
                /** @description One or several, with commas between: queued, starting, running, stopping, succeeded, failed, stopped, refused */
                status?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobPage"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    submit_job: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key and body give the same answer, once done */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["JobDraftRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_job: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    read_job_log: {
        parameters: {
            query?: {
                limit?: number;
                offset?: number;
            };
            header?: never;
            path: {
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobLog"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    download_job_log: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    stop_job: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_me: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    change_me: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["PatchedMeChangeRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_my_browsers: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BrowserPage"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    end_my_browser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                browser_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No response body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    change_my_password: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasswordChangeRequest"];
            };
        };
        responses: {
            /** @description No response body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_my_quota: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QuotaUses"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_my_tokens: {
        parameters: {
            query?: {
                /** @description `next` or `previous` of an earlier answer */
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenPage"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    create_my_token: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TokenDraftRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewToken"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    revoke_my_token: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                token_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No response body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_notebooks: {
        parameters: {
            query?: {
                /** @description `next` or `previous` of an earlier answer */
                cursor?: string;
                limit?: number;
                /** @description Whose; all unless said */
                owner?: "all" | "me";
                /** @description Id or slug of a project */
                project?: string;
                status?: "failed" | "queued" | "refused" | "running" | "starting" | "stopped" | "stopping" | "succeeded";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NotebookPage"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    create_notebook: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key and body give the same answer, once done */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NotebookDraftRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Notebook"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_notebook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                notebook_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Notebook"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_notebook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                notebook_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No response body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    change_notebook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                notebook_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["PatchedNotebookChangeRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Notebook"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    keep_notebook_running: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                notebook_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Notebook"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    reset_notebook_packages: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                notebook_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Notebook"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    restart_notebook: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key and body give the same answer, once done */
                "Idempotency-Key"?: string;
            };
            path: {
                notebook_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["NotebookRestartRequest"];
            };
        };
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Notebook"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    start_notebook: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key and body give the same answer, once done */
                "Idempotency-Key"?: string;
            };
            path: {
                notebook_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["NotebookStartRequest"];
            };
        };
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Notebook"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    stop_notebook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                notebook_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Notebook"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_password_reset: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                token: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Reset"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    use_password_reset: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                token: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewPasswordRequest"];
            };
        };
        responses: {
            /** @description No response body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_platform_health: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_profiles: {
        parameters: {
            query?: {
                /** @description Only what this project may choose */
                project?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProfilePage"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    create_profile: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProfileDraftRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Profile"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_profile: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                profile_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Profile"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_profile: {
        parameters: {
            query?: never;
            header: {
                /** @description The ETag that was read */
                "If-Match": string;
            };
            path: {
                profile_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No response body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    change_profile: {
        parameters: {
            query?: never;
            header: {
                /** @description The ETag that was read */
                "If-Match": string;
            };
            path: {
                profile_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["PatchedProfileChangeRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Profile"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_projects: {
        parameters: {
            query?: {
                /** @description Archived ones instead of live ones */
                archived?: boolean;
                /** @description `next` or `previous` of an earlier answer */
                cursor?: string;
                limit?: number;
                /** @description Part of a name or slug */
                search?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProjectPage"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    create_project: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key and body give the same answer, once done */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProjectDraftRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Project"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_project: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Project"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_project: {
        parameters: {
            query: {
                /** @description Its slug, to be sure */
                name: string;
            };
            header?: never;
            path: {
                project_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Project"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    change_project: {
        parameters: {
            query?: never;
            header: {
                /** @description The ETag that was read */
                "If-Match": string;
            };
            path: {
                project_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["PatchedProjectChangeRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Project"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    archive_project: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Project"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_invitations: {
        parameters: {
            query?: {
                /** @description `next` or `previous` of an earlier answer */
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path: {
                project_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvitationPage"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    create_invitation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["InvitationDraftRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewInvitation"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    revoke_invitation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                invitation_id: string;
                project_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No response body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_members: {
        parameters: {
            query?: {
                /** @description `next` or `previous` of an earlier answer */
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path: {
                project_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MemberPage"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    add_member: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MemberDraftRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Member"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    remove_member: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: string;
                username: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No response body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    change_member_role: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: string;
                username: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["PatchedRoleChangeRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Member"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_place: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Place"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    change_place: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["PatchedPlaceChangeRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Place"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_project_quota: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProjectQuota"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    unarchive_project: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Project"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    create_quota_line: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["QuotaLineDraftRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SingleQuotaLine"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_quota_line: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                line_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SingleQuotaLine"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    change_quota_line: {
        parameters: {
            query?: never;
            header: {
                /** @description The ETag that was read */
                "If-Match": string;
            };
            path: {
                line_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["PatchedLimitChangeDraftRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SingleQuotaLine"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_limit_changes: {
        parameters: {
            query?: {
                /** @description `next` or `previous` of an earlier answer */
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path: {
                line_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LimitChangePage"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    preview_limit: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["QuotaPreviewDraftRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QuotaPreview"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_quotas: {
        parameters: {
            query: {
                scope: "platform" | "project" | "user";
                /** @description Only this project or user, by id */
                scope_id?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QuotaTable"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_session: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sign_in: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignInRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignedIn"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sign_out: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No response body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_users: {
        parameters: {
            query?: {
                /** @description Only open, or only closed accounts */
                active?: boolean;
                /** @description `next` or `previous` of an earlier answer */
                cursor?: string;
                limit?: number;
                /** @description Part of a name or address */
                search?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserPage"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    create_user: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UserDraftRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewUser"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_user: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                username: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    change_user: {
        parameters: {
            query?: never;
            header: {
                /** @description The ETag that was read */
                "If-Match": string;
            };
            path: {
                username: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["PatchedUserChangeRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    activate_user: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                username: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deactivate_user: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                username: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_user_impact: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                username: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Impact"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    create_reset_link: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                username: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResetLink"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_workloads: {
        parameters: {
            query?: {
                /** @description `next` or `previous` of an earlier answer */
                cursor?: string;
                /** @description For example notebook */
                kind?: string;
                limit?: number;
                /** @description What has not ended, or what has */
                live?: boolean;
                /** @description Username */
                owner?: string;
                /** @description Id or slug */
                project?: string;
                status?: "failed" | "queued" | "refused" | "running" | "starting" | "stopped" | "stopping" | "succeeded";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkloadPage"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_workload: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                workload_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Workload"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_workload_events: {
        parameters: {
            query?: {
                /** @description `next` or `previous` of an earlier answer */
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path: {
                workload_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkloadEventPage"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    force_settle_workload: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                workload_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Workload"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    stop_workload: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                workload_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Workload"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}

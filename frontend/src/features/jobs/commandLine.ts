import { joinCommand, quoteWord } from "@/lib/shell";

interface Asked {
  readonly project: string;
  readonly profile: string;
  readonly environment: string | null;
  readonly image: string | null;
  readonly env: Readonly<Record<string, string>>;
  readonly name: string;
  readonly argv: readonly string[];
}

/** The line for a terminal that asks for the same. */
export function commandLine({ project, profile, environment, image, env, name, argv }: Asked): string {
  const option = (flag: string, value: string | null): string[] => (value ? [flag, quoteWord(value)] : []);
  return [
    "atelier", "run",
    ...option("--project", project), ...option("--profile", profile), ...option("--environment", image ? null : environment), ...option("--image", image),
    ...Object.entries(env).flatMap(([key, value]) => ["--env", quoteWord(`${key}=${value}`)]), ...option("--name", name),
    "--", joinCommand(argv),
  ].join(" ");
}

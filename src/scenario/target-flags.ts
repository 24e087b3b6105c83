import { UsageError } from '../errors.js';
import { type Issue, issuesOf } from './issues.js';
import type { Target } from './target.js';
import { type TargetFile, toTarget } from './target-schema.js';

/** What the command line says of a target; each part comes before that of the file. */
export interface TargetFlags {
  readonly url?: string | undefined;
  readonly command?: string | undefined;
  readonly ready?: string | undefined;
  readonly pid?: string | undefined;
  /** `observe` alone: a request takes a file. */
  readonly publish?: string | undefined;
  readonly stamp?: string | undefined;
  readonly clockOffset?: string | undefined;
  readonly mayLoadHost?: boolean | undefined;
  /** What flags are called of which a command has its own; absent: as `rtbench run` calls them. */
  readonly names?: Partial<Readonly<Record<'url' | 'command' | 'ready' | 'pid', string>>>;
}

const FLAGS: Readonly<Record<string, string>> = {
  url: '--target',
  command: '--server-command',
  ready: '--server-ready',
  pid: '--server-pid',
  publish: '--publish',
  stamp: '--stamp',
  clockOffset: '--clock-offset',
};

type Values = Readonly<Record<string, unknown>>;

/** A file's values with what flags say of the target put over them, and what is wrong with the flags. */
export function withTargetFlags(
  values: Values,
  flags: TargetFlags,
): { readonly values: Values; readonly problems: readonly string[] } {
  const { mayLoadHost: _, names = {}, ...parts } = flags;
  const given = Object.fromEntries(
    Object.entries(parts)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [key, key === 'pid' && /^\d+$/.test(String(value)) ? Number(value) : value]),
  );
  if (Object.keys(given).length === 0) return { values, problems: [] };
  const problems = issuesOf({ target: { url: 'http://localhost', ...given } }).map((issue) =>
    flagProblem(issue, { ...FLAGS, ...names }),
  );
  if (problems.length > 0) return { values, problems };
  const ofFile = values.target ?? {};
  if (typeof ofFile !== 'object' || Array.isArray(ofFile)) return { values, problems };
  const target = { ...ofFile, ...given };
  if (!('url' in target)) {
    const flag = { ...FLAGS, ...names }[Object.keys(given)[0] ?? ''];
    return {
      values,
      problems: [`${flag}: is about a server of yours: say where it is with --target http://localhost:5000`],
    };
  }
  return { values: { ...values, target }, problems };
}

/** `null`: the server that ships. @throws UsageError where a command that cannot use a target is given one. */
export function targetOf(file: TargetFile | undefined, flags: TargetFlags | undefined): Target | null {
  if (file === undefined) return null;
  if (flags === undefined) {
    throw new UsageError(
      '`target`: only `rtbench run` measures a server that is not its own, and `noise` and `check` with --base-command or --base-ref; use those, or leave it out',
    );
  }
  return toTarget(file, flags.mayLoadHost ?? false);
}

function flagProblem(issue: Issue, names: Readonly<Record<string, string>>): string {
  if (issue.kind === 'unknownKey') return issue.text;
  const flag = names[String(issue.path[1])] ?? '--target';
  const shown = typeof issue.value === 'symbol' ? 'it must be' : `\`${String(issue.value)}\` is not`;
  return `${flag}: ${shown} ${issue.accepted}`;
}

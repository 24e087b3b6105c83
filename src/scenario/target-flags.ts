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
  /** Values of `--header`, over those of the file of the same name. */
  readonly headers?: readonly string[] | undefined;
  readonly ca?: string | undefined;
  /** What a program says, key by key as a file does; flags come before it. */
  readonly parts?: Readonly<Record<string, unknown>> | undefined;
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
  headers: '--header',
  ca: '--ca',
};
const HEADER_ACCEPTED = `the name and the value of a header, such as 'Authorization: Bearer \${TOKEN}', in single quotes: the shell is to leave it`;

type Values = Readonly<Record<string, unknown>>;

/** What flags say, key by key as a file says it, and what is wrong with them. */
export function targetPartsOf(flags: TargetFlags): { readonly parts: Values; readonly problems: readonly string[] } {
  const { mayLoadHost: _, names = {}, headers = [], parts: ofProgram = {}, ...others } = flags;
  const flagNames = { ...FLAGS, ...names };
  const named = headers.map((text) => /^\s*([^\s:]+)\s*:\s*(.*?)\s*$/s.exec(text));
  // What has no name may be a credential: it is not repeated.
  if (named.includes(null)) return { parts: {}, problems: [`--header: must be ${HEADER_ACCEPTED}`] };
  const parts: Record<string, unknown> = Object.fromEntries(
    [...Object.entries(ofProgram), ...Object.entries(others)]
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [key, key === 'pid' && /^\d+$/.test(String(value)) ? Number(value) : value]),
  );
  if (named.length > 0) {
    parts.headers = Object.fromEntries(named.map((found) => [found?.[1]?.toLowerCase() ?? '', found?.[2] ?? '']));
  }
  const isKnownTwice = 'command' in parts && 'pid' in parts;
  const { pid: _pid, ...partsButPid } = parts;
  const looked = isKnownTwice ? partsButPid : parts;
  const problems = issuesOf({ target: { url: 'http://localhost', ...looked } }).map((issue) => {
    const [, key] = issue.path;
    return flagProblem(issue, String(key) in ofProgram ? { [String(key)]: issue.path.join('.') } : flagNames);
  });
  if (isKnownTwice) {
    problems.push(
      `${flagNames.pid}: is of a server that runs, and ${flagNames.command} starts one: leave out one of them`,
    );
  }
  return { parts, problems };
}

/** A file's values with what flags say of the target put over them, and what is wrong with the flags. */
export function withTargetFlags(
  values: Values,
  flags: TargetFlags,
): { readonly values: Values; readonly problems: readonly string[] } {
  const { names = {} } = flags;
  const { parts: given, problems } = targetPartsOf(flags);
  if (problems.length > 0 || Object.keys(given).length === 0) return { values, problems };
  const ofFile = values.target ?? {};
  if (typeof ofFile !== 'object' || Array.isArray(ofFile)) return { values, problems };
  const target: Record<string, unknown> = { ...ofFile, ...given };
  if ('headers' in given && 'headers' in ofFile) {
    target.headers = { ...lowerCased(ofFile.headers), ...lowerCased(given.headers) };
  }
  // Of the two ways to know the server's process, the flag's stands.
  if ('pid' in given) delete target.command;
  if ('command' in given) delete target.pid;
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

function lowerCased(headers: unknown): object {
  if (typeof headers !== 'object' || headers === null) return {};
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function flagProblem(issue: Issue, names: Readonly<Record<string, string>>): string {
  if (issue.kind === 'unknownKey') return issue.text;
  const flag = names[String(issue.path[1])] ?? '--target';
  const shown = typeof issue.value === 'symbol' ? 'it must be' : `\`${String(issue.value)}\` is not`;
  return `${flag}: ${shown} ${issue.accepted}`;
}

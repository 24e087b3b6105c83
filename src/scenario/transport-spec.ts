import { UsageError } from '../errors.js';
import type { SettingSpec, SettingSpecs, Settings } from '../transports/transport.js';
import { parseDurationMs, spellDurationMs } from '../units.js';
import { didYouMean } from './suggestion.js';

/** `name[:key=value,…]` taken apart; nothing in it has been looked up yet. */
export interface TransportSpec {
  /** A shipped transport's name, a path, a `file:` URL or a package. */
  readonly target: string;
  readonly settings: ReadonlyMap<string, string>;
}

/** The first `:` ends the target, save those of a `file:` URL and of a drive letter. */
const SPEC = /^\s*((?:file:(?:\/{1,3}[A-Za-z]:(?=\/))?|[A-Za-z]:(?=[\\/]))?[^:]*?)\s*(?::(.*))?$/s;

/** @throws UsageError naming every malformed part. */
export function parseTransportSpec(text: string): TransportSpec {
  const [, target = '', list] = SPEC.exec(text) ?? [];
  if (target === '') throw new UsageError(`\`${text}\` does not begin with a transport, such as sse or ./mine.js`);
  const settings = new Map<string, string>();
  const problems: string[] = [];
  for (const part of list?.split(',') ?? []) {
    const [, key, value] = /^\s*([^=\s]+)\s*=\s*(.+?)\s*$/s.exec(part) ?? [];
    if (key === undefined || value === undefined) {
      problems.push(`\`${text}\`: \`${part}\` is not key=value, as in websocket:deflate=true`);
    } else if (settings.has(key)) {
      problems.push(`\`${text}\`: \`${key}\` is given twice`);
    } else {
      settings.set(key, value);
    }
  }
  if (problems.length > 0) throw new UsageError(problems);
  return { target, settings };
}

/** The spec that parses to this; settings equal to their default are left out. */
export function formatTransportSpec(target: string, settings: Settings, specs: SettingSpecs): string {
  const changed = changedSettings(settings, specs);
  return changed.length === 0 ? target : `${target}:${changed.join(',')}`;
}

/** `key=value` of each setting that differs from its default, in the order in which the transport declares them. */
export function changedSettings(settings: Settings, specs: SettingSpecs): readonly string[] {
  return Object.entries(specs).flatMap(([key, spec]) => {
    const value = settings[key];
    if (value === undefined || value === spec.default) return [];
    const text = spec.kind === 'durationMs' && typeof value === 'number' ? spellDurationMs(value) : String(value);
    return [`${key}=${text}`];
  });
}

/**
 * Settings with every key: what was given, checked, over the defaults. `preferred` values are defaults that come before
 * a transport's own, where it has such a setting and accepts the value.
 *
 * @throws UsageError naming every unknown key and every value that is not accepted.
 */
export function resolveSettings(
  { target, settings }: TransportSpec,
  specs: SettingSpecs,
  preferred: Settings = {},
): Settings {
  const resolved: Record<string, number | boolean | string> = {};
  for (const [key, spec] of Object.entries(specs)) resolved[key] = defaultOf(key, spec, preferred);
  const problems: string[] = [];
  for (const [key, text] of settings) {
    const spec = Object.hasOwn(specs, key) ? specs[key] : undefined;
    if (!spec) {
      problems.push(unknownSetting(target, key, Object.keys(specs)));
      continue;
    }
    const value = parseSetting(text, spec);
    if (value === undefined) problems.push(`\`${target}\`: \`${key}\` must be ${accepted(spec)}, got \`${text}\``);
    else resolved[key] = value;
  }
  if (problems.length > 0) throw new UsageError(problems);
  return resolved;
}

function defaultOf(key: string, spec: SettingSpec, preferred: Settings): number | boolean | string {
  const value = preferred[key];
  return (value === undefined ? undefined : parseSetting(String(value), spec)) ?? spec.default;
}

function unknownSetting(target: string, key: string, known: readonly string[]): string {
  const list = known.length === 0 ? 'it has no settings' : `its settings: ${known.join(', ')}`;
  return `\`${target}\`: unknown setting \`${key}\`${didYouMean(key, known)}${list}`;
}

function parseSetting(text: string, spec: SettingSpec): number | boolean | string | undefined {
  switch (spec.kind) {
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : undefined;
    case 'choice':
      return spec.choices.find((choice) => choice === text);
    case 'integer':
      return inRange(/^-?\d+$/.test(text) ? Number(text) : undefined, spec);
    case 'durationMs':
      return inRange(parseDurationMs(/^\d+$/.test(text) ? `${text}ms` : text), spec);
  }
}

function inRange(value: number | undefined, { min, max }: { min: number; max: number }): number | undefined {
  return value !== undefined && value >= min && value <= max ? value : undefined;
}

function accepted(spec: SettingSpec): string {
  switch (spec.kind) {
    case 'boolean':
      return '`true` or `false`';
    case 'choice':
      return `one of ${spec.choices.map((choice) => `\`${choice}\``).join(', ')}`;
    case 'integer':
      return `a whole number from ${spec.min} to ${spec.max}`;
    case 'durationMs':
      return `a duration from ${spellDurationMs(spec.min)} to ${spellDurationMs(spec.max)}, such as ${spellDurationMs(spec.default)}`;
  }
}

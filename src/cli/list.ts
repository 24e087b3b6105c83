import { EXIT, UsageError } from '../errors.js';
import { listScenarios } from '../scenario/load.js';
import { builtInTransports, loadTransport } from '../transports/index.js';
import type { SettingSpec, TransportProfile } from '../transports/transport.js';
import { spellDurationMs } from '../units.js';

/** `rtbench list`. */
export async function list(what: string | undefined): Promise<number> {
  if (what !== undefined && what !== 'scenarios' && what !== 'transports') {
    throw new UsageError(`list: \`${what}\` is not a list; there are scenarios and transports`);
  }
  const parts: string[] = [];
  if (what !== 'transports') parts.push(scenarios());
  if (what !== 'scenarios') parts.push(await transports());
  console.log(parts.join('\n\n'));
  return EXIT.ok;
}

function scenarios(): string {
  const listings = listScenarios();
  const width = Math.max(...listings.map(({ name }) => name.length));
  const lines = listings.flatMap(({ name, title, question }) => [
    `  ${name.padEnd(width)} ${title}`,
    `${' '.repeat(width + 3)}${question}`,
  ]);
  return ['Scenarios (rtbench run <name>):', ...lines].join('\n');
}

async function transports(): Promise<string> {
  const lines: string[] = [];
  for (const { name, module } of builtInTransports) {
    const { profile, settings } = await loadTransport(module);
    lines.push(`  ${name.padEnd(14)} ${profile.title}: ${profile.summary}`);
    if (profile.auth) lines.push(`${' '.repeat(17)}--auth ${spelledAuth(profile.auth)}`);
    for (const [key, spec] of Object.entries(settings)) {
      lines.push(`${' '.repeat(17)}${describeSetting(key, spec)}`);
    }
  }
  return ['Transports (rtbench run -t <name>[:key=value,…]), with their settings and defaults:', ...lines].join('\n');
}

/** A setting with its default, meaning and range. */
export function describeSetting(key: string, spec: SettingSpec): string {
  return `${key}=${spelled(spec, spec.default)}: ${spec.meaning} (${range(spec)})`;
}

function spelledAuth({ ways, browser }: NonNullable<TransportProfile['auth']>): string {
  const left = ways.filter((way) => !browser.includes(way));
  const missing = left.length === 0 ? '' : `; not from a browser: ${left.join(', ')}`;
  return `${ways.join(', ')}${browser.length === 0 ? '; no browser reaches it' : missing}`;
}

function spelled(spec: SettingSpec, value: SettingSpec['default']): string {
  return spec.kind === 'durationMs' ? spellDurationMs(Number(value)) : String(value);
}

function range(spec: SettingSpec): string {
  if (spec.kind === 'boolean') return 'true or false';
  if (spec.kind === 'choice') return spec.choices.join(' or ');
  return `${spelled(spec, spec.min)} to ${spelled(spec, spec.max)}`;
}

import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { messageOf, UsageError } from '../errors.js';
import type { SettingSpecs, Settings, Transport } from '../transports/transport.js';
import { PRESET_SETTINGS, suits } from './presets.js';
import { scaledSettings, scaledSpecs } from './scale.js';
import type { Preset, Row } from './scenario.js';
import { didYouMean } from './suggestion.js';
import type { Target } from './target.js';
import { endpointOf, endpointSettings, isSpokenByOthers, namedByTarget, splitEndpoint } from './target-rows.js';
import { changedSettings, parseTransportSpec, resolveSettings } from './transport-spec.js';
import type { Sender } from './uplink.js';

/** A transport asked for, and where: `--transport`, or the file and line. */
export interface TransportRequest {
  readonly spec: string;
  readonly where: string;
}

/** `TransportRequest.where` of what was asked for on the command line. */
export const BY_FLAG = '--transport';

/** How a name becomes a transport. */
export interface TransportRegistry {
  /** Name → URL of the module, in the order in which the rows of a full table stand. */
  readonly builtIn: ReadonlyMap<string, string>;
  /** Rejects when the module cannot be loaded or its default export is no transport. */
  load(module: string): Promise<Transport>;
}

/** What a scenario has rows begin with where their own settings say nothing else. */
export interface RowWishes {
  /** What it changes are defaults of settings. */
  readonly preset: Preset | null;
  /** Messages carry ids, where that is a setting. */
  readonly resume: boolean;
  /** Between two heartbeats, where a transport can have them; `null`: as its settings are. */
  readonly heartbeatMs: number | null;
  /** Periods are given as in life, and so many times as short in the row (`scale.ts`). */
  readonly scale: number;
  /** A server that is not rtbench's own, which says where it takes what; `null`: the one that ships. */
  readonly target: Target | null;
}

/**
 * The table's rows in the order asked for; everything that ships where nothing was asked for. Paths and packages are
 * looked up from `folder`. What a row is called depends on who sends. A preset leaves out what does not suit it, unless a flag asked for that, which is a problem.
 *
 * @throws UsageError with every problem of every request.
 */
export async function resolveRows(
  requests: readonly TransportRequest[],
  sender: Sender,
  registry: TransportRegistry,
  folder: string = process.cwd(),
  wishes: Partial<RowWishes> = {},
): Promise<readonly Row[]> {
  const { preset = null, resume = false, heartbeatMs = null, scale = 1, target = null } = wishes;
  const asked = requests.length > 0 ? requests : allOf(registry, target);
  const rows: Row[] = [];
  const problems: string[] = [];
  for (const { spec, where } of asked) {
    try {
      const row = await resolveRow(spec, sender, registry, folder, { preset, resume, heartbeatMs, scale, target });
      if (requests.length === 0 && target !== null && !isSpokenByOthers(row.profile)) continue;
      if (suits(preset, row.profile)) rows.push(row);
      else if (where === BY_FLAG) problems.push(`${where}: ${unsuited(spec, row, preset)}`);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      problems.push(...error.problems.map((problem) => `${where}: ${problem}`));
    }
  }
  if (problems.length > 0) throw new UsageError(problems);
  return withDistinctLabels(rows);
}

function allOf({ builtIn }: TransportRegistry, target: Target | null): readonly TransportRequest[] {
  const named = target === null ? [] : namedByTarget(target);
  return named.length > 0
    ? named.map((spec) => ({ spec, where: 'target.endpoints' }))
    : [...builtIn.keys()].map((spec) => ({ spec, where: 'transports' }));
}

async function resolveRow(
  text: string,
  sender: Sender,
  registry: TransportRegistry,
  folder: string,
  { preset, resume, heartbeatMs, scale, target }: RowWishes,
): Promise<Row> {
  const asked = parseTransportSpec(text);
  const module = moduleOf(asked.target, registry.builtIn, folder);
  const transport = await loadFrom(module, asked.target, registry);
  const { spec, said } = splitEndpoint(asked, transport.profile, target);
  const preferred = {
    ...(preset === null ? {} : PRESET_SETTINGS[preset]),
    ...(resume ? transport.profile.resumeSettings : {}),
  };
  const still = resolveSettings(spec, transport.settings, preferred);
  const beat = heartbeatMs === null ? undefined : transport.heartbeat?.settingsAt(heartbeatMs, still);
  const asInLife = beat ? resolveSettings(spec, transport.settings, { ...preferred, ...beat }) : still;
  const settings = scaledSettings(spec.target, asInLife, transport.settings, scale);
  const problem = transport.problemWith?.(settings);
  if (problem !== undefined) throw new UsageError(`\`${text}\`: ${problem}`);
  const profile = { ...transport.profile, ...transport.profileWith?.(settings) };
  const title = (sender === 'clients' ? profile.titleWithUplink : undefined) ?? profile.title;
  const endpoint = target && endpointOf(target, profile, said);
  const ofEndpoint = target && endpoint ? endpointSettings(endpoint, target) : {};
  return {
    transport: profile.name,
    module,
    label: [
      title,
      ...Object.entries(ofEndpoint).map(([key, value]) => `${key}=${value}`),
      ...changedSettings(settings, untold(scaledSpecs(transport.settings, scale))),
    ].join(' '),
    settings: { ...settings, ...ofEndpoint },
    ...(endpoint && { endpoint }),
    profile,
    hasPage: transport.page !== undefined,
    ...waitsOf(transport, settings),
  };
}

/** What settings say of times. */
export function waitsOf(
  { worstWaitMs, heartbeat }: Pick<Transport, 'worstWaitMs' | 'heartbeat'>,
  settings: Settings,
): Pick<Row, 'worstWaitMs' | 'noticesMs'> {
  return {
    worstWaitMs: worstWaitMs(settings),
    noticesMs: heartbeat?.promise(settings).clientNoticesMs ?? null,
  };
}

/** The settings that a title does not tell. */
function untold(specs: SettingSpecs): SettingSpecs {
  return Object.fromEntries(Object.entries(specs).filter(([, spec]) => spec.kind !== 'choice' || !spec.inTitle));
}

function unsuited(spec: string, { profile }: Row, preset: Preset | null): string {
  return `\`${spec}\`: no browser reaches ${profile.title}, and preset ${preset} is what browsers get: leave out one of the two`;
}

function moduleOf(target: string, builtIn: ReadonlyMap<string, string>, folder: string): string {
  const shipped = builtIn.get(target);
  if (shipped !== undefined) return shipped;
  if (target.startsWith('file:')) return target;
  if (/^(\.{0,2}[\\/]|[A-Za-z]:[\\/])/.test(target)) {
    const path = resolve(folder, target);
    if (!existsSync(path)) throw new UsageError(`\`${target}\`: there is no file ${path}`);
    return pathToFileURL(path).href;
  }
  return moduleOfPackage(target, builtIn, folder);
}

function moduleOfPackage(target: string, builtIn: ReadonlyMap<string, string>, folder: string): string {
  try {
    return pathToFileURL(createRequire(resolve(folder, 'package.json')).resolve(target)).href;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_PACKAGE_PATH_NOT_EXPORTED') {
      throw new UsageError(`\`${target}\`: the package has no entry that can be found by name; give the file's path`);
    }
    const names = [...builtIn.keys()];
    throw new UsageError(
      `unknown transport \`${target}\`${didYouMean(target, names)}there are ${names.join(', ')}, or give your ` +
        'own as a path (./mine.js) or an installed package',
    );
  }
}

async function loadFrom(module: string, target: string, registry: TransportRegistry): Promise<Transport> {
  try {
    return await registry.load(module);
  } catch (error) {
    throw new UsageError(`\`${target}\`: cannot be loaded: ${messageOf(error)}`);
  }
}

function withDistinctLabels(rows: readonly Row[]): readonly Row[] {
  const seen = new Map<string, number>();
  return rows.map((row) => {
    const times = (seen.get(row.label) ?? 0) + 1;
    seen.set(row.label, times);
    return times === 1 ? row : { ...row, label: `${row.label} #${times}` };
  });
}

import { UsageError } from '../errors.js';
import { ENDPOINT_KEYS, type EndpointKey } from '../transports/endpoint.js';
import type { TransportProfile } from '../transports/transport.js';
import type { RowEndpoint } from './scenario.js';
import type { Target, TargetEndpoint } from './target.js';
import { targetEndpointSchema } from './target-schema.js';
import type { TransportSpec } from './transport-spec.js';

/** A spec without what it says of the endpoint, and that. */
export interface SplitSpec {
  readonly spec: TransportSpec;
  readonly said: TargetEndpoint;
}

const OF_EVERY: readonly EndpointKey[] = ['url'];

/**
 * Takes what is about a target's endpoint out of `name:key=value,…`; without a target everything is a setting.
 *
 * @throws UsageError with what is not accepted.
 */
export function splitEndpoint(spec: TransportSpec, profile: TransportProfile, target: Target | null): SplitSpec {
  if (target === null) return { spec, said: {} };
  const known = [...OF_EVERY, ...(profile.endpoint ?? [])];
  const own = [...spec.settings].filter(([key]) => known.some((name) => name === key));
  const settings = new Map([...spec.settings].filter(([key]) => !known.some((name) => name === key)));
  const { data, error } = targetEndpointSchema.safeParse(Object.fromEntries(own));
  if (error) {
    throw new UsageError(
      error.issues.map(({ path, message }) => `\`${spec.target}\`: \`${path.join('.')}\` must be ${message}`),
    );
  }
  return { spec: { ...spec, settings }, said: data as TargetEndpoint };
}

/**
 * Where and how a target takes a transport: what its scenario says, and over it what the row says.
 *
 * @throws UsageError where the transport cannot be told so.
 */
export function endpointOf(target: Target, profile: TransportProfile, said: TargetEndpoint): RowEndpoint {
  const all = { ...target.endpoints[profile.name], ...said };
  const known = [...OF_EVERY, ...(profile.endpoint ?? [])];
  const unknown = ENDPOINT_KEYS.filter((key) => all[key] !== undefined && !known.includes(key));
  if (unknown.length > 0) {
    throw new UsageError(
      `\`target.endpoints.${profile.name}\`: ${profile.title} has no \`${unknown.join('`, `')}\`; there is ${known.join(', ')}`,
    );
  }
  const { url = target.url, ...rest } = all;
  return { ...rest, url, ...(Object.keys(target.headers).length > 0 && { headers: target.headers }) };
}

/** What of it tells one row from another, as settings do. */
export function endpointSettings(
  { url, path, subprotocol, event }: RowEndpoint,
  target: Target,
): Readonly<Record<string, string>> {
  const parts = { url: url === target.url ? undefined : url, path, subprotocol, event };
  return Object.fromEntries(
    Object.entries(parts).flatMap(([key, value]): [string, string][] => (value === undefined ? [] : [[key, value]])),
  );
}

/** Transports that a target is measured with where none is named. */
export function namedByTarget({ endpoints }: Target): readonly string[] {
  return Object.keys(endpoints);
}

/** Whether a transport can be asked for something of a foreign server at all. */
export function isSpokenByOthers({ endpoint, inProcess, group }: TransportProfile): boolean {
  return !inProcess && group !== 'control' && endpoint !== undefined;
}

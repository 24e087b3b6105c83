import { formatDurationMs } from '../units.js';

/** What lies between clients and server, for each connection on its own. */
export interface NetworkConditions {
  /** Name of the profile it comes from; `null`: put together by hand. */
  readonly profile: NetworkProfileName | null;
  /** There and back, ms; half of it in each direction. */
  readonly rttMs: number;
  /** Added to each direction's delay: uniform from 0 up to this, ms. What was sent first still arrives first. */
  readonly jitterMs: number;
  /** Of one connection, bytes/s; `null`: as fast as it goes. */
  readonly bytesPerSecond: { readonly up: number | null; readonly down: number | null };
}

export type NetworkProfileName = keyof typeof NETWORK_PROFILES;

/** What may be asked for by name; `none`: not even what a scenario's file says. */
export type NetworkName = NetworkProfileName | 'none';

/** What a user asked for; a value of its own goes before that of the profile. */
export interface NetworkRequest {
  readonly network?: NetworkName | undefined;
  readonly rtt?: number | undefined;
  readonly jitter?: number | undefined;
  readonly bandwidth?: number | undefined;
}

export interface NetworkProfile {
  readonly title: string;
  readonly rttMs: number;
  readonly downMbps: number;
  readonly upMbps: number;
  readonly source: string;
}

const WEBPAGETEST = 'WebPageTest, www/settings/connectivity.ini.sample';
const OOKLA_2021 = 'Ookla, medians of Speedtest users in the USA, second quarter of 2021';

/** Distance and bandwidth as others published them. None states jitter, so none is added. */
export const NETWORK_PROFILES = {
  wifi: {
    title: 'Wi-Fi',
    rttMs: 2,
    downMbps: 30,
    upMbps: 15,
    source: 'Firefox DevTools, devtools/client/shared/components/throttling/profiles.js',
  },
  cable: { title: 'Cable', rttMs: 28, downMbps: 5, upMbps: 1, source: WEBPAGETEST },
  lte: { title: 'LTE', rttMs: 70, downMbps: 12, upMbps: 12, source: WEBPAGETEST },
  '4g': { title: '4G', rttMs: 170, downMbps: 9, upMbps: 9, source: WEBPAGETEST },
  '3g': { title: '3G', rttMs: 300, downMbps: 1.6, upMbps: 0.768, source: WEBPAGETEST },
  starlink: { title: 'Starlink', rttMs: 45, downMbps: 97.23, upMbps: 13.89, source: OOKLA_2021 },
  satellite: {
    title: 'Geostationary satellite',
    rttMs: 630,
    downMbps: 18.13,
    upMbps: 3.38,
    source: `${OOKLA_2021}: Viasat`,
  },
} as const satisfies Readonly<Record<string, NetworkProfile>>;

export const NETWORK_NAMES = [...(Object.keys(NETWORK_PROFILES) as NetworkProfileName[]), 'none'] as const;

/** No distance and no limit: what the relay itself costs. */
export const NO_DISTANCE: NetworkConditions = {
  profile: null,
  rttMs: 0,
  jitterMs: 0,
  bytesPerSecond: { up: null, down: null },
};

export function conditionsOf(profile: NetworkProfileName): NetworkConditions {
  const { rttMs, downMbps, upMbps } = NETWORK_PROFILES[profile];
  return {
    profile,
    rttMs,
    jitterMs: 0,
    bytesPerSecond: { up: bytesPerSecond(upMbps), down: bytesPerSecond(downMbps) },
  };
}

/** `null` where nothing was asked for: clients then connect to the server itself. */
export function networkOf({ network, rtt, jitter, bandwidth }: NetworkRequest): NetworkConditions | null {
  const isNamed = network !== undefined && network !== 'none';
  if (!isNamed && rtt === undefined && jitter === undefined && bandwidth === undefined) return null;
  const base = isNamed ? conditionsOf(network) : NO_DISTANCE;
  return {
    profile: base.profile,
    rttMs: rtt ?? base.rttMs,
    jitterMs: jitter ?? base.jitterMs,
    bytesPerSecond: bandwidth === undefined ? base.bytesPerSecond : { up: bandwidth, down: bandwidth },
  };
}

/** The conditions in words: `4G: 170 ms there and back, 9 Mbps down and 9 Mbps up a connection`. */
export function describeNetwork({ profile, rttMs, jitterMs, bytesPerSecond }: NetworkConditions): string {
  const name = profile === null ? '' : `${NETWORK_PROFILES[profile].title}: `;
  const jitter = jitterMs > 0 ? `, up to ${formatDurationMs(jitterMs)} more each way` : '';
  const { up, down } = bytesPerSecond;
  const limits = [
    ...(down === null ? [] : [`${spellMbps(down)} down`]),
    ...(up === null ? [] : [`${spellMbps(up)} up`]),
  ];
  const bandwidth = limits.length > 0 ? `, ${limits.join(' and ')} a connection` : '';
  return `${name}${formatDurationMs(rttMs)} there and back${jitter}${bandwidth}`;
}

function spellMbps(bytesPerSecond: number): string {
  return `${Number(((bytesPerSecond * 8) / 1_000_000).toPrecision(4))} Mbps`;
}

function bytesPerSecond(mbps: number): number {
  return Math.round((mbps * 1_000_000) / 8);
}

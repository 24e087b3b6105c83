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

/** Loopback as it is. */
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

function bytesPerSecond(mbps: number): number {
  return Math.round((mbps * 1_000_000) / 8);
}

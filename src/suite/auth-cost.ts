import { median } from 'simple-statistics';
import { channelName } from '../load/schedule.js';
import { randomStream } from '../random.js';
import type { AuthCost } from '../report/auth-schema.js';
import { signedRank } from '../report/signed-rank.js';
import { authWayOf, waysInBrowser } from '../scenario/auth.js';
import type { Row } from '../scenario/scenario.js';
import type { ReferenceServer } from '../server/reference-server.js';
import type { AuthWay, Credentials } from '../transports/credentials.js';
import type { Payload } from '../transports/transport.js';
import { Exchange } from './exchange.js';
import { connectTo, openServer } from './same-process.js';

const TOKEN_CHARACTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
/** As many as 32 random bytes make in base64url. */
const TOKEN_LENGTH = 43;
/** Enough for an interval of a few per cent of an opening, in a fraction of a second. */
const PAIRS = 40;
/** Code that has not run often yet takes longer than it will. */
const WARMUP_PAIRS = 6;
const OPENING_TIMEOUT_MS = 30_000;

/** What the clients of a row show; a function of the seed. `null`: nothing. */
export function credentialsOf(row: Pick<Row, 'profile'>, asked: AuthWay | null, seed: number): Credentials | null {
  const way = authWayOf(row, asked);
  if (way === null) return null;
  const draw = randomStream(seed, 'token');
  const characters = Array.from({ length: TOKEN_LENGTH }, () => TOKEN_CHARACTERS[Math.floor(draw() * 64)]);
  return { way, token: characters.join('') };
}

/** What a token adds to an opening of a row: bytes and time, alone in this process, in the clear, on loopback. */
export async function measureAuthCost(row: Row, payload: Payload, credentials: Credentials): Promise<AuthCost> {
  return {
    way: credentials.way,
    inBrowser: waysInBrowser(row),
    openingBytes: await measureBytes(row, payload, credentials),
    openingUs: await measureTime(row, credentials),
  };
}

/** Of two openings, with the token asked for and without. */
async function measureBytes(row: Row, payload: Payload, credentials: Credentials): Promise<AuthCost['openingBytes']> {
  const opening = async (shown: Credentials | null) => {
    const { module, settings, worstWaitMs } = row;
    const transport = { module, settings };
    const exchange = await Exchange.open({ transport, payload, worstWaitMs, credentials: shown });
    try {
      return { ...exchange.opening, isHttp2: exchange.isHttp2 };
    } finally {
      await exchange.close();
    }
  };
  const [shown, without] = [await opening(credentials), await opening(null)];
  return shown.isHttp2 ? null : { up: shown.up - without.up, down: shown.down - without.down };
}

/** Of pairs of openings in turns, so that what the machine does in between it does to both. */
async function measureTime(row: Row, credentials: Credentials): Promise<AuthCost['openingUs']> {
  const [locked, open] = await Promise.all([openServer(row, { credentials }), openServer(row)]);
  const openingUs = async ({ urls }: ReferenceServer, shown: Credentials | null) => {
    const startMs = performance.now();
    const connection = await connectTo(row, {
      urls: urls[0] ?? [],
      clientId: 0,
      channels: [channelName(0)],
      credentials: shown,
      signal: AbortSignal.timeout(OPENING_TIMEOUT_MS),
    });
    const tookUs = connection.openedInUs ?? (performance.now() - startMs) * 1_000;
    await connection.close();
    return tookUs;
  };
  try {
    const pairs: { shown: number; without: number }[] = [];
    for (let pair = -WARMUP_PAIRS; pair < PAIRS; pair++) {
      const isTokenFirst = pair % 2 === 0;
      const before = isTokenFirst ? 0 : await openingUs(open, null);
      const shown = await openingUs(locked, credentials);
      const without = isTokenFirst ? await openingUs(open, null) : before;
      if (pair >= 0) pairs.push({ shown, without });
    }
    const { estimate, interval } = signedRank(pairs.map(({ shown, without }) => shown - without));
    return {
      pairs: PAIRS,
      shown: median(pairs.map(({ shown }) => shown)),
      without: median(pairs.map(({ without }) => without)),
      more: estimate,
      low: interval?.low ?? estimate,
      high: interval?.high ?? estimate,
    };
  } finally {
    await Promise.all([locked.close(), open.close()]);
  }
}

import { randomStream } from '../random.js';
import type { AuthCost } from '../report/round-measurement.js';
import { authWayOf } from '../scenario/auth.js';
import type { Row } from '../scenario/scenario.js';
import type { AuthWay, Credentials } from '../transports/credentials.js';
import type { Payload } from '../transports/transport.js';
import { Exchange } from './exchange.js';

const TOKEN_CHARACTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
/** As many as 32 random bytes make in base64url. */
const TOKEN_LENGTH = 43;

/** What the clients of a row show; a function of the seed. `null`: nothing. */
export function credentialsOf(row: Pick<Row, 'profile'>, asked: AuthWay | null, seed: number): Credentials | null {
  const way = authWayOf(row, asked);
  if (way === null) return null;
  const draw = randomStream(seed, 'token');
  const characters = Array.from({ length: TOKEN_LENGTH }, () => TOKEN_CHARACTERS[Math.floor(draw() * 64)]);
  return { way, token: characters.join('') };
}

/** Opens a row's connection twice, with the token asked for and without, alone in this process and in the clear. */
export async function measureAuthCost(row: Row, payload: Payload, credentials: Credentials): Promise<AuthCost> {
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
  const { way } = credentials;
  if (shown.isHttp2) return { way, openingBytes: null };
  return { way, openingBytes: { up: shown.up - without.up, down: shown.down - without.down } };
}

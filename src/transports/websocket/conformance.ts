import type { Conformance } from '../conformance.js';
import { checks } from './conformance-checks.js';
import { refusalOf, WrongUpgrade } from './upgrade.js';
import { PATH, PLAIN } from './wire.js';

export const conformance: Conformance = {
  async whyAbsent(peer) {
    try {
      const status = await refusalOf(peer, { channel: peer.newChannel(), protocols: [PLAIN] });
      return status !== null && NO_UPGRADE.has(status)
        ? `GET ${PATH} with an upgrade was answered with ${status}`
        : null;
    } catch (error) {
      // It does upgrade, only not as it should.
      if (error instanceof WrongUpgrade) return null;
      throw error;
    }
  },
  checks,
  usualPaths: [PATH, '/websocket', '/socket', '/live', '/stream', '/api/ws', '/'],
  async find(peer, path) {
    // Servers that know no subprotocol leave an offer out, which a client may not accept.
    for (const protocols of [[PLAIN], []]) {
      try {
        if ((await refusalOf(peer, { path, protocols })) === null) {
          return protocols.length > 0 ? `101, subprotocol ${PLAIN}` : '101, without a subprotocol';
        }
      } catch (error) {
        if (!(error instanceof WrongUpgrade)) throw error;
      }
    }
    return null;
  },
};

/** Of a server that knows of no upgrade there. */
const NO_UPGRADE: ReadonlySet<number> = new Set([200, 404, 405, 426, 501]);

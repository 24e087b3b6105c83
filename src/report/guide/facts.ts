import type { Row } from '../../scenario/scenario.js';
import type { GuideFacts } from './schema.js';

/** What a row's profile says that the guide's table asks for. */
export function factsOf({ label, profile }: Pick<Row, 'label' | 'profile'>): GuideFacts {
  const { protocol, connection, uplink, framing, reconnect, browser, browserObstacle } = profile;
  return {
    label,
    protocol,
    connection,
    uplink,
    framing,
    reconnect,
    browser,
    browserObstacle: browserObstacle ?? null,
  };
}

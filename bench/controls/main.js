// @ts-check
import { channelName, channelOf } from '../../dist/load/schedule.js';
import { randomStream } from '../../dist/random.js';
import { loadTransport } from '../../dist/transports/index.js';
import { standIn } from '../stand-in.js';

/**
 * What a control's `connect` gets, for one client; meaning as in `ConnectOptions` of a transport.
 *
 * @typedef {Pick<import('../../dist/transports/transport.js').ConnectOptions, 'urls' | 'clientId' | 'channels' | 'settings' | 'phase'> & { onMessage: () => void }} ControlOptions
 */

/** Entry of a control process: as many clients as a load process has, on the bare library, with an empty handler. */
standIn(async ({ transport, urls, clients, workload, seed }) => {
  const { profile } = await loadTransport(transport.module);
  const { connect } = await import(`./${profile.name}.js`);
  const draw = randomStream(seed, 'client phases');
  const onMessage = () => {};
  await Promise.all(
    clients.map((clientId) => {
      const channels = [channelName(channelOf(clientId, workload))];
      return connect({ urls, clientId, channels, settings: transport.settings, phase: draw(), onMessage });
    }),
  );
});

// @ts-check
import { once } from 'node:events';
import { Client, credentials } from '@grpc/grpc-js';
import { chatMessage, METHODS, streamRequest } from '../../dist/transports/grpc/wire.js';

/**
 * `@grpc/grpc-js`: server streaming over a connection of each client's own, messages decoded by the library.
 *
 * @param {import('./main.js').ControlOptions} options
 */
export async function connect({ urls, clientId, channels, onMessage }) {
  const { host } = new URL(urls[clientId % urls.length] ?? '');
  const client = new Client(host, credentials.createInsecure(), {
    // Without a pool of its own a client would share the connection of another one.
    'grpc.use_local_subchannel_pool': 1,
  });
  const { encode } = streamRequest;
  const call = client.makeServerStreamRequest(METHODS.streamMessages, encode, chatMessage.decode, { channels });
  call.on('data', onMessage);
  await once(call, 'metadata');
}

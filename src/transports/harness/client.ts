import type { ClientHalf } from '../transport.js';

type Receive = (body: Uint8Array) => void;

/** Clients of one process that hand each other messages by a call: what is sent has arrived when `send` returns. */
export function openProcess(): ClientHalf {
  const audiences = new Map<string, Set<Receive>>();
  return {
    async connect({ channels, signal, onMessage }) {
      signal.throwIfAborted();
      const receive: Receive = (body) => onMessage(body, null);
      for (const channel of channels) {
        const audience = audiences.get(channel) ?? new Set();
        audiences.set(channel, audience.add(receive));
      }
      return {
        send(channel, body) {
          for (const receiveIt of audiences.get(channel) ?? []) receiveIt(body);
        },
        async close() {
          for (const channel of channels) audiences.get(channel)?.delete(receive);
        },
      };
    },
  };
}

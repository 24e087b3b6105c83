import assert from 'node:assert/strict';
import { codeOf } from '../drop-error.js';
import type { ContractTest } from './bench.js';
import { Client, settle, within } from './client.js';
import { noFarewell, noResume } from './skips.js';

/** What a server that drains owes its clients. */
export const drainTests: readonly ContractTest[] = [
  {
    title: 'a server that drains: what was published before arrives, then there is one drop, and nobody is cut',
    skip: noFarewell,
    async run(bench) {
      const clients = await Promise.all([
        Client.connect(bench),
        Client.connect(bench, { clientId: 1, publishes: false }),
      ]);
      const sent = Array.from({ length: 50 }, (_, i) => `${i}`);
      for (const text of sent) bench.publish('a', Buffer.from(text));
      const draining = bench.drain();
      for (const client of clients) await client.until('the drop', () => client.drops.length > 0);
      const { cut } = await within('the end of the drain', draining);
      assert.equal(cut, 0);
      for (const client of clients) {
        assert.deepEqual(client.texts, sent);
        await within('close after a drop', client.connection.close());
        assert.equal(client.drops.length, 1);
        assert.deepEqual(client.gaps, []);
        assert.notEqual(codeOf(client.drops[0] as Error), null, `no code says why: ${client.drops[0]?.message}`);
      }
    },
  },
  {
    title: 'a drain and a connect to the next server with the cursor: nothing is lost and nothing comes twice',
    skip: (transport) => noFarewell(transport) ?? noResume(transport),
    async run(bench) {
      const client = await Client.connect(bench);
      const sent: string[] = [];
      const publish = (text: string) => {
        sent.push(text);
        bench.publish('a', Buffer.from(text));
      };
      for (let i = 0; i < 20; i++) publish(`before ${i}`);
      const draining = bench.drain();
      for (let i = 0; client.drops.length === 0; i++) {
        publish(`meanwhile ${i}`);
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      await within('the end of the drain', draining);
      for (let i = 0; i < 20; i++) publish(`between ${i}`);
      await client.connection.close();
      const urls = await bench.successor();
      const next = await Client.connect(bench, { urls, since: client.ids.at(-1) ?? null });
      await settle(bench, next);
      assert.deepEqual([...client.texts, ...next.texts], [...sent, 'last']);
      await next.connection.close();
    },
  },
];

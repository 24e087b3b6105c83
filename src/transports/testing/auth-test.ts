import assert from 'node:assert/strict';
import type { AuthWay, Credentials } from '../credentials.js';
import type { ContractBench, ContractTest } from './bench.js';
import { Client, settle, untilReceived, within } from './client.js';

/** Only who shows the token is let in, whatever a stranger shows instead, and nothing is delivered to or taken from others. */
export function authTest(way: AuthWay): ContractTest {
  const credentials: Credentials = { way, token: 'the-token-of-this-test' };
  const strangers: readonly (Credentials | null)[] = [
    { way, token: 'the-token-of-that-test' },
    { way, token: '' },
    null,
  ];
  return {
    title: `authentication by ${way}: no token or a wrong one is refused, and nothing goes either way`,
    skip: ({ profile }) =>
      profile.auth?.ways.includes(way) ? undefined : `the transport does not authenticate by ${way} (profile.auth)`,
    options: { credentials },
    async run(bench) {
      bench.publish('a', Buffer.from('secret'));
      for (const shown of strangers) {
        await expectRefusal(bench, shown, null);
        await expectRefusal(bench, shown, 0);
      }
      assert.deepEqual(bench.received, []);
      const client = await Client.connect(bench);
      await settle(bench, client);
      assert.deepEqual(client.texts, ['last']);
      if (bench.transport.profile.uplink !== 'none') {
        client.connection.send('a', Buffer.from('up'));
        await untilReceived(bench, 1);
      }
      assert.deepEqual([client.drops, client.sendFailures], [[], []]);
      await client.connection.close();
    },
  };
}

/** Whose connect cannot know of the refusal yet is told by a drop: a poll that is held, a server that awaits a first message. */
async function expectRefusal(
  bench: ContractBench,
  credentials: Credentials | null,
  since: number | null,
): Promise<void> {
  const stranger = new Client();
  const half = await bench.transport.client();
  const connecting = half.connect({ ...stranger.optionsFor(bench), credentials, since });
  bench.publish('a', Buffer.from('secret'));
  const outcome = await within(
    'the refusal',
    connecting.catch((error: Error) => error),
  );
  let refusal: Error | undefined;
  if (outcome instanceof Error) {
    refusal = outcome;
    assert.equal(stranger.drops.length, 0);
  } else {
    const cannotKnow = since !== null || bench.credentials?.way === 'first-message';
    assert(cannotKnow, 'a stranger was let in');
    if (bench.transport.profile.uplink === 'same-connection') outcome.send('a', Buffer.from('up'));
    await stranger.until('the drop', () => stranger.drops.length > 0);
    await outcome.close();
    [refusal] = stranger.drops;
  }
  assert.match(refusal?.message ?? '', /401|UNAUTHENTICATED|no valid token/);
  assert(!refusal?.message.includes('token-of'), 'the error shows the token');
  assert.deepEqual([stranger.bodies, stranger.gaps], [[], []]);
}

import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { PageHall } from './page-hall.js';
import type { FromPage } from './page-messages.js';

it('loses nothing of what a page says before anybody listens', async () => {
  const hall = await PageHall.open();
  onTestFinished(() => hall.close());
  const { address, link } = hall.expect();
  const page = new WebSocket(address);
  await once(page, 'open');
  const ready: FromPage = { type: 'ready', isolated: true, resolutionUs: 5 };
  await new Promise<void>((resolve) => page.send(JSON.stringify(ready), () => resolve()));
  const arrived = await link;
  // Time in which it would come, and be lost.
  await delay(100);
  const heard = new Promise<FromPage>((resolve) => arrived.onMessage(resolve));
  expect(await heard).toEqual(ready);
});

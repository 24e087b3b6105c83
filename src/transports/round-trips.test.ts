import { describe, expect, it } from 'vitest';
import { builtInTransports, loadTransport } from './index.js';
import type { RoundTripCircumstances, RoundTripPrediction } from './round-trips.js';

async function predicted(
  name: string,
  { settings = {}, tls = false, auth = null }: Partial<RoundTripCircumstances> = {},
): Promise<RoundTripPrediction> {
  const module = builtInTransports.find((transport) => transport.name === name)?.module ?? '';
  const theory = await (await loadTransport(module)).theory?.();
  const prediction = theory?.roundTrips?.({ settings, tls, auth });
  if (!prediction) throw new Error(`${name} says nothing about round trips`);
  return prediction;
}

describe('round trips by the definition of each protocol', () => {
  it.each([
    ['tcp', { connect: 2, firstMessage: 2, secondMessage: 0.5, firstUplink: 0.5 }],
    ['websocket', { connect: 2, firstMessage: 2, secondMessage: 0.5, firstUplink: 0.5 }],
    ['sse', { connect: 2, firstMessage: 2, secondMessage: 0.5, firstUplink: 1.5 }],
    ['long-polling', { connect: 2, firstMessage: 3, secondMessage: 1.5, firstUplink: 1.5 }],
    ['short-polling', { connect: 2, firstMessage: 3, secondMessage: 0.5, firstUplink: 1.5 }],
    ['grpc', { connect: 3, firstMessage: 3, secondMessage: 0.5, firstUplink: 0.5 }],
  ])('%s', async (name, expected) => {
    expect(await predicted(name)).toEqual({ message: 0.5, uplink: 0.5, uplinkBack: 1, ...expected });
  });

  it('TLS 1.3 takes one more for each connection', async () => {
    expect(await predicted('sse', { tls: true })).toMatchObject({ connect: 3, firstMessage: 3, firstUplink: 2.5 });
    expect(await predicted('grpc', { tls: true })).toMatchObject({ connect: 4, firstUplink: 0.5 });
  });

  it('settings that change connections change round trips', async () => {
    expect(await predicted('sse', { settings: { http: '2' } })).toMatchObject({ connect: 2, firstUplink: 0.5 });
    const anew = { settings: { keepAlive: false } };
    expect(await predicted('short-polling', anew)).toMatchObject({ connect: 2, firstMessage: 4 });
    expect(await predicted('grpc', { settings: { mode: 'unary' } })).toMatchObject({ connect: 3, firstMessage: 4 });
  });

  it('a token in a first message is answered before messages come', async () => {
    expect(await predicted('websocket', { auth: 'first-message' })).toMatchObject({ connect: 3, firstMessage: 3 });
    expect(await predicted('websocket', { auth: 'bearer' })).toMatchObject({ connect: 2 });
  });
});

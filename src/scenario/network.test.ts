import { expect, test } from 'vitest';
import { conditionsOf, describeNetwork, NETWORK_PROFILES, networkOf } from './network.js';

test('nothing asked for, or none: no network', () => {
  expect(networkOf({})).toBeNull();
  expect(networkOf({ network: 'none' })).toBeNull();
});

test('a profile, and values that go before its own', () => {
  expect(networkOf({ network: '4g' })).toEqual({
    profile: '4g',
    rttMs: 170,
    jitterMs: 0,
    bytesPerSecond: { up: 1_125_000, down: 1_125_000 },
  });
  expect(networkOf({ network: '4g', rtt: 50, bandwidth: 1_000 })).toEqual({
    profile: '4g',
    rttMs: 50,
    jitterMs: 0,
    bytesPerSecond: { up: 1_000, down: 1_000 },
  });
  expect(networkOf({ network: 'none', rtt: 0 })).toEqual({
    profile: null,
    rttMs: 0,
    jitterMs: 0,
    bytesPerSecond: { up: null, down: null },
  });
});

test('in words', () => {
  expect(describeNetwork(conditionsOf('3g'))).toBe(
    '3G: 300 ms there and back, 1.6 Mbps down and 0.768 Mbps up a connection',
  );
  expect(
    describeNetwork({ ...conditionsOf('wifi'), profile: null, jitterMs: 5, bytesPerSecond: { up: null, down: null } }),
  ).toBe('2 ms there and back, up to 5 ms more each way');
});

test('every profile says where its numbers are from', () => {
  for (const { source, rttMs, downMbps, upMbps } of Object.values(NETWORK_PROFILES)) {
    expect(source.length).toBeGreaterThan(10);
    for (const number of [rttMs, downMbps, upMbps]) expect(number).toBeGreaterThan(0);
  }
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatBytes,
  formatCount,
  formatDurationMs,
  formatUs,
  parseBytesPerSecond,
  parseDurationMs,
  parseRatePerSecond,
  parseSizeBytes,
  significant,
  spellDurationMs,
} from './units.js';

describe('parsing', () => {
  it.each([
    ['250ms', 250],
    ['250 ms', 250],
    [' 5s ', 5_000],
    ['2.3s', 2_300],
    ['1.001s', 1_001],
    ['2m', 120_000],
    ['1h', 3_600_000],
    ['500us', 0.5],
    ['0s', 0],
    ['500', undefined],
    ['-5s', undefined],
    ['5 sec', undefined],
    ['5S', undefined],
    ['.5s', undefined],
    ['1e3ms', undefined],
    ['', undefined],
    ['ms', undefined],
    ['5constructor', undefined],
    [`${'9'.repeat(400)}s`, undefined],
  ])('reads the duration %j as %j ms', (text, ms) => {
    expect(parseDurationMs(text)).toBe(ms);
  });

  it.each([
    ['200', 200],
    ['200B', 200],
    ['1KiB', 1_024],
    ['1kB', 1_000],
    ['1.001kB', 1_001],
    ['1.5KiB', 1_536],
    ['1MiB', 1_048_576],
    ['1MB', 1_000_000],
    ['0.5B', undefined],
    ['1KB', undefined],
    ['1mb', undefined],
    ['big', undefined],
  ])('reads the size %j as %j bytes', (text, bytes) => {
    expect(parseSizeBytes(text)).toBe(bytes);
  });

  it.each([
    ['768kbps', 96_000],
    ['9Mbps', 1_125_000],
    ['1.6 Mbps', 200_000],
    ['9', undefined],
    ['9MBps', undefined],
  ])('reads the bandwidth %j as %j bytes/s', (text, bytesPerSecond) => {
    expect(parseBytesPerSecond(text)).toBe(bytesPerSecond);
  });

  it.each([
    ['20', 20],
    ['20/s', 20],
    ['20 /s', 20],
    ['0.5/s', 0.5],
    ['6/min', 0.1],
    ['6/m', 0.1],
    ['3600/h', 1],
    ['20/ms', undefined],
    ['fast', undefined],
    ['20/', undefined],
  ])('reads the rate %j as %j a second', (text, perSecond) => {
    expect(parseRatePerSecond(text)).toBe(perSecond);
  });
});

describe('formatting', () => {
  it.each([
    [0, '0'],
    [0.00123, '0.00123'],
    [0.05, '0.0500'],
    [0.9996, '1.00'],
    [1, '1.00'],
    [1.005, '1.00'],
    [9.994, '9.99'],
    [9.996, '10.0'],
    [87, '87.0'],
    [99.96, '100'],
    [100, '100'],
    [999.6, '1000'],
    [1_000, '1000'],
    [1_234, '1234'],
    [1_234_567, '1234567'],
    [-1.5, '-1.50'],
  ])('writes %j with three significant digits as %j', (value, text) => {
    expect(significant(value)).toBe(text);
  });

  it.each([
    [0, '0 µs'],
    [1, '1 µs'],
    [87, '87 µs'],
    [8.4, '8.40 µs'],
    [999, '999 µs'],
    [999.7, '1.00 ms'],
    [1_000, '1.00 ms'],
    [1_254, '1.25 ms'],
    [100_000, '100 ms'],
    [999_499, '999 ms'],
    [999_500, '1.00 s'],
    [4_500_000, '4.50 s'],
    [60_000_000, '60.0 s'],
  ])('writes %j µs as %j', (us, text) => {
    expect(formatUs(us)).toBe(text);
  });

  it.each([
    [0, '0 ms'],
    [0.5, '0.5 ms'],
    [250, '250 ms'],
    [999.6, '1 s'],
    [1_000, '1 s'],
    [2_500, '2.5 s'],
    [10_000, '10 s'],
    [59_949, '59.9 s'],
    [59_960, '1 min'],
    [60_000, '1 min'],
    [90_000, '1 min 30 s'],
    [600_000, '10 min'],
    [3_600_000, '60 min'],
  ])('writes %j ms as %j', (ms, text) => {
    expect(formatDurationMs(ms)).toBe(text);
  });

  it.each([
    [0, '0 B'],
    [2.35, '2.35 B'],
    [45.67, '45.7 B'],
    [200, '200 B'],
    [1_023, '1023 B'],
    [1_023.7, '1.00 KiB'],
    [1_024, '1.00 KiB'],
    [1_536, '1.50 KiB'],
    [102_400, '100 KiB'],
    [1_048_575, '1.00 MiB'],
    [3_407_872, '3.25 MiB'],
    [1_073_741_824, '1.00 GiB'],
  ])('writes %j bytes as %j', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  it('groups counts in threes', () => {
    expect(formatCount(999)).toBe('999');
    expect(formatCount(12_000)).toBe('12,000');
    expect(formatCount(1_234_567.6)).toBe('1,234,568');
  });

  it('never writes an exponent and never loses more than the fourth digit', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1e12, noNaN: true }), (value) => {
        const text = significant(value);
        expect(text).toMatch(/^\d+(\.\d+)?$/);
        expect(Math.abs(Number(text) - value)).toBeLessThanOrEqual(value * 0.005_001);
        expect(text.replace('.', '').replace(/^0+/, '').length).toBeGreaterThanOrEqual(3);
      }),
    );
  });

  it('spells durations so that they read back the same', () => {
    expect(spellDurationMs(500)).toBe('500ms');
    expect(spellDurationMs(5_000)).toBe('5s');
    expect(spellDurationMs(0)).toBe('0ms');
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 86_400_000 }), (ms) => {
        expect(parseDurationMs(spellDurationMs(ms))).toBe(ms);
      }),
    );
  });
});

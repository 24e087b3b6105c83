// @ts-check
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { burningCopy, copyOf, stallingCopy } from './libraries.js';

const require = createRequire(import.meta.url);

function newFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'rtbench-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

/**
 * What a copy's sender does with so many broadcasts, each of which five clients get.
 *
 * @param {string} copy
 * @param {number} broadcasts
 */
function broadcast(copy, broadcasts) {
  const Sender = require(join(copy, 'lib/sender.js'));
  const written = /** @type {string[]} */ ([]);
  const socket = { cork() {}, uncork() {}, write: (/** @type {Buffer} */ part) => written.push(part.toString()) };
  const sender = new Sender(socket, {});
  for (let number = 1; number <= broadcasts; number++) {
    const body = Buffer.from(`body ${number}`);
    for (let client = 0; client < 5; client++) sender.sendFrame([Buffer.from('head'), body]);
    sender.sendFrame([Buffer.from('a ping')]);
  }
  return written;
}

afterEach(() => vi.restoreAllMocks());

describe('a copy of ws', () => {
  it('is what is installed', () => {
    const installed = require.resolve('ws/package.json').replace(/package\.json$/, 'lib');
    const copy = copyOf(newFolder());
    for (const file of readdirSync(installed)) {
      expect(readFileSync(join(copy, 'lib', file), 'utf8')).toBe(readFileSync(join(installed, file), 'utf8'));
    }
  });

  it('that stalls sleeps before every so many broadcasts, and writes the same', () => {
    const wait = vi.spyOn(Atomics, 'wait').mockReturnValue('timed-out');
    const written = broadcast(stallingCopy(newFolder(), { us: 1_500, everyBroadcasts: 20 }), 59);
    expect(wait).toHaveBeenCalledTimes(2);
    expect(wait.mock.calls[0]?.[3]).toBe(1.5);
    expect(written).toEqual(broadcast(copyOf(newFolder()), 59));
  });

  it('that burns uses its share of CPU on top, and writes the same', () => {
    // 1 ms more each time it is asked for.
    let lookedMs = 0;
    const cpuUsage = vi.spyOn(process, 'cpuUsage').mockImplementation(() => ({ user: 1_000 * lookedMs++, system: 0 }));
    const written = broadcast(burningCopy(newFolder(), 4), 11);
    // At the first frame, then at the 64th: one look, and four times the 1 ms that was used until then.
    expect(cpuUsage).toHaveBeenCalledTimes(1 + 1 + 4);
    expect(written).toEqual(broadcast(copyOf(newFolder()), 11));
  });
});

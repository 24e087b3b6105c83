// @ts-check
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { settingsOf } from './kinds.js';
import { appendProof, readProofs } from './proofs.js';
import { proofOf } from './testing.js';

const kind = /** @type {const} */ ({ title: 'the same', tier: 'timing', expected: 'no regression', gates: 60 });

function newFile() {
  const folder = mkdtempSync(join(tmpdir(), 'rtbench-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, 'gate', 'same.jsonl');
}

const NOTHING = { flags: [], settings: {} };

it('gates are read back, those of another design apart', () => {
  const file = newFile();
  const pinned = { flags: ['--pin'], settings: {} };
  const slower = { flags: ['--pin'], settings: settingsOf({ ...kind, slower: { p99: 0.1, everyBroadcasts: 20 } }) };
  expect(readProofs(file, pinned)).toEqual([]);
  const [first, second, third] = [proofOf(pinned), proofOf(NOTHING), proofOf(slower)];
  for (const proof of [first, second, third]) appendProof(file, proof);
  expect(readProofs(file, pinned)).toEqual([first]);
  expect(readProofs(file, NOTHING)).toEqual([second]);
  expect(readProofs(file, slower)).toEqual([third]);
  const less = settingsOf({ ...kind, slower: { p99: 0.05, everyBroadcasts: 20 } });
  expect(readProofs(file, { ...slower, settings: less })).toEqual([]);
});

it('a gate from before there were settings has none', () => {
  const file = newFile();
  const { settings: _, ...before } = proofOf(NOTHING);
  appendProof(file, before);
  expect(readProofs(file, { flags: [], settings: settingsOf(kind) })).toEqual([before]);
});

it('a line that was not finished is no gate, and the next one takes its place', () => {
  const file = newFile();
  const [first, second] = [proofOf({ number: 1, flags: [] }), proofOf({ number: 2, flags: [] })];
  appendProof(file, first);
  appendFileSync(file, '{"number":2,"title":"5 µ');
  expect(readProofs(file, NOTHING)).toEqual([first]);
  appendProof(file, second);
  expect(readProofs(file, NOTHING)).toEqual([first, second]);
  expect(readFileSync(file, 'utf8')).toBe(`${JSON.stringify(first)}\n${JSON.stringify(second)}\n`);
});

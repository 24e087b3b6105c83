// @ts-check
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { appendProof, readProofs } from './proofs.js';
import { proofOf } from './testing.js';

function newFile() {
  const folder = mkdtempSync(join(tmpdir(), 'rtbench-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, 'gate', 'same.jsonl');
}

it('gates are read back, those of other flags apart', () => {
  const file = newFile();
  expect(readProofs(file, ['--pin'])).toEqual([]);
  const [first, second] = [proofOf({ number: 1, flags: ['--pin'] }), proofOf({ number: 1, flags: [] })];
  appendProof(file, first);
  appendProof(file, second);
  expect(readProofs(file, ['--pin'])).toEqual([first]);
  expect(readProofs(file, [])).toEqual([second]);
});

it('a line that was not finished is no gate, and the next one takes its place', () => {
  const file = newFile();
  const [first, second] = [proofOf({ number: 1, flags: [] }), proofOf({ number: 2, flags: [] })];
  appendProof(file, first);
  appendFileSync(file, '{"number":2,"title":"5 µ');
  expect(readProofs(file, [])).toEqual([first]);
  appendProof(file, second);
  expect(readProofs(file, [])).toEqual([first, second]);
  expect(readFileSync(file, 'utf8')).toBe(`${JSON.stringify(first)}\n${JSON.stringify(second)}\n`);
});

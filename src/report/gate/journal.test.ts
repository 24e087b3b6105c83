import { expect, it } from 'vitest';
import { EXAMPLE_ROWS, exampleRun } from '../../testing/example-report.js';
import type { CompletedRun } from '../schema.js';
import { GATE_FIGURES, type GateFigure } from './figures.js';
import { GateJournal } from './journal.js';
import type { MeasuredPair } from './pairs.js';

const [cpu] = GATE_FIGURES as [GateFigure];
const example = exampleRun(EXAMPLE_ROWS.webSocket, 0);

const runWith = (cpuUsPerMessage: number | null, changes: Partial<CompletedRun> = {}): CompletedRun => ({
  ...example,
  verdict: 'valid',
  fault: 'none',
  reasons: [],
  ...changes,
  server: { ...example.server, cpuUsPerMessage },
});

const pair = (base: CompletedRun, head: CompletedRun): MeasuredPair => ({ round: 0, first: 'base', base, head });
const journalOf = (pairs: number) => new GateJournal({ figures: [cpu], alpha: 0.05, pairs, knownSpreadOf: () => null });

it('stops at the first look that knows, and says why', () => {
  const journal = journalOf(20);
  const looks = [];
  while (!journal.isOver) looks.push(journal.add(pair(runWith(10), runWith(12 + 0.01 * journal.used))));
  expect(looks.flatMap((look) => look ?? []).map(({ pairs }) => pairs)).toEqual([7]);
  expect(journal).toMatchObject({ verdict: 'regression', used: 7, reason: 'more in server CPU per delivery' });
});

it('does not use a pair that is invalid on either side, and keeps why', () => {
  const journal = journalOf(20);
  const invalid = runWith(10, { verdict: 'invalid', fault: 'instrument', reasons: ['the publisher was late'] });
  journal.add(pair(runWith(10), invalid));
  journal.add(pair(runWith(10), runWith(10)));
  expect(journal.used).toBe(1);
  expect(journal.pairs.map(({ discarded }) => discarded)).toEqual(['head is invalid: the publisher was late', null]);
});

it('that ends before its time looks once more with what alpha is left, where that can tell anything', () => {
  const [short, long] = [journalOf(20), journalOf(20)];
  for (let index = 0; index < 4; index++) short.add(pair(runWith(10), runWith(12 + index)));
  short.end();
  expect(short.looks).toEqual([]);
  expect(short.reason).toBe('4 pairs can tell nothing: it takes 5 for one figure at 5 %');
  for (let index = 0; index < 6; index++) long.add(pair(runWith(10), runWith(12 + index)));
  expect(long.verdict).toBe('inconclusive');
  long.end();
  expect(long.looks).toEqual([{ pairs: 6, alpha: 0.05 }]);
  expect(long.verdict).toBe('regression');
});

it('is a regression where head alone breaks its promise of delivery twice', () => {
  const journal = journalOf(20);
  const broken = runWith(10, { verdict: 'invalid', fault: 'delivery', reasons: ['3 lost'] });
  journal.add(pair(broken, broken));
  journal.add(pair(runWith(10), broken));
  expect(journal.isOver).toBe(false);
  journal.add(pair(runWith(10), broken));
  expect(journal).toMatchObject({ isOver: true, verdict: 'regression' });
  expect(journal.reason).toMatch(/^head lost, repeated or reordered messages in 2 pairs/);
});

it('never passes a figure that was not measured', () => {
  const journal = journalOf(8);
  while (!journal.isOver) journal.add(pair(runWith(null), runWith(null)));
  expect(journal.verdict).toBe('inconclusive');
  expect(journal.judged[0]?.reason).toBe('it was not measured: leave it out with --figures');
});

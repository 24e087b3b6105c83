import { expect, it } from 'vitest';
import { GATE_FIGURES } from '../report/gate/figures.js';
import { knownFigures, type SideServer } from './gate-figures.js';

const COMMAND = { kind: 'command', command: 'node server.js', ready: null, timeoutMs: 1 } as const;
const started: SideServer = { title: 'base', server: COMMAND };
const foreign: SideServer = { title: 'head', server: { kind: 'pid', pid: 7 } };
const unseen: SideServer = { title: 'head', server: null };
const usual = GATE_FIGURES.filter(({ byDefault }) => byDefault);

const tells = () => 1;
const tellsNothing = () => null;
const tellsButOf7 = (pid: number) => (pid === 7 ? null : 1);

it.each<[string, SideServer, () => number | null, RegExp]>([
  ['whose process nobody named', unseen, tells, /cpu of head takes --head-pid$/],
  [
    'of somebody else',
    foreign,
    tellsButOf7 as () => null,
    /cpu of head cannot be read: process 7 is not there, belongs to/,
  ],
  ['where the system does not tell', started, tellsNothing, /cpu of a server cannot be read: that takes Linux/],
])('the CPU of a server %s is left out, and refused where it is asked for', (_, side, cpu, reason) => {
  const readers = { cpu, memory: tells };
  const { figures, note } = knownFigures(usual, false, [started, side], readers);
  expect(figures.map(({ name }) => name)).toEqual(['p50']);
  expect(note).toMatch(reason);
  expect(() => knownFigures(usual, true, [started, side], readers)).toThrow(reason);
});

it('keeps what can be had', () => {
  expect(knownFigures(usual, true, [started, foreign], { cpu: tells })).toEqual({ figures: usual, note: null });
  const latencies = usual.filter(({ name }) => name !== 'cpu');
  expect(knownFigures(latencies, true, [unseen, unseen])).toEqual({ figures: latencies, note: null });
});

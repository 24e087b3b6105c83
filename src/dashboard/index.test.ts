import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { EXAMPLE_ROWS, exampleRun } from '../testing/example-report.js';
import { EventScript, examplePlan } from '../testing/suite-events.js';
import { chooseMode, type ModeFacts, openDashboard } from './index.js';

const terminal: ModeFacts = { isTTY: true, env: { TERM: 'xterm-256color' }, noUi: false, quiet: false };

describe('chooseMode', () => {
  it.each<[string, Partial<ModeFacts>, string]>([
    ['a terminal', {}, 'live'],
    ['a terminal without colours', { env: { NO_COLOR: '1' } }, 'live'],
    ['a pipe', { isTTY: false }, 'plain'],
    ['--no-ui', { noUi: true }, 'plain'],
    ['CI=true', { env: { CI: 'true' } }, 'plain'],
    ['an empty CI', { env: { CI: '' } }, 'plain'],
    ['CI=false', { env: { CI: 'false' } }, 'live'],
    ['a terminal that cannot move its cursor', { env: { TERM: 'dumb' } }, 'plain'],
    ['--quiet', { quiet: true }, 'quiet'],
    ['--quiet in a pipe', { quiet: true, isTTY: false, noUi: true }, 'quiet'],
  ])('%s', (_, facts, mode) => {
    expect(chooseMode({ ...terminal, ...facts })).toBe(mode);
  });
});

describe('openDashboard', () => {
  const script = new EventScript(examplePlan(['sse'], 1)).run(0, 4_000, exampleRun(EXAMPLE_ROWS.sse, 0)).finish();

  it.each([
    ['quiet', 0],
    ['plain', 2],
  ] as const)('%s writes %d lines', async (mode, lines) => {
    const stream = Object.assign(new PassThrough({ encoding: 'utf8' }), { columns: 80, rows: 24 });
    const dashboard = await openDashboard({ mode, stream: stream as unknown as NodeJS.WriteStream, env: {} });
    for (const event of script.events) dashboard.onEvent(event);
    await dashboard.close();
    expect((stream.read() ?? '').split('\n').length - 1).toBe(lines);
  });
});

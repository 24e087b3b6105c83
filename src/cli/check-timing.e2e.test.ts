import { cp, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseGateReport } from '../report/gate/file.js';
import { parseNoiseReport } from '../report/gate/noise.js';
import type { GateReport } from '../report/gate/schema.js';
import { rtbench, withFolder } from '../testing/cli.js';

const installed = dirname(createRequire(import.meta.url).resolve('ws/package.json'));
/** As small as a gate can be. */
const LOAD = ['-t', 'websocket', '--clients', '5', '--rate', '50/s', '--duration', '500ms', '--warmup', '100ms'];
/** On a machine too busy for five pairs in that time there are fewer. */
const BUDGET = ['--budget', '45s'];
const PAIRS = [...LOAD, '--figures', 'cpu', '--pairs', '5', '--threshold', '15%', ...BUDGET];
const TIMEOUT_MS = 240_000;

/**
 * A copy of ws that burns half a millisecond of CPU before every frame. All five pairs have to agree, and in windows as
 * short as these one of them is now and then wrong about a tenth of that.
 */
async function slowCopy(folder: string): Promise<string> {
  const copy = join(folder, 'slow-ws');
  await cp(installed, copy, { recursive: true });
  const file = join(copy, 'lib/sender.js');
  const text = await readFile(file, 'utf8');
  const head = '  sendFrame(list, cb) {\n';
  expect(text).toContain(head);
  const burn = 'const untilNs = process.hrtime.bigint() + 500_000n;\n while (process.hrtime.bigint() < untilNs);\n';
  await writeFile(file, text.replace(head, head + burn));
  return copy;
}

async function gate(
  head: string,
  folder: string,
): Promise<{ report: GateReport; code: number | null; stdout: string }> {
  const out = join(folder, 'out');
  const { code, stdout, stderr } = await rtbench(['check', ...PAIRS, '--head-with', `ws=${head}`, '--out', out]);
  const file = join(out, 'gate.json');
  const report = parseGateReport(await readFile(file, 'utf8').catch(() => stderr), file);
  if (report === undefined) throw new Error(stderr);
  return { report, code, stdout };
}

/** Of every pair: on a busy machine some are not used, and yet show what the server did. */
const ratios = ({ pairs }: GateReport) => pairs.map(({ base, head }) => (head.cpu ?? 0) / (base.cpu ?? 1));

describe('check, timing', () => {
  test(
    'a library whose sender burns half a millisecond a frame is found, and named',
    () =>
      withFolder(async (folder) => {
        const copy = await slowCopy(folder);
        const { report, code, stdout } = await gate(copy, folder);
        expect(report.head.packages.ws).toContain(copy);
        expect(ratios(report).toSorted((a, b) => a - b)[Math.floor(report.pairs.length / 2)]).toBeGreaterThan(1.15);
        // Whether the machine is quiet enough for five pairs is its own affair.
        if (report.used < 5) return expect(report.verdict).toBe('inconclusive');
        expect(report).toMatchObject({ verdict: 'regression', reason: 'more in server CPU per delivery' });
        expect(code).toBe(1);
        expect(stdout).toMatch(/regression: more in server CPU per delivery/);
      }),
    TIMEOUT_MS,
  );

  test(
    'the same library from another folder is no regression',
    () =>
      withFolder(async (folder) => {
        const copy = join(folder, 'ws');
        await cp(installed, copy, { recursive: true });
        const { report, code } = await gate(copy, folder);
        expect(report.verdict).not.toBe('regression');
        expect(code).toBe(0);
      }),
    TIMEOUT_MS,
  );

  test('what cannot be told is refused with what would do', async () => {
    const refused = async (...flags: string[]) => (await rtbench(['check', ...flags])).stderr;
    expect(await refused(...LOAD, '--head-with', 'ws=.', '--figures', 'cpu,p50', '--pairs', '5')).toMatch(
      /--pairs: 5 pairs can show no regression: .* with 2 figures at 5 % it takes 6, about/,
    );
    expect(await refused(...LOAD, '--head-with', 'ws=.', '--figures', 'p99')).toMatch(
      /p99 takes 299 publishes in a window, and there are 25/,
    );
    const broken = await rtbench(['check', ...PAIRS, '--head-with', 'ws=.']);
    expect(broken.stderr).toMatch(/rtbench: head failed: server: The requested module 'ws' does not provide an export/);
    expect(broken.stderr).not.toMatch(/\n {4}at /);
    expect(broken.code).toBe(3);
    expect(await refused('--strict', '--pairs', '9')).toMatch(
      /^rtbench: --strict, --pairs: for times, which take a head/,
    );
    expect(await refused('--head-with', 'ws=.')).toMatch(/--transport: name the one technique/);
    expect(await refused('-t', 'sse', '--head-with', `ws=${installed}`)).toMatch(/server half does not import ws/);
  });
});

test(
  'noise says what a gate can see, and a gate of another load refuses it',
  () =>
    withFolder(async (folder) => {
      const file = join(folder, 'noise.json');
      const flags = [
        'noise',
        ...LOAD,
        '--figures',
        'cpu',
        '--pairs',
        '6',
        ...BUDGET,
        '--json',
        file,
        '--out',
        join(folder, 'out'),
      ];
      const { stdout, stderr } = await rtbench(flags);
      const report = parseNoiseReport(await readFile(file, 'utf8'), file);
      expect(
        report?.figures.map(({ name }) => name),
        stderr,
      ).toEqual(['cpu']);
      expect(stdout).toMatch(/The smallest change that a gate can see here, by its time/);
      const check = ['check', ...PAIRS, '--head-with', 'ws=.', '--noise', file, '--dry-run'];
      expect((await rtbench(check)).stdout).toMatch(
        /smallest change seen in 4 of 5 gates: cpu .*by the noise of this machine/,
      );
      expect((await rtbench([...check, '--clients', '6'])).stderr).toMatch(/is of another load; make it anew/);
    }),
  TIMEOUT_MS,
);

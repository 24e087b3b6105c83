// @ts-check
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median, sampleStandardDeviation } from 'simple-statistics';
import { compareRows } from '../dist/report/comparison.js';
import { parseReport } from '../dist/report/report.js';
import { pairedLogRatios } from '../dist/report/statistics.js';
import { isRanked } from '../dist/report/tolerance.js';
import { save } from './file.js';

/** @typedef {import('../dist/report/schema.js').CompletedRun} CompletedRun */
/** @typedef {import('../dist/report/schema.js').Report} Report */

/**
 * What a repeat said, as it is kept in a file of its own. `said`: whether the two rows were called different, and the
 * right one higher; `nothing` where a row was invalid, so that the report ranks neither.
 *
 * @typedef {object} Repeat
 * @property {'same' | 'burning'} kind
 * @property {number} seed
 * @property {string} startedAt
 * @property {'no difference' | 'difference' | 'wrong way' | 'nothing'} said
 * @property {number | null} ratio second row over first, Hodges–Lehmann
 * @property {number | null} p
 * @property {number[]} logRatios of each round
 * @property {string[]} reasons
 * @property {Report['environment']} environment
 */

const path = (/** @type {string} */ name) => fileURLToPath(new URL(name, import.meta.url));
const FOLDER = path('../reports/bench/aa');

/**
 * Six rounds of two rows in half a minute. The load is high for a window so short, because the less CPU a run measures
 * the more it varies: 50 × 400 deliveries a second are 24,000 in a window, and 10,000 in the warm-up.
 */
const DESIGN = ['--clients', '50', '--rate', '400/s', '--duration', '1200ms', '--warmup', '500ms', '--rounds', '6'];

/** What each kind compares, and what it should say in how many of 60 repeats. */
const KINDS = {
  same: { specs: ['websocket', 'websocket'], expected: 'no difference', atLeast: 57 },
  burning: { specs: ['websocket', path('./burning-websocket.js')], expected: 'difference', atLeast: 48 },
};

const OF = 60;

/** @param {CompletedRun} run */
const serverCpu = (run) => run.server.cpuUsPerMessage;

/**
 * The same transport listed twice, which must not be called different, and beside one whose server takes 10 % more CPU,
 * which must be: alternating, each repeat with a seed of its own. What is there already is not done again.
 *
 * @param {readonly string[]} args `--repeats N`: of each kind, 60 unless given
 */
export async function aa(args) {
  const at = args.indexOf('--repeats');
  const repeats = at >= 0 ? Number(args[at + 1]) : OF;
  if (!Number.isInteger(repeats) || repeats < 0) throw new Error('--repeats takes a whole number');
  mkdirSync(FOLDER, { recursive: true });
  for (let number = 1; number <= repeats; number++) {
    for (const kind of /** @type {const} */ (['same', 'burning'])) {
      const file = `${kind}-${String(number).padStart(2, '0')}.json`;
      if (readdirSync(FOLDER).includes(file)) continue;
      const repeat = measure(kind, 1_000 + number);
      await save(join(FOLDER, file), `${JSON.stringify(repeat, null, 2)}\n`);
      console.error(`${file}: ${repeat.said}, ratio ${repeat.ratio?.toFixed(3) ?? '–'}`);
    }
  }
  return render(
    readdirSync(FOLDER)
      .filter((file) => file.endsWith('.json'))
      .sort()
      .map((file) => JSON.parse(readFileSync(join(FOLDER, file), 'utf8'))),
  );
}

/**
 * @param {keyof typeof KINDS} kind
 * @param {number} seed
 * @returns {Repeat}
 */
function measure(kind, seed) {
  const scratch = mkdtempSync(join(tmpdir(), 'rtbench-aa-'));
  try {
    const out = join(scratch, 'out');
    const transports = KINDS[kind].specs.flatMap((spec) => ['-t', spec]);
    const args = ['run', ...DESIGN, ...transports, '--no-floor', '--seed', String(seed), '--quiet', '--out', out];
    const { status, stderr } = spawnSync(process.execPath, [path('../dist/cli.js'), ...args], { encoding: 'utf8' });
    if (status !== 0 && status !== 3) throw new Error(`rtbench ended with ${status}: ${stderr}`);
    const file = join(out, 'result.json');
    return repeatOf(kind, seed, parseReport(readFileSync(file, 'utf8'), file));
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

/**
 * @param {keyof typeof KINDS} kind
 * @param {number} seed
 * @param {Report} report
 * @returns {Repeat}
 */
function repeatOf(kind, seed, { startedAt, environment, transports }) {
  const [first, second] = transports.filter(isRanked);
  const reasons = transports.flatMap((row) => row.reasons.map((reason) => `${row.label}: ${reason}`));
  const known = { kind, seed, startedAt, reasons, environment };
  if (first === undefined || second === undefined) {
    return { ...known, said: 'nothing', ratio: null, p: null, logRatios: [] };
  }
  const [comparison] = compareRows([second, first], serverCpu);
  if (comparison === undefined) throw new Error('two rows make one comparison');
  const { different, ratio, p } = comparison;
  const higher = (ratio ?? 0) > 1 ? 'difference' : 'wrong way';
  const said = different ? higher : 'no difference';
  return { ...known, said, ratio, p, logRatios: pairedLogRatios(second, first, serverCpu) };
}

/** @param {readonly Repeat[]} repeats */
function render(repeats) {
  const newest = repeats.map(({ startedAt }) => startedAt).sort();
  const machine = repeats[0]?.environment;
  return [
    '# The same transport twice, and one that takes 10 % more CPU',
    '',
    `Made by \`npm run bench:instrument -- aa\` (\`rtbench run ${DESIGN.join(' ')} -t … -t … --no-floor\`), ` +
      `${newest[0]?.slice(0, 10)} to ${newest.at(-1)?.slice(0, 10)}, on ${machine?.cpu}, ${machine?.cores} cores, ` +
      `Node ${machine?.node}, Linux ${machine?.kernel}. Each repeat is a file of \`reports/bench/aa/\`.`,
    '',
    'Server CPU per delivery, six rounds, judged as a report judges it: Wilcoxon’s signed-rank test on the log ratios',
    'within rounds below 5 %, and a ratio beyond 5 %. A repeat with an invalid row says nothing, and counts as a miss.',
    '',
    '| second row | repeats | no difference | difference | wrong way | nothing | ratio, median | ratios within a repeat differ by (sd) | required of 60 |',
    '| --- | --- | --- | --- | --- | --- | --- | --- | --- |',
    ...Object.entries(KINDS).map(([kind, { expected, atLeast }]) => {
      const own = repeats.filter((repeat) => repeat.kind === kind);
      const said = (/** @type {Repeat['said']} */ what) => own.filter((repeat) => repeat.said === what).length;
      const ratios = own.flatMap(({ ratio }) => ratio ?? []);
      const spreads = own
        .filter(({ logRatios }) => logRatios.length > 1)
        .map((repeat) => sampleStandardDeviation(repeat.logRatios));
      const percent = spreads.length > 0 ? `${(100 * median(spreads)).toFixed(1)} %` : '–';
      return `| ${[
        kind === 'same' ? 'the same' : '10 % burned',
        own.length,
        said('no difference'),
        said('difference') + (kind === 'same' ? said('wrong way') : 0),
        kind === 'same' ? '–' : said('wrong way'),
        said('nothing'),
        ratios.length > 0 ? median(ratios).toFixed(3) : '–',
        percent,
        `${expected} in ${atLeast}`,
      ].join(' | ')} |`;
    }),
    '',
  ].join('\n');
}

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
 * What a comparison within a repeat said: whether the two rows were called different, and the right one higher;
 * `nothing` where a row was invalid, so that the report ranks neither.
 *
 * @typedef {object} Comparison
 * @property {'no difference' | 'difference' | 'wrong way' | 'nothing'} said
 * @property {number | null} ratio second row over first, Hodges–Lehmann
 * @property {number | null} p
 * @property {number[]} logRatios of each round
 */

/**
 * A repeat as it is kept in a file of its own.
 *
 * @typedef {object} Repeat
 * @property {number} seed
 * @property {string} startedAt
 * @property {Comparison} same
 * @property {Comparison} burning
 * @property {string[]} reasons
 * @property {Report['environment']} environment
 */

const path = (/** @type {string} */ name) => fileURLToPath(new URL(name, import.meta.url));
const FOLDER = path('../reports/bench/aa');

/**
 * Three rows of six interleaved rounds: WebSocket, WebSocket again, and one whose server burns a tenth more. The load
 * leaves the load's core half idle, so that the publisher is punctual, and the turns are short against what the machine
 * does to its speed.
 */
const DESIGN = [
  ...['--clients', '50', '--rate', '100/s', '--duration', '1s', '--warmup', '400ms', '--rounds', '6'],
  ...['--interleave', '50ms', '--pin', '--no-floor'],
];
/** All three are told of each delivery, which costs something too: they differ in what is burned alone. */
const SPECS = [0, 0, 10].map((percent) => `${path('./burning-websocket.js')}:burnPercent=${percent}`);

/** What the second and the third row should be called beside the first, in how many of 60 repeats. */
const KINDS = {
  same: { row: 1, title: 'the same', expected: 'no difference', atLeast: 57 },
  burning: { row: 2, title: '10 % burned', expected: 'difference', atLeast: 48 },
};

const OF = 60;

/** @param {CompletedRun} run */
const serverCpu = (run) => run.server.cpuUsPerMessage;

/**
 * The same transport listed twice, which must not be called different, and beside them one whose server takes 10 % more
 * CPU, which must be; each repeat with a seed of its own. What is there already is not done again.
 *
 * @param {readonly string[]} args `--repeats N`: 60 unless given
 */
export async function aa(args) {
  const at = args.indexOf('--repeats');
  const repeats = at >= 0 ? Number(args[at + 1]) : OF;
  if (!Number.isInteger(repeats) || repeats < 0) throw new Error('--repeats takes a whole number');
  mkdirSync(FOLDER, { recursive: true });
  for (let number = 1; number <= repeats; number++) {
    const file = `${String(number).padStart(2, '0')}.json`;
    if (readdirSync(FOLDER).includes(file)) continue;
    const repeat = measure(1_000 + number);
    await save(join(FOLDER, file), `${JSON.stringify(repeat, null, 2)}\n`);
    const words = (/** @type {Comparison} */ { said, ratio }) => `${said} (${ratio?.toFixed(3) ?? '–'})`;
    console.error(`${file}: the same ${words(repeat.same)}, burning ${words(repeat.burning)}`);
  }
  return render(
    readdirSync(FOLDER)
      .filter((file) => file.endsWith('.json'))
      .sort()
      .map((file) => JSON.parse(readFileSync(join(FOLDER, file), 'utf8'))),
  );
}

/**
 * @param {number} seed
 * @returns {Repeat}
 */
function measure(seed) {
  const scratch = mkdtempSync(join(tmpdir(), 'rtbench-aa-'));
  try {
    const out = join(scratch, 'out');
    const transports = SPECS.flatMap((spec) => ['-t', spec]);
    const args = ['run', ...DESIGN, ...transports, '--seed', String(seed), '--quiet', '--out', out];
    const { status, stderr } = spawnSync(process.execPath, [path('../dist/cli.js'), ...args], { encoding: 'utf8' });
    if (status !== 0 && status !== 3) throw new Error(`rtbench ended with ${status}: ${stderr}`);
    const file = join(out, 'result.json');
    const { startedAt, environment, transports: rows } = parseReport(readFileSync(file, 'utf8'), file);
    const reasons = rows.flatMap((row) => row.reasons.map((reason) => `${row.label}: ${reason}`));
    const comparedWith = (/** @type {{ row: number }} */ { row }) => compared(rows[0], rows[row]);
    return {
      seed,
      startedAt,
      same: comparedWith(KINDS.same),
      burning: comparedWith(KINDS.burning),
      reasons,
      environment,
    };
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

/**
 * @param {Report['transports'][number] | undefined} first
 * @param {Report['transports'][number] | undefined} second
 * @returns {Comparison}
 */
function compared(first, second) {
  if (first === undefined || second === undefined || !isRanked(first) || !isRanked(second)) {
    return { said: 'nothing', ratio: null, p: null, logRatios: [] };
  }
  const [comparison] = compareRows([second, first], serverCpu);
  if (comparison === undefined) throw new Error('two rows make one comparison');
  const { different, ratio, p } = comparison;
  const higher = (ratio ?? 0) > 1 ? 'difference' : 'wrong way';
  return { said: different ? higher : 'no difference', ratio, p, logRatios: pairedLogRatios(second, first, serverCpu) };
}

/** @param {readonly Repeat[]} repeats */
function render(repeats) {
  const newest = repeats.map(({ startedAt }) => startedAt).sort();
  const machine = repeats[0]?.environment;
  return [
    '# The same transport twice, and one that takes 10 % more CPU',
    '',
    `Made by \`npm run bench:instrument -- aa\` (\`rtbench run ${DESIGN.join(' ')} -t burning-websocket.js:burnPercent=0 ` +
      `-t …=0 -t …=10\`), ${newest[0]?.slice(0, 10)} to ${newest.at(-1)?.slice(0, 10)}, on ${machine?.cpu}, ` +
      `${machine?.cores} cores, Node ${machine?.node}, Linux ${machine?.kernel}. Each repeat is a file of ` +
      '`reports/bench/aa/`.',
    '',
    'Server CPU per delivery beside that of the first row, judged as a report judges it: Wilcoxon’s signed-rank test on the',
    'log ratios within six rounds below 5 %, and a ratio beyond 5 %. A repeat with an invalid row says nothing, and counts',
    'as a miss.',
    '',
    '| row | repeats | no difference | difference | wrong way | nothing | ratio, median | ratios within a repeat differ by (sd) | required of 60 |',
    '| --- | --- | --- | --- | --- | --- | --- | --- | --- |',
    ...Object.entries(KINDS).map(([kind, { title, expected, atLeast }]) => {
      const own = repeats.map((repeat) => (kind === 'same' ? repeat.same : repeat.burning));
      const said = (/** @type {Comparison['said']} */ what) =>
        own.filter((comparison) => comparison.said === what).length;
      const ratios = own.flatMap(({ ratio }) => ratio ?? []);
      const spreads = own
        .filter(({ logRatios }) => logRatios.length > 1)
        .map(({ logRatios }) => sampleStandardDeviation(logRatios));
      const percent = spreads.length > 0 ? `${(100 * median(spreads)).toFixed(1)} %` : '–';
      return `| ${[
        title,
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

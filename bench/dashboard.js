// @ts-check
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median, quantile } from 'simple-statistics';
import { parseReport } from '../dist/report/report.js';

/** @typedef {import('../dist/report/schema.js').CompletedRun} CompletedRun */
/** @typedef {import('../dist/report/schema.js').Report} Report */

const CLI = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
const PAIRS = 20;
const ARGS = ['-t', 'websocket', '--no-floor', '--rounds', '1', '--duration', '5s', '--warmup', '2s'];
const SIZE = { columns: 120, rows: 40 };

/** What a reader of the report goes by. */
const FIGURES = /** @type {const} */ ([
  ['latency p50', (/** @type {CompletedRun} */ run) => run.latencyUs.p50],
  ['latency p99', (/** @type {CompletedRun} */ run) => run.latencyUs.p99],
  ['server CPU a delivery', (/** @type {CompletedRun} */ run) => run.server.cpuUsPerMessage],
]);

/**
 * The same run with the live view, in a pseudo-terminal that nobody reads slowly, and with plain lines there, in pairs,
 * the one first in one pair and second in the next, both of a pair with the same seed. What is seen of the view is the
 * ratio with over without.
 *
 * @param {readonly string[]} args `--pairs N`: 20 unless given
 * @returns {string}
 */
export function dashboard(args) {
  const at = args.indexOf('--pairs');
  const pairs = at >= 0 ? Number(args[at + 1]) : PAIRS;
  if (!Number.isInteger(pairs) || pairs < 1) throw new Error('--pairs takes a whole number from 1');
  /** @type {{ readonly live: CompletedRun; readonly plain: CompletedRun }[]} */
  const measured = [];
  let environment;
  for (let index = 0; index < pairs; index++) {
    const seed = 1_000 + index;
    const order = index % 2 === 0 ? /** @type {const} */ (['live', 'plain']) : /** @type {const} */ (['plain', 'live']);
    const reports = new Map(order.map((kind) => [kind, measure(kind, seed)]));
    const [live, plain] = [onlyRun(reports.get('live')), onlyRun(reports.get('plain'))];
    environment = reports.get('live')?.environment;
    if (live && plain) measured.push({ live, plain });
    console.error(`pair ${index + 1} of ${pairs}${live && plain ? '' : ': a run was not completed'}`);
  }
  return page(measured, pairs, environment);
}

/**
 * @param {'live' | 'plain'} kind
 * @param {number} seed
 * @returns {Report}
 */
function measure(kind, seed) {
  const scratch = mkdtempSync(join(tmpdir(), 'rtbench-dashboard-'));
  const out = join(scratch, 'out');
  const args = ['run', ...ARGS, '--seed', String(seed), '--out', out, ...(kind === 'plain' ? ['--no-ui'] : [])];
  const words = [process.execPath, CLI, ...args].map((word) => `'${word}'`).join(' ');
  const command = `stty cols ${SIZE.columns} rows ${SIZE.rows}; unset CI CONTINUOUS_INTEGRATION; TERM=xterm-256color ${words}`;
  try {
    const { stdout, error } = spawnSync('script', ['-qec', command, '/dev/null'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    if (error) throw new Error(`there is no \`script\` to make a terminal with (util-linux): ${error.message}`);
    // The view hides the cursor; without it, nothing was compared.
    const isLive = stdout.includes('\u001B[?25l');
    if (isLive !== (kind === 'live')) throw new Error(`a ${kind} run ${isLive ? 'had' : 'had not'} the live view`);
    return parseReport(readFileSync(join(out, 'result.json'), 'utf8'), out);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** @param {Report | undefined} report */
function onlyRun(report) {
  const run = report?.transports[0]?.rounds[0];
  return run?.state === 'completed' ? run : undefined;
}

/**
 * @param {readonly { readonly live: CompletedRun; readonly plain: CompletedRun }[]} measured
 * @param {number} pairs
 * @param {Report['environment'] | undefined} environment
 */
function page(measured, pairs, environment) {
  const rows = FIGURES.map(([name, of]) => {
    const ratios = measured.flatMap(({ live, plain }) => {
      const [one, other] = [of(live), of(plain)];
      return one === null || other === null || other === 0 ? [] : [one / other];
    });
    if (ratios.length === 0) return `| ${name} | – | – | 0 |`;
    const [low, high] = [quantile(ratios, 0.25), quantile(ratios, 0.75)];
    return `| ${name} | ${median(ratios).toFixed(3)} | ${low.toFixed(3)}–${high.toFixed(3)} | ${ratios.length} |`;
  });
  const verdicts = (/** @type {'live' | 'plain'} */ kind) =>
    measured.filter((pair) => pair[kind].verdict === 'valid').length;
  const where = environment && `${environment.cpu}, ${environment.cores} cores, Node ${environment.node}`;
  return [
    '# What the live view costs a measurement',
    '',
    `Made by \`npm run bench:instrument -- dashboard\` (\`rtbench run ${ARGS.join(' ')}\`), ${new Date().toISOString().slice(0, 10)}, on ${where}.`,
    '',
    `${pairs} pairs of runs in a pseudo-terminal of ${SIZE.columns} × ${SIZE.rows}, one with the live view and one with plain lines, in turns;`,
    'a ratio is with the view over without. 1 is no difference.',
    '',
    '| figure | median ratio | middle half | pairs |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
    `Valid: ${verdicts('live')} of ${measured.length} with the view, ${verdicts('plain')} without.`,
    '',
  ].join('\n');
}

// @ts-check
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseReport } from '../dist/report/report.js';
import { signedRank } from '../dist/report/signed-rank.js';

/** @typedef {import('../dist/report/schema.js').CompletedRun} CompletedRun */
/** @typedef {import('../dist/report/schema.js').Report} Report */
/** @typedef {'ordinary' | 'target'} Kind */

/**
 * The two runs of a pair, the first over the second; both have the same seed.
 *
 * @typedef {readonly [Report, Report]} Pair
 */

const CLI = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
const PAIRS = 10;
const SPECS = ['sse', 'websocket', 'long-polling'];
/** Its clients publish, as they do in the ordinary way: only so is the way in the same. */
const SCENARIO = 'chat';
const ARGS = [SCENARIO, ...SPECS.flatMap((spec) => ['-t', spec]), '--no-floor', '--rounds', '1'];

/** What a reader of the report goes by. */
const FIGURES = /** @type {const} */ ([
  ['latency p50', (/** @type {CompletedRun} */ run) => run.latencyUs.p50],
  ['latency p99', (/** @type {CompletedRun} */ run) => run.latencyUs.p99],
  ['bytes a message, down', (/** @type {CompletedRun} */ run) => run.bytes.perMessage.down],
  ['server CPU a delivery', (/** @type {CompletedRun} */ run) => run.server.cpuUsPerMessage],
]);

/**
 * The bundled server in the ordinary way beside the same server as somebody else's, started by a command; and in turns
 * with these pairs others of two ordinary runs, which say what the same thing twice differs by.
 *
 * @param {readonly string[]} args `--pairs N`: 10 unless given
 * @returns {Promise<string>}
 */
export async function target(args) {
  const at = args.indexOf('--pairs');
  const pairs = at >= 0 ? Number(args[at + 1]) : PAIRS;
  if (!Number.isInteger(pairs) || pairs < 1) throw new Error('--pairs takes a whole number from 1');
  /** @type {Pair[]} */
  const across = [];
  /** @type {Pair[]} */
  const same = [];
  for (let index = 0; index < pairs; index++) {
    across.push(await pairOf(['target', 'ordinary'], 1_000 + index, index % 2 === 1));
    same.push(await pairOf(['ordinary', 'ordinary'], 1_000 + index, index % 2 === 1));
    console.error(`pair ${index + 1} of ${pairs}`);
  }
  return page(across, same);
}

/**
 * @param {readonly [Kind, Kind]} kinds
 * @param {number} seed
 * @param {boolean} isTurned the second goes first
 * @returns {Promise<Pair>}
 */
async function pairOf([first, second], seed, isTurned) {
  if (!isTurned) return [await measure(first, seed), await measure(second, seed)];
  const after = await measure(second, seed);
  return [await measure(first, seed), after];
}

/**
 * @param {Kind} kind
 * @param {number} seed
 * @returns {Promise<Report>}
 */
async function measure(kind, seed) {
  const scratch = mkdtempSync(join(tmpdir(), 'rtbench-target-'));
  const out = join(scratch, 'out');
  try {
    const where = kind === 'target' ? await whereOf(await freePort()) : [];
    const args = ['run', ...ARGS, ...where, '--seed', String(seed), '--no-ui', '--quiet', '--out', out];
    const run = spawn(process.execPath, [CLI, ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
    const [code] = await once(run, 'close');
    if (code !== 0 && code !== 3) throw new Error(`rtbench ended with ${code}`);
    return parseReport(readFileSync(join(out, 'result.json'), 'utf8'), out);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** @param {number | string} port */
async function whereOf(port) {
  const node = port === 'PORT' ? 'node' : `"${process.execPath}"`;
  const cli = port === 'PORT' ? 'dist/cli.js' : `"${CLI}"`;
  const served = SPECS.map((spec) => `-t ${spec}`).join(' ');
  const command = `${node} ${cli} serve --port ${port} ${served}`;
  return ['--target', `http://127.0.0.1:${port}`, '--server-command', command];
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/**
 * @param {readonly Pair[]} across
 * @param {readonly Pair[]} same
 */
async function page(across, same) {
  const { cpu, cores, node, kernel } = /** @type {Pair} */ (across[0])[0].environment;
  const spelled = [...ARGS, ...(await whereOf('PORT')).map((word) => (word.includes(' ') ? `'${word}'` : word))].join(
    ' ',
  );
  const rows = SPECS.flatMap((spec, index) => FIGURES.map(([name, of]) => rowOf(spec, name, index, of, across, same)));
  return [
    '# The bundled server measured as somebody else’s',
    '',
    `Made by \`npm run bench:instrument -- target --pairs ${across.length}\`, ${new Date().toISOString().slice(0, 10)}, on ${cpu}, ${cores} cores, Node ${node}, Linux ${kernel}.`,
    '',
    `${across.length} pairs of a run from outside (\`rtbench run ${spelled}\`) and an ordinary one (the same without`,
    `\`--target\` and \`--server-command\`), and in turns with them ${same.length} pairs of two ordinary ones. The runs of a pair have the`,
    'same seed and take turns at being first. Ratios are taken within a pair, Hodges–Lehmann with an interval of at least',
    '95 % (from 6 pairs on). A figure is **within** where the two intervals overlap: from outside it differs by no more than',
    'the same thing twice does.',
    '',
    'Clients publish in this scenario, so that a message goes in by the same way on both sides. (Where the server publishes, it',
    'does not: a target gets a `POST /messages`, which is in its latency and its CPU, and rtbench’s own is told over a socket',
    'that costs next to nothing.) What is not the same by design: `rtbench serve` numbers messages from 1, a measured',
    'server from 10,000,001: where ids go over the wire (SSE, polling) each takes up to 7 bytes less from outside. With ids of the same length bytes are equal (`src/suite/target.e2e.test.ts`).',
    '',
    '| technique | figure | from outside / ordinary | ordinary / ordinary | |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    '',
    `Valid rows: ${validOf(across, 0)} from outside, ${validOf(across, 1)} and ${validOf(same, 0)} and ${validOf(same, 1)} in the ordinary way.`,
    '',
  ].join('\n');
}

/**
 * @param {string} spec
 * @param {string} name
 * @param {number} index
 * @param {(run: CompletedRun) => number | null} of
 * @param {readonly Pair[]} across
 * @param {readonly Pair[]} same
 */
function rowOf(spec, name, index, of, across, same) {
  const [one, other] = [across, same].map((pairs) => ratioOf(pairs, index, of));
  return `| ${[spec, name, spell(one), spell(other), verdictOf(one, other)].join(' | ')} |`;
}

/**
 * @typedef {object} Ratio
 * @property {number} pairs
 * @property {number} estimate
 * @property {{ readonly low: number; readonly high: number } | null} interval
 */

/**
 * @param {readonly Pair[]} pairs
 * @param {number} index
 * @param {(run: CompletedRun) => number | null} of
 * @returns {Ratio | undefined} `undefined`: no pair has the figure
 */
function ratioOf(pairs, index, of) {
  const logs = pairs.flatMap(([first, second]) => {
    const [one, other] = [first, second].map((report) => {
      const run = report.transports[index]?.rounds[0];
      return run?.state === 'completed' ? of(run) : null;
    });
    return one && other ? [Math.log(one / other)] : [];
  });
  if (logs.length === 0) return undefined;
  const { estimate, interval } = signedRank(logs);
  return {
    pairs: logs.length,
    estimate: Math.exp(estimate),
    interval: interval && { low: Math.exp(interval.low), high: Math.exp(interval.high) },
  };
}

/** @param {Ratio | undefined} ratio */
function spell(ratio) {
  if (!ratio) return 'not measured';
  const { estimate, interval, pairs } = ratio;
  const range = interval ? ` (${interval.low.toFixed(3)}–${interval.high.toFixed(3)})` : '';
  return `${estimate.toFixed(3)}${range}, ${pairs} ${pairs === 1 ? 'pair' : 'pairs'}`;
}

/**
 * @param {Ratio | undefined} one
 * @param {Ratio | undefined} other
 */
function verdictOf(one, other) {
  if (!one?.interval || !other?.interval) return 'too few pairs';
  return one.interval.low <= other.interval.high && other.interval.low <= one.interval.high ? 'within' : '**outside**';
}

/**
 * @param {readonly Pair[]} pairs
 * @param {0 | 1} side
 */
function validOf(pairs, side) {
  const rows = pairs.flatMap((pair) => pair[side].transports);
  return `${rows.filter(({ verdict }) => verdict === 'valid').length} of ${rows.length}`;
}

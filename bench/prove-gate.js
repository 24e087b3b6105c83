// @ts-check
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { median, tTestTwoSample } from 'simple-statistics';
import { parseGateReport } from '../dist/report/gate/file.js';

/** @typedef {import('../dist/report/gate/schema.js').GateReport} GateReport */

/**
 * A line of a file: a whole gate with its raw pairs.
 *
 * @typedef {object} Proof
 * @property {number} number from 1
 * @property {readonly string[]} flags
 * @property {string} startedAt
 * @property {GateReport['verdict']} verdict
 * @property {number} used
 * @property {GateReport['figures']} figures
 * @property {GateReport['pairs']} pairs
 */

/**
 * @typedef {object} Kind
 * @property {string} title
 * @property {number} burned of the server's CPU, on top, in head: 0.05 is 5 %
 * @property {boolean} neighbour whether a process beside it burns a core 30 % of the time
 * @property {'regression' | 'no regression'} expected
 */

/** @type {Readonly<Record<string, Kind>>} */
const KINDS = {
  same: { title: 'the same', burned: 0, neighbour: false, expected: 'no regression' },
  neighbour: { title: 'the same, beside a busy neighbour', burned: 0, neighbour: true, expected: 'no regression' },
  cpu5: { title: '5 % more server CPU', burned: 0.05, neighbour: false, expected: 'regression' },
  cpu10: { title: '10 % more server CPU', burned: 0.1, neighbour: false, expected: 'regression' },
};

const HELP = `npm run prove-gate -- [options] [-- flags of rtbench check]

  --gates N     whole gates of each kind (60); those that are there already are not done again
  --kind NAME   ${Object.keys(KINDS).join(', ')}; may be repeated (all)
  --out DIR     folder with a file of raw pairs for each kind (reports/gate)
  --table       only print what is there`;

const DESIGN = ['-t', 'websocket', '--budget', '3m', '--pin', '--quiet'];
const NEIGHBOUR_MS = { busy: 3, idle: 7 };

const { values, positionals } = parseArgs({
  options: {
    gates: { type: 'string', default: '60' },
    kind: { type: 'string', multiple: true, default: Object.keys(KINDS) },
    out: { type: 'string', default: 'reports/gate' },
    table: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});
const flags = [...DESIGN, ...positionals];

async function prove() {
  const unknown = values.kind.filter((name) => KINDS[name] === undefined);
  if (unknown.length > 0) throw new Error(`there is no kind ${unknown.join(', ')}\n\n${HELP}`);
  mkdirSync(values.out, { recursive: true });
  // Kind by kind in turn, so that whatever the machine does all of them get some of it.
  for (let number = 1; number <= Number(values.gates) && !values.table; number++) {
    for (const name of values.kind) {
      if (proofsOf(name).some((proof) => proof.number === number)) continue;
      const proof = await carryOut(name, number);
      appendFileSync(fileOf(name), `${JSON.stringify(proof)}\n`);
      console.error(`${name} ${number}: ${proof.verdict} after ${proof.used} pairs`);
    }
  }
  console.log(render());
}

/** @param {string} name */
function fileOf(name) {
  return join(values.out, `${name}.jsonl`);
}

/**
 * Those of the same flags: gates of another design prove nothing of this one.
 *
 * @param {string} name
 * @returns {Proof[]}
 */
function proofsOf(name) {
  if (!existsSync(fileOf(name))) return [];
  const lines = readFileSync(fileOf(name), 'utf8').split('\n');
  const proofs = lines.filter((line) => line !== '').map((line) => /** @type {Proof} */ (JSON.parse(line)));
  return proofs.filter((proof) => JSON.stringify(proof.flags) === JSON.stringify(flags));
}

/**
 * @param {string} name
 * @param {number} number
 * @returns {Promise<Proof>}
 */
async function carryOut(name, number) {
  const kind = /** @type {Kind} */ (KINDS[name]);
  const scratch = mkdtempSync(join(tmpdir(), 'rtbench-prove-'));
  const neighbour = kind.neighbour ? startNeighbour() : undefined;
  try {
    const head = slowedLibrary(scratch, kind.burned);
    const out = join(scratch, 'out');
    const args = ['check', ...flags, '--head-with', `ws=${head}`, '--seed', String(1_000 + number), '--out', out];
    const child = spawn(process.execPath, [fileURLToPath(new URL('../dist/cli.js', import.meta.url)), ...args], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let stderr = '';
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    const [code] = await once(child, 'close');
    const file = join(out, 'gate.json');
    const report = existsSync(file) ? parseGateReport(readFileSync(file, 'utf8'), file) : undefined;
    if (report === undefined || report.interrupted) throw new Error(`rtbench ended with ${code}: ${stderr}`);
    const { startedAt, verdict, used, figures, pairs } = report;
    return { number, flags, startedAt, verdict, used, figures, pairs };
  } finally {
    neighbour?.kill('SIGKILL');
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Busy for 3 ms of every 10, until it is killed or its parent is gone. */
function startNeighbour() {
  const script = `process.on('disconnect', () => process.exit());
    const burn = () => { const until = performance.now() + ${NEIGHBOUR_MS.busy}; while (performance.now() < until); setTimeout(burn, ${NEIGHBOUR_MS.idle}); };
    burn();`;
  return spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
}

/**
 * A copy of the library whose sender burns `share` of the CPU that its process uses, on top of it; of 0, an exact copy.
 *
 * @param {string} folder
 * @param {number} share
 */
function slowedLibrary(folder, share) {
  const copy = join(folder, 'ws');
  cpSync(dirname(createRequire(import.meta.url).resolve('ws/package.json')), copy, { recursive: true });
  const sender = join(copy, 'lib/sender.js');
  const text = readFileSync(sender, 'utf8');
  const head = '  sendFrame(list, cb) {\n';
  if (!text.includes(head)) throw new Error('this version of ws has another sender: look for where it writes a frame');
  if (share > 0) writeFileSync(sender, `${text.replace(head, `${head}    burn();\n`)}\n${burnerText(share)}`);
  return copy;
}

/** @param {number} share */
function burnerText(share) {
  return `
let frames = 0, burnedUs = 0, startUs = NaN;
const cpuUs = () => { const { user, system } = process.cpuUsage(); return user + system; };
function burn() {
  if (frames === 0) startUs = cpuUs();
  if (++frames % 64 !== 0) return;
  const beforeUs = cpuUs();
  const owedUs = ${share} * (beforeUs - startUs - burnedUs) - burnedUs;
  let nowUs = beforeUs;
  while (nowUs - beforeUs < owedUs) nowUs = cpuUs();
  burnedUs += nowUs - beforeUs;
}
`;
}

/**
 * What simpler gates would have said of the same pairs: that any figure is worse.
 *
 * @type {Readonly<Record<string, (values: { base: number[], head: number[] }, threshold: number) => boolean>>}
 */
const NAIVE = {
  'one run each': ({ base, head }, threshold) => (head[0] ?? 0) > (1 + threshold) * (base[0] ?? 0),
  medians: ({ base, head }, threshold) => median(head) > (1 + threshold) * median(base),
  't-test, 5 %': ({ base, head }) => (tTestTwoSample(head, base, 0) ?? 0) > T_AT_5_PERCENT,
};
/** One-sided, about 20 pairs. */
const T_AT_5_PERCENT = 1.69;

/**
 * @param {Proof} proof
 * @param {string} name
 */
function naiveFinds({ figures, pairs }, name) {
  const used = pairs.filter(({ discarded }) => discarded === null);
  return figures.some((figure) => {
    const both = used.filter((pair) => (pair.base[figure.name] ?? 0) > 0 && (pair.head[figure.name] ?? 0) > 0);
    if (both.length < 2) return false;
    const base = both.map((pair) => pair.base[figure.name] ?? 0);
    const head = both.map((pair) => pair.head[figure.name] ?? 0);
    return NAIVE[name]?.({ base, head }, figure.threshold) ?? false;
  });
}

function render() {
  const naive = Object.keys(NAIVE);
  return [
    `| what head is | gates | regression | pass | inconclusive | bound, 95 % | ${naive.map((name) => `naive: ${name}`).join(' | ')} |`,
    `| --- | --- | --- | --- | --- | --- | ${naive.map(() => '---').join(' | ')} |`,
    ...Object.entries(KINDS).flatMap(([name, { title, expected }]) => {
      const proofs = proofsOf(name);
      if (proofs.length === 0) return [];
      const count = (/** @type {GateReport['verdict']} */ verdict) =>
        proofs.filter((proof) => proof.verdict === verdict).length;
      const found = count('regression');
      const bound =
        expected === 'no regression'
          ? `false alarms ≤ ${percent(upperBound(found, proofs.length))}`
          : `found ≥ ${percent(1 - upperBound(proofs.length - found, proofs.length))}`;
      const others = naive.map((each) => proofs.filter((proof) => naiveFinds(proof, each)).length);
      return [
        `| ${[title, proofs.length, found, count('pass'), count('inconclusive'), bound, ...others].join(' | ')} |`,
      ];
    }),
    '',
    `Each gate: rtbench check ${flags.join(' ')} --head-with ws=…; raw pairs in ${values.out}. Naive gates look at the same pairs, and`,
    'the numbers below them are how many of the gates they would have called a regression.',
  ].join('\n');
}

/**
 * The share that so many of `of` do not exclude, one-sided at 95 % (Clopper and Pearson 1934): 0 of 60 is 4.9 %.
 *
 * @param {number} count
 * @param {number} of
 */
function upperBound(count, of) {
  if (count >= of) return 1;
  let [low, high] = [count / of, 1];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (atMost(count, of, middle) > 0.05) low = middle;
    else high = middle;
  }
  return high;
}

/**
 * Probability of `count` or fewer.
 *
 * @param {number} count
 * @param {number} of
 * @param {number} share
 */
function atMost(count, of, share) {
  let term = (1 - share) ** of;
  let sum = term;
  for (let k = 1; k <= count; k++) {
    term *= ((of - k + 1) / k) * (share / (1 - share));
    sum += term;
  }
  return sum;
}

/** @param {number} share */
function percent(share) {
  return `${(100 * share).toFixed(1)} %`;
}

if (values.help) console.log(HELP);
else await prove();

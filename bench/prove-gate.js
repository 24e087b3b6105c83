// @ts-check
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { save } from './file.js';
import { EXACT_MS, exactGate } from './prove-gate/exact.js';
import { KINDS } from './prove-gate/kinds.js';
import { appendProof, readProofs } from './prove-gate/proofs.js';
import { renderTable } from './prove-gate/table.js';
import { longestMs, timingGate } from './prove-gate/timing.js';

/** @typedef {import('./prove-gate/kinds.js').Kind} Kind */
/** @typedef {import('./prove-gate/proofs.js').Proof} Proof */

const HELP = `npm run prove-gate -- [options] [-- flags of rtbench check]

Whole gates on this machine, of a server against itself and against one that is worse by a known amount. What is there
already is not done again; Ctrl-C keeps every gate that was finished.

  --gates N     gates of each kind (60; 20 of exact figures)
  --kind NAME   ${Object.keys(KINDS).join(', ')};
                may be repeated (all)
  --minutes M   starts no gate that might not end within M minutes (as long as it takes)
  --out DIR     folder with a file of raw pairs for each kind (reports/gate)
  --table       measures nothing: writes DIR/README.md

Examples
  npm run prove-gate -- --kind byte --kind byte-same
  npm run prove-gate -- --kind same --kind cpu10 --minutes 90
  npm run prove-gate -- --kind p99-10 --gates 3 --out /tmp/gate -- --budget 2m
  npm run prove-gate -- --table`;

/** Of the timing tier. */
const DESIGN = ['-t', 'websocket', '--budget', '5m', '--pin', '--quiet'];
const INTERRUPTED = 130;

const { values, positionals } = parseArgs({
  options: {
    gates: { type: 'string' },
    kind: { type: 'string', multiple: true, default: Object.keys(KINDS) },
    minutes: { type: 'string' },
    out: { type: 'string', default: 'reports/gate' },
    table: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});
const kinds = values.kind.map((name) => ({ name, kind: kindOf(name) }));
const most = wholeNumber('gates') ?? Number.POSITIVE_INFINITY;
const endMs = 60_000 * (wholeNumber('minutes') ?? Number.POSITIVE_INFINITY);

async function prove() {
  const interrupt = openInterrupt();
  const rounds = Math.max(...kinds.map(({ kind }) => Math.min(most, kind.gates)));
  // Kind by kind in turn, so that whatever the machine does all of them get some of it.
  for (let number = 1; number <= rounds; number++) {
    for (const { name, kind } of kinds) {
      if (number > Math.min(most, kind.gates) || isThere(name, number) || !isTimeFor(name)) continue;
      const proof = await carryOut(name, number, interrupt);
      if (proof === undefined) {
        process.exitCode = INTERRUPTED;
        return;
      }
      appendProof(fileOf(name), proof);
      console.error(`${name} ${number}: ${proof.verdict}${proof.used > 0 ? ` after ${proof.used} pairs` : ''}`);
    }
  }
}

/**
 * @param {string} name
 * @param {number} number
 * @param {AbortSignal} signal
 * @returns {Promise<Proof | undefined>} `undefined` after an interruption
 */
async function carryOut(name, number, signal) {
  const kind = kindOf(name);
  const flags = flagsOf(kind);
  const startedMs = performance.now();
  const scratch = mkdtempSync(join(tmpdir(), 'rtbench-prove-'));
  try {
    const gate =
      kind.tier === 'exact'
        ? await exactGate(kind.padding ?? 0, { scratch, signal })
        : await timingGate(kind, { number, flags, scratch, signal });
    return gate && { number, flags, durationMs: Math.round(performance.now() - startedMs), ...gate };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** @param {string} name */
function isTimeFor(name) {
  const kind = kindOf(name);
  const gateMs = kind.tier === 'exact' ? EXACT_MS : longestMs(kind, flagsOf(kind));
  return performance.now() + Math.max(gateMs, ...proofsOf(name).map(({ durationMs }) => durationMs)) <= endMs;
}

/**
 * @param {string} name
 * @param {number} number
 */
function isThere(name, number) {
  return proofsOf(name).some((proof) => proof.number === number);
}

/** @param {string} name */
function proofsOf(name) {
  return readProofs(fileOf(name), flagsOf(kindOf(name)));
}

/** @param {string} name */
function fileOf(name) {
  return join(values.out, `${name}.jsonl`);
}

/** @param {Kind} kind */
function flagsOf({ tier }) {
  return tier === 'exact' ? [] : [...DESIGN, ...positionals];
}

/** @param {string} name */
function kindOf(name) {
  const kind = KINDS[name];
  if (kind === undefined) fail(`--kind: there is no \`${name}\`; there are ${Object.keys(KINDS).join(', ')}`);
  return kind;
}

/** @param {'gates' | 'minutes'} flag */
function wholeNumber(flag) {
  const text = values[flag];
  if (text === undefined) return undefined;
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) fail(`--${flag}: \`${text}\` is not a whole number from 1`);
  return number;
}

/**
 * @param {string} message
 * @returns {never}
 */
function fail(message) {
  console.error(message);
  process.exit(2);
}

/** The first Ctrl-C ends the gate under way, the second this process at once. */
function openInterrupt() {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(INTERRUPTED);
      controller.abort(new Error('interrupted'));
    });
  }
  return controller.signal;
}

if (values.help) console.log(HELP);
else {
  if (!values.table) await prove();
  const text = renderTable(proofsOf, { flags: [...DESIGN, ...positionals], folder: values.out });
  if (values.table) await save(join(values.out, 'README.md'), text);
  console.log(text);
}

// @ts-check
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EXIT, messageOf, UsageError } from '../dist/errors.js';
import { save } from './file.js';
import { EXACT_MS, exactGate } from './prove-gate/exact.js';
import { KINDS, settingsOf } from './prove-gate/kinds.js';
import { HELP, parseOptions } from './prove-gate/options.js';
import { appendProof, readProofs } from './prove-gate/proofs.js';
import { renderTable } from './prove-gate/table.js';
import { longestMs, timingGate } from './prove-gate/timing.js';

/** @typedef {import('./prove-gate/options.js').Options} Options */
/** @typedef {import('./prove-gate/kinds.js').Kind} Kind */
/** @typedef {import('./prove-gate/proofs.js').Proof} Proof */

/** After these, what is wrong is for somebody to look at. */
const MAX_FAILED_IN_A_ROW = 3;

/**
 * Carries out the gates that are due, and says how it went by the exit code.
 *
 * @param {Options} options
 */
async function prove(options) {
  const signal = openInterrupt();
  let failedInARow = 0;
  for (const { name, number } of dueGates(options)) {
    const outcome = await carryOut(kindOf(name), number, options, signal).catch(messageOf);
    if (signal.aborted || outcome === undefined) return EXIT.interrupted;
    if (typeof outcome === 'string') {
      // It is no gate: neither counted nor done again before the next session.
      console.error(`${name} ${number}: no verdict: ${outcome}`);
      if (++failedInARow === MAX_FAILED_IN_A_ROW) return EXIT.runFailed;
    } else {
      failedInARow = 0;
      appendProof(fileOf(name, options), outcome);
      console.error(`${name} ${number}: ${outcome.verdict}${outcome.used > 0 ? ` after ${outcome.used} pairs` : ''}`);
    }
  }
  return EXIT.ok;
}

/**
 * Kind by kind in turn, so that whatever the machine does all of them get some of it.
 *
 * @param {Options} options
 */
function* dueGates(options) {
  const late = /** @type {Set<string>} */ (new Set());
  const most = (/** @type {string} */ name) => Math.min(options.gates, kindOf(name).gates);
  for (let number = 1; number <= Math.max(...options.kinds.map(most)); number++) {
    for (const name of options.kinds.filter((each) => number <= most(each))) {
      if (proofsOf(name, options).some((proof) => proof.number === number)) continue;
      if (isTimeFor(name, options)) yield { name, number };
      else late.add(name);
    }
  }
  if (late.size > 0) console.error(`no time is left for another gate of ${[...late].join(', ')}`);
}

/**
 * @param {string} name
 * @param {Options} options
 */
function isTimeFor(name, options) {
  const kind = kindOf(name);
  const gateMs = kind.tier === 'exact' ? EXACT_MS : longestMs(kind, options.flags);
  const longest = Math.max(gateMs, ...proofsOf(name, options).map(({ durationMs }) => durationMs));
  return performance.now() + longest <= options.endMs;
}

/**
 * @param {Kind} kind
 * @param {number} number
 * @param {Options} options
 * @param {AbortSignal} signal
 * @returns {Promise<Proof | undefined>} `undefined` after an interruption
 */
async function carryOut(kind, number, options, signal) {
  const flags = flagsOf(kind, options);
  const startedMs = performance.now();
  const scratch = mkdtempSync(join(tmpdir(), 'rtbench-prove-'));
  try {
    const gate =
      kind.tier === 'exact'
        ? await exactGate(kind.padding ?? 0, { scratch, signal })
        : await timingGate(kind, { number, flags, scratch, signal });
    const design = { flags, settings: settingsOf(kind) };
    return gate && { number, ...design, durationMs: Math.round(performance.now() - startedMs), ...gate };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/**
 * @param {string} name
 * @param {Options} options
 */
function proofsOf(name, options) {
  const kind = kindOf(name);
  return readProofs(fileOf(name, options), { flags: flagsOf(kind, options), settings: settingsOf(kind) });
}

/**
 * @param {string} name
 * @param {Options} options
 */
function fileOf(name, { out }) {
  return join(out, `${name}.jsonl`);
}

/**
 * @param {Kind} kind
 * @param {Options} options
 */
function flagsOf({ tier }, { flags }) {
  return tier === 'exact' ? [] : flags;
}

/** @param {string} name */
function kindOf(name) {
  const kind = KINDS[name];
  if (kind === undefined) throw new Error(`there is no kind ${name}`);
  return kind;
}

/** The first Ctrl-C ends the gate under way, the second this process at once. */
function openInterrupt() {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(EXIT.interrupted);
      controller.abort(new Error('interrupted'));
    });
  }
  return controller.signal;
}

try {
  const options = parseOptions(process.argv.slice(2));
  if (options.help) console.log(HELP);
  else {
    if (!options.table) process.exitCode = await prove(options);
    const { flags, out: folder } = options;
    const text = renderTable((name) => proofsOf(name, options), { flags, folder });
    if (options.table) await save(join(folder, 'README.md'), text);
    console.log(text);
  }
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  for (const problem of error.problems) console.error(problem);
  process.exitCode = EXIT.usage;
}

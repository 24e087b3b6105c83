// @ts-check
import { appendFileSync, existsSync, mkdirSync, readFileSync, truncateSync } from 'node:fs';
import { dirname } from 'node:path';
import { isDeepStrictEqual } from 'node:util';

/** @typedef {import('../../dist/report/gate/schema.js').GateReport} GateReport */

/**
 * A line of a file: a whole gate with its raw pairs.
 *
 * @typedef {object} Proof
 * @property {number} number from 1
 * @property {readonly string[]} flags of all gates
 * @property {import('./kinds.js').Settings} [settings] of its kind; absent in what was measured before there were any: none
 * @property {string} startedAt
 * @property {number} durationMs
 * @property {Machine} machine
 * @property {GateReport['verdict']} verdict
 * @property {number} used pairs
 * @property {GateReport['figures']} figures
 * @property {GateReport['pairs']} pairs
 * @property {import('./pilot.js').Injected} [injected] what was done to head, where it had to be measured before
 * @property {{ compared: number, differences: readonly object[] }} [exact] of the exact tier, which has no pairs
 */

/** @typedef {Omit<Proof, 'number' | 'flags' | 'settings' | 'durationMs'>} Measured */

/** @typedef {Pick<GateReport['environment'], 'cpu' | 'cores' | 'node' | 'kernel'>} Machine */

/** @typedef {{ flags: readonly string[], settings: import('./kinds.js').Settings }} Design */

/**
 * Those of the same design: those of another prove nothing of this one.
 *
 * @param {string} file
 * @param {Design} design
 * @returns {Proof[]}
 */
export function readProofs(file, design) {
  const { bytes, wholeBytes } = contentOf(file);
  const lines = bytes.subarray(0, wholeBytes).toString().split('\n');
  const proofs = lines.filter((line) => line !== '').map((line) => /** @type {Proof} */ (JSON.parse(line)));
  return proofs.filter(({ flags, settings = {} }) => isDeepStrictEqual({ flags, settings }, design));
}

/**
 * A line at the end of the file, in the place of what an earlier process began and did not finish.
 *
 * @param {string} file
 * @param {Proof} proof
 */
export function appendProof(file, proof) {
  mkdirSync(dirname(file), { recursive: true });
  const { bytes, wholeBytes } = contentOf(file);
  if (wholeBytes < bytes.length) truncateSync(file, wholeBytes);
  appendFileSync(file, `${JSON.stringify(proof)}\n`);
}

/** @param {string} file */
function contentOf(file) {
  const bytes = existsSync(file) ? readFileSync(file) : Buffer.alloc(0);
  return { bytes, wholeBytes: bytes.lastIndexOf('\n') + 1 };
}

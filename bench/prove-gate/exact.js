// @ts-check
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readEnvironment } from '../../dist/report/environment.js';
import { requireVerdict, rtbench } from './command.js';

/** One process each for the baseline and the check. */
export const EXACT_MS = 30_000;

/**
 * A baseline of the plain server, and a check of the one with so many bytes more against it.
 *
 * @param {number} padding 0 or 1
 * @param {{ scratch: string, signal: AbortSignal }} gate
 * @returns {Promise<import('./proofs.js').Measured | undefined>} `undefined` after an interruption
 */
export async function exactGate(padding, { scratch, signal }) {
  const startedAt = new Date().toISOString();
  const baseline = ['--baseline', join(scratch, 'baseline.json')];
  const saved = await rtbench(['check', '--save-baseline', '-t', serverWith(0), ...baseline], signal);
  if (signal.aborted) return undefined;
  if (saved.code !== 0) throw new Error(`rtbench ended with ${saved.code}: ${saved.stderr}`);
  const file = join(scratch, 'check.json');
  const checked = await rtbench(['check', '-t', serverWith(padding), ...baseline, '--json', file], signal);
  if (signal.aborted) return undefined;
  requireVerdict(checked);
  const { compared, differences } = JSON.parse(readFileSync(file, 'utf8'));
  const { cpu, cores, node, kernel } = readEnvironment({ pinning: null, deflateRatio: null });
  return {
    startedAt,
    machine: { cpu, cores, node, kernel },
    // What a job in a CI would go by.
    verdict: checked.code === 0 ? 'pass' : 'regression',
    ...{ used: 0, figures: [], pairs: [] },
    exact: { compared, differences },
  };
}

/** @param {number} padding */
function serverWith(padding) {
  return fileURLToPath(new URL(padding === 0 ? './websocket-plain.js' : './websocket-padded.js', import.meta.url));
}

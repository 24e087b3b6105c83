// @ts-check
/**
 * How long `rtbench --help` takes beside a program that only has commander, in alternating pairs. Prints the median
 * ratio; the bar is 1.3.
 *
 *     npm run build && npm run bench:startup
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median } from 'simple-statistics';

const PAIRS = 20;
const folder = mkdtempSync(join(tmpdir(), 'rtbench-startup-'));
const control = join(folder, 'control.mjs');
const commander = import.meta.resolve('commander');
writeFileSync(
  control,
  `import { Command } from ${JSON.stringify(commander)};\nnew Command('control').option('-x, --example').parse();\n`,
);
const ours = fileURLToPath(new URL('../dist/cli.js', import.meta.url));

/** @param {string} script */
function timeMs(script) {
  const startedMs = performance.now();
  const { status } = spawnSync(process.execPath, [script, '--help'], { stdio: 'ignore' });
  if (status !== 0) throw new Error(`${script} --help ended with ${status}`);
  return performance.now() - startedMs;
}

try {
  for (const script of [ours, control]) timeMs(script);
  const pairs = Array.from({ length: PAIRS }, (_, index) => {
    const order = index % 2 === 0 ? [ours, control] : [control, ours];
    const times = new Map(order.map((script) => [script, timeMs(script)]));
    return { oursMs: times.get(ours) ?? 0, controlMs: times.get(control) ?? 0 };
  });
  const ratios = pairs.map(({ oursMs, controlMs }) => oursMs / controlMs);
  const print = (/** @type {number} */ value) => value.toFixed(2);
  console.log(`rtbench --help: median ${print(median(pairs.map((pair) => pair.oursMs)))} ms`);
  console.log(`bare commander: median ${print(median(pairs.map((pair) => pair.controlMs)))} ms`);
  console.log(
    `ratio: median ${print(median(ratios))}, from ${print(Math.min(...ratios))} to ${print(Math.max(...ratios))} (${PAIRS} pairs; bar: 1.3)`,
  );
  process.exitCode = median(ratios) <= 1.3 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true });
}

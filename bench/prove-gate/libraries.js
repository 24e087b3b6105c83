// @ts-check
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Frames between two looks at how much is owed: a burn of some ten µs, far above what a look costs. */
const FRAMES_A_LOOK = 64;

/**
 * An exact copy of `ws`.
 *
 * @param {string} folder
 */
export function copyOf(folder) {
  const copy = join(folder, 'ws');
  cpSync(dirname(createRequire(import.meta.url).resolve('ws/package.json')), copy, { recursive: true });
  return copy;
}

/**
 * A copy whose sender burns `share` of the CPU that its process uses, on top of it.
 *
 * @param {string} folder
 * @param {number} share
 */
export function burningCopy(folder, share) {
  return patchedCopy(
    folder,
    'burn();',
    `
let frames = 0, burnedUs = 0, startUs = NaN;
const cpuUs = () => { const { user, system } = process.cpuUsage(); return user + system; };
function burn() {
  if (frames === 0) startUs = cpuUs();
  if (++frames % ${FRAMES_A_LOOK} !== 0) return;
  const beforeUs = cpuUs();
  const owedUs = ${share} * (beforeUs - startUs - burnedUs) - burnedUs;
  let nowUs = beforeUs;
  while (nowUs - beforeUs < owedUs) nowUs = cpuUs();
  burnedUs += nowUs - beforeUs;
}
`,
  );
}

/**
 * A copy whose process sleeps for `us` before the first frame of every so many broadcasts, whatever else there is to do:
 * all that waits for it waits, in its order, and no CPU is used. What the system wakes it too late by is taken off the next
 * sleeps.
 *
 * @param {string} folder
 * @param {{ us: number, everyBroadcasts: number }} stall
 */
export function stallingCopy(folder, { us, everyBroadcasts }) {
  return patchedCopy(
    folder,
    'stall(list);',
    `
const nobodyWakesIt = new Int32Array(new SharedArrayBuffer(4));
let body, broadcasts = 0, stalls = 0, lateMs = 0;
function stall(list) {
  if (list[1] === undefined || list[1] === body) return;
  body = list[1];
  if (++broadcasts % ${everyBroadcasts} !== 0) return;
  const askedMs = Math.max(0, ${us / 1_000} - lateMs);
  const fromMs = performance.now();
  Atomics.wait(nobodyWakesIt, 0, 0, askedMs);
  lateMs += (performance.now() - fromMs - askedMs - lateMs) / ++stalls;
}
`,
  );
}

/**
 * @param {string} folder
 * @param {string} call at the beginning of what writes a frame (`list`: its head and its body)
 * @param {string} definition of what is called
 */
function patchedCopy(folder, call, definition) {
  const copy = copyOf(folder);
  const sender = join(copy, 'lib/sender.js');
  const text = readFileSync(sender, 'utf8');
  const head = '  sendFrame(list, cb) {\n';
  if (!text.includes(head)) throw new Error('this version of ws has another sender: look for where it writes a frame');
  writeFileSync(sender, `${text.replace(head, `${head}    ${call}\n`)}\n${definition}`);
  return copy;
}

// @ts-check
/**
 * Clients of `ws` and, where it is told to, a publisher by plain timers: none of the generator's code. Prints, as one
 * line of JSON, the µs from each publish to each of its arrivals here.
 *
 *     node websocket.js '{"url":"…","ingress":{"host":"…","port":1},"rate":100,"seconds":5}'
 *
 * On standard input it takes `connect 9`, answered by `connected`, and then, with an ingress, `go`. It receives
 * until it has published everything, or its standard input ends.
 */
import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { encodePublish } from '../../dist/protocol/ingress.js';

const CHANNEL = 'news';
const SIZE_BYTES = 200;
const WARMUP_S = 2;
/** Digits of the stamp at a body's start, µs. */
const STAMP = 20;

const { url, ingress, rate, seconds } = JSON.parse(process.argv[2] ?? '{}');
const nowUs = () => Number(process.hrtime.bigint() / 1_000n);
/** @type {number[]} */
const latencies = [];
let recording = false;

for await (const line of createInterface({ input: process.stdin })) {
  const [command, count] = line.split(' ');
  if (command === 'go') break;
  for (let client = 0; client < Number(count); client++) await open();
  console.log('connected');
}

if (ingress) {
  const socket = connect(ingress).setNoDelay();
  await once(socket, 'connect');
  await publishFor(socket, WARMUP_S);
  recording = true;
  await publishFor(socket, seconds);
  console.log(JSON.stringify(latencies));
}
process.exit(0);

async function open() {
  const socket = new WebSocket(`${url}/ws?channel=${CHANNEL}`, 'rtbench', { perMessageDeflate: false });
  socket.on('message', (/** @type {Buffer} */ body) => {
    const latencyUs = nowUs() - Number(body.toString('latin1', 0, STAMP));
    if (recording) latencies.push(latencyUs);
  });
  await once(socket, 'open');
}

/**
 * Exponential gaps.
 *
 * @param {import('node:net').Socket} socket
 * @param {number} durationS
 */
async function publishFor(socket, durationS) {
  const endUs = nowUs() + durationS * 1e6;
  let dueUs = nowUs();
  for (;;) {
    dueUs += (-Math.log(1 - Math.random()) / rate) * 1e6;
    if (dueUs > endUs) break;
    const waitMs = (dueUs - nowUs()) / 1_000;
    if (waitMs > 0) await delay(waitMs);
    socket.write(encodePublish(CHANNEL, Buffer.from(String(nowUs()).padStart(STAMP, '0').padEnd(SIZE_BYTES, 'x'))));
  }
  await delay(300);
}

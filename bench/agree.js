// @ts-check
/**
 * Whether others see the same latency on the same server at the same load: a plain script with `ws` for a push, and
 * autocannon for polls. Alternating, five times each; writes reports/bench/agree.md.
 *
 *     npm run build && npm run bench:agree
 *
 * The machine should have nothing else to do.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
// @ts-expect-error it ships no types
import autocannon from 'autocannon';
import { mean, median, quantile } from 'simple-statistics';
import { registry } from '../dist/cli/registry.js';
import { readEnvironment } from '../dist/report/environment.js';
import { parseReport } from '../dist/report/report.js';
import { resolveRows } from '../dist/scenario/rows.js';
import { Child } from '../dist/suite/child.js';
import { assignRoles } from '../dist/suite/roles.js';
import { save } from './file.js';
import { pollUrl } from './tools/poll-url.js';
import { serverStart, workloadOf } from './workload.js';

const TRIALS = 5;
const PUSH = { clients: 50, probes: 5, rate: 100, seconds: 5 };
/** Few milliseconds between polls, so that the answer's own time is not lost in the wait for a poll: 100 polls/s. */
const POLL = { clients: 3, intervalMs: 30, rate: 100, seconds: 10 };
/** What is called agreement: medians of the trials no further apart than this. */
const BOUND = 0.25;
const BOUND_POLL_MS = 1;

const path = (/** @type {string} */ name) => fileURLToPath(new URL(name, import.meta.url));

const push = { ours: /** @type {Figures[]} */ ([]), theirs: /** @type {Figures[]} */ ([]) };
const poll = { ours: /** @type {number[]} */ ([]), theirs: /** @type {number[]} */ ([]) };
for (let trial = 0; trial < TRIALS; trial++) {
  const steps = [
    async () => void push.ours.push(ourPush(trial + 1)),
    async () => void push.theirs.push(await theirPush(trial + 1)),
    async () => void poll.ours.push(ourPollMean()),
    async () => void poll.theirs.push(await theirAnswerMean()),
  ];
  if (trial % 2 === 1) steps.reverse();
  for (const step of steps) await step();
  console.error(`${trial + 1} of ${TRIALS}`);
}
const text = page();
await save(path('../reports/bench/agree.md'), text);
console.log(text);

/** @typedef {{ p50: number, p90: number }} Figures µs */

/**
 * @param {number} seed
 * @returns {Figures}
 */
function ourPush(seed) {
  const { clients, probes, rate, seconds } = PUSH;
  const row = run([
    '-t',
    'websocket',
    '--clients',
    `${clients}`,
    '--probes',
    `${probes}`,
    '--rate',
    `${rate}/s`,
    '--duration',
    `${seconds}s`,
    '--seed',
    `${seed}`,
  ]);
  return { p50: row.serviceLatencyUs.p50 ?? 0, p90: row.serviceLatencyUs.p90 ?? 0 };
}

/**
 * @param {number} seed
 * @returns {Promise<Figures>}
 */
async function theirPush(seed) {
  const { clients, probes, rate, seconds } = PUSH;
  const workload = workloadOf({ clients, ratePerSecond: rate, seconds });
  // The same places among the subscribers: whoever comes late in a fan-out waits for the others.
  const { probe: timed, connectOrder } = assignRoles({ workload, probes, workers: 1 }, seed);
  return onServer('websocket', rate, clients, async ({ urls, ingress }) => {
    const crowd = plain({ url: urls[0] });
    const probe = plain({ url: urls[0], ingress, rate, seconds });
    try {
      for (const group of connectOrder) {
        const { child, line } = timed.includes(group[0] ?? -1) ? probe : crowd;
        child.stdin.write(`connect ${group.length}\n`);
        await line();
      }
      probe.child.stdin.write('go\n');
      const latencies = JSON.parse(await probe.line());
      return { p50: quantile(latencies, 0.5), p90: quantile(latencies, 0.9) };
    } finally {
      for (const { child } of [crowd, probe]) child.kill();
    }
  });
}

/** @param {object} options */
function plain(options) {
  const child = spawn(process.execPath, [path('./plain/websocket.js'), JSON.stringify(options)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const line = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error('the plain script ended early');
    return String(value);
  };
  return { child, line };
}

/** Mean service latency of short polling, ms. */
function ourPollMean() {
  const { clients, intervalMs, rate, seconds } = POLL;
  const row = run([
    '-t',
    `short-polling:intervalMs=${intervalMs}`,
    '--clients',
    `${clients}`,
    '--probes',
    `${clients}`,
    '--rate',
    `${rate}/s`,
    '--duration',
    `${seconds}s`,
  ]);
  return (row.serviceLatencyUs.mean ?? 0) / 1_000;
}

/**
 * Mean time of an answer at the same rate of polls, ms. autocannon sends a second's requests back to back, so there are
 * as many of it as polls a second, each with one request a second, evenly spread. The mean is taken from its events: its
 * own histogram keeps whole milliseconds.
 */
function theirAnswerMean() {
  const { clients, intervalMs, rate, seconds } = POLL;
  const pollsPerSecond = Math.round((clients * 1_000) / intervalMs);
  return onServer('short-polling', rate, clients, async (ready) => {
    const url = await pollUrl(ready);
    /** @type {number[]} */
    const answersMs = [];
    const one = async () => {
      const running = autocannon({
        ...{ url, connections: 1, overallRate: 1, duration: seconds, ignoreCoordinatedOmission: true },
      });
      running.on(
        'response',
        (
          /** @type {unknown} */ _,
          /** @type {number} */ status,
          /** @type {number} */ __,
          /** @type {number} */ ms,
        ) => {
          if (status === 200) answersMs.push(ms);
        },
      );
      const { errors, non2xx } = await running;
      if (errors + non2xx > 0) throw new Error(`autocannon: ${errors} errors, ${non2xx} refused`);
    };
    const all = [];
    for (let started = 0; started < pollsPerSecond; started++) {
      all.push(one());
      await delay(1_000 / pollsPerSecond);
    }
    await Promise.all(all);
    return mean(answersMs);
  });
}

/**
 * @template T
 * @param {string} transport
 * @param {number} ratePerSecond
 * @param {number} clients
 * @param {(ready: Extract<import('../dist/protocol/messages.js').FromServer, { type: 'ready' }>) => Promise<T>} use
 */
async function onServer(transport, ratePerSecond, clients, use) {
  const [row] = await resolveRows([{ spec: transport, where: 'bench' }], 'server', registry);
  if (!row) throw new Error(`no ${transport}`);
  /** @type {Child<import('../dist/protocol/messages.js').ToServer, import('../dist/protocol/messages.js').FromServer>} */
  const server = new Child({ title: 'server', entry: new URL('../dist/server/main.js', import.meta.url) });
  try {
    await server.hello();
    const ready = await server.request(
      {
        ...serverStart(workloadOf({ clients, ratePerSecond, seconds: 5 }), 0),
        epochNs: String(process.hrtime.bigint()),
        transports: [{ module: row.module, settings: row.settings }],
      },
      'ready',
      30_000,
    );
    return await use(ready);
  } finally {
    await server.stop({ type: 'stop' });
  }
}

/** @param {readonly string[]} args */
function run(args) {
  const scratch = mkdtempSync(join(tmpdir(), 'rtbench-agree-'));
  try {
    const file = join(scratch, 'result.json');
    const command = [path('../dist/cli.js'), 'run', ...args, '--no-floor', '--rounds', '1', '--no-ui'];
    spawnSync(process.execPath, [...command, '--out', join(scratch, 'out'), '--json', file], { stdio: 'ignore' });
    const [row] = parseReport(readFileSync(file, 'utf8'), file).transports;
    if (row?.state !== 'completed') throw new Error(`rtbench run ${args.join(' ')}: ${row?.reasons.join('; ')}`);
    return row;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function page() {
  const { cpu, cores, node, kernel } = readEnvironment({ pinning: null, deflateRatio: null });
  const ms = (/** @type {number} */ us) => (us / 1_000).toFixed(2);
  const p50 = ratioOf('p50');
  const p90 = ratioOf('p90');
  const expected = POLL.intervalMs / 2 + median(poll.theirs);
  const apart = median(poll.ours) - expected;
  return [
    '# Whether others see the same latency',
    '',
    `Made by \`npm run bench:agree\`, ${new Date().toISOString().slice(0, 10)}, on ${cpu}, ${cores} cores, Node ${node}, Linux ${kernel}.`,
    '',
    '## Push: a plain script with `ws`',
    '',
    `The same server, ${PUSH.clients} clients, ${PUSH.rate} messages/s of 200 B, ${PUSH.probes} clients timed in the process that publishes; latency from`,
    'the publish to the callback, ms.',
    '',
    '| trial | rtbench p50 | plain p50 | rtbench p90 | plain p90 |',
    '| --- | --- | --- | --- | --- |',
    ...push.ours.map((ours, trial) => {
      const theirs = push.theirs[trial] ?? { p50: 0, p90: 0 };
      return `| ${trial + 1} | ${ms(ours.p50)} | ${ms(theirs.p50)} | ${ms(ours.p90)} | ${ms(theirs.p90)} |`;
    }),
    '',
    `Medians, rtbench over plain: p50 ${p50.toFixed(2)}, p90 ${p90.toFixed(2)}. Bound: within ${BOUND * 100} %. ${[p50, p90].every((ratio) => Math.abs(ratio - 1) <= BOUND) ? 'They agree.' : 'They do not agree.'}`,
    '',
    '## Polling: autocannon',
    '',
    `${POLL.clients} clients that poll every ${POLL.intervalMs} ms. A message waits for half an interval on the mean, and then for the answer, which`,
    'autocannon times at the same rate of polls; ms.',
    '',
    '| trial | rtbench mean | autocannon mean answer |',
    '| --- | --- | --- |',
    ...poll.ours.map(
      (ours, trial) => `| ${trial + 1} | ${ours.toFixed(2)} | ${(poll.theirs[trial] ?? 0).toFixed(2)} |`,
    ),
    '',
    `Expected ${(POLL.intervalMs / 2).toFixed(1)} + ${median(poll.theirs).toFixed(2)} = ${expected.toFixed(2)} ms, reported ${median(poll.ours).toFixed(2)} ms, apart by ${apart.toFixed(2)} ms. Bound: ${BOUND_POLL_MS} ms. ${Math.abs(apart) <= BOUND_POLL_MS ? 'They agree.' : 'They do not agree.'}`,
    '',
  ].join('\n');
}

/** @param {'p50' | 'p90'} key */
function ratioOf(key) {
  return median(push.ours.map((figures) => figures[key])) / median(push.theirs.map((figures) => figures[key]));
}

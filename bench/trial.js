// @ts-check
import { setTimeout as delay } from 'node:timers/promises';
import { makeSchedule } from '../dist/load/schedule.js';
import { HostClock } from '../dist/metrics/clock.js';
import { Child } from '../dist/suite/child.js';
import { pin } from '../dist/suite/pinning.js';
import { serverStart, workloadOf } from './workload.js';

const ANSWER_TIMEOUT_MS = 30_000;
/** After a phase, for the last messages to arrive. */
const QUIET_MS = 300;
/** From sending the start of a phase until it begins. */
const LEAD_MS = 20;

/**
 * @typedef {import('../dist/protocol/messages.js').ToWorker} ToWorker
 * @typedef {import('../dist/protocol/messages.js').FromWorker} FromWorker
 * @typedef {import('../dist/protocol/messages.js').ToServer} ToServer
 * @typedef {import('../dist/protocol/messages.js').FromServer} FromServer
 * @typedef {import('../dist/protocol/messages.js').PublishPhase} PublishPhase
 * @typedef {Child<ToWorker, FromWorker>} WorkerChild
 * @typedef {Child<ToServer, FromServer>} ServerChild
 */

/**
 * @typedef {object} TrialOptions
 * @property {import('./contests.js').Contest} contest
 * @property {import('./contests.js').Subject} subject
 * @property {number} seed
 * @property {number} clients
 * @property {number} seconds
 * @property {string | undefined} profile
 * @property {boolean} pinned
 */

/**
 * What the subject did between two marks: after the warm-up, and after the window and the time its last messages take.
 *
 * @typedef {object} Outcome
 * @property {number} cpuUs
 * @property {number} deliveries messages handed to clients, as the server counts them
 * @property {number} polls answers, as the server counts them
 * @property {number} seconds
 */

/**
 * One trial: a fresh server, a process that publishes, and the subject, which has all the clients.
 *
 * @param {TrialOptions} options
 * @returns {Promise<Outcome>} Rejects when a process fails, or messages are missing; all processes are gone then.
 */
export async function measure(options) {
  const trial = new Trial(options);
  try {
    return await trial.conduct();
  } finally {
    await trial.end();
  }
}

class Trial {
  #options;
  #workload;
  #epochNs = process.hrtime.bigint();
  #clock = new HostClock(this.#epochNs);
  /** @type {{ stop(message: { type: 'stop' }): Promise<void> }[]} */
  #children = [];

  /** @param {TrialOptions} options */
  constructor(options) {
    this.#options = options;
    this.#workload = workloadOf({ ...options, ratePerSecond: options.contest.ratePerSecond });
  }

  async conduct() {
    const { contest, subject: side, pinned } = this.#options;
    /** @type {ServerChild} */
    const server = await this.#start('server', new URL('../dist/server/main.js', import.meta.url), ['--expose-gc']);
    /** @type {WorkerChild} */
    const publisher = await this.#start('publisher', contest.generator.entry, []);
    /** @type {WorkerChild} */
    const subject = await this.#start(side.title, side.entry, this.#profileFlags());
    if (pinned) await Promise.all([pin(server.pid, [subject.pid]), pin(publisher.pid, [])]);
    await this.#prepare(server, publisher, subject);

    await this.#publish('warmup', this.#workload.warmupMs, publisher, subject);
    const before = await this.#sample('settled', server, subject);
    await this.#publish('window', this.#workload.durationMs, publisher, subject);
    const after = await this.#sample('windowEnd', server, subject);

    const outcome = {
      cpuUs: after.subject.cpuUs - before.subject.cpuUs,
      deliveries: handedOver(after.server) - handedOver(before.server),
      polls: after.server.answers.total - before.server.answers.total,
      seconds: (after.subject.atUs - before.subject.atUs) / 1_000_000,
    };
    this.#check(outcome);
    if (side === contest.generator) await this.#checkLedger(subject);
    return outcome;
  }

  /** Ends all processes. */
  async end() {
    await Promise.all(this.#children.map((child) => child.stop({ type: 'stop' })));
  }

  /**
   * @template {{ type: string }} Out
   * @template {{ type: string }} In
   * @param {string} title
   * @param {URL} entry
   * @param {readonly string[]} execArgv
   * @returns {Promise<Child<Out | { type: 'stop' }, In>>}
   */
  async #start(title, entry, execArgv) {
    /** @type {Child<Out | { type: 'stop' }, In>} */
    const child = new Child({ title, entry, execArgv });
    this.#children.push(child);
    await child.hello();
    return child;
  }

  /**
   * @param {ServerChild} server
   * @param {WorkerChild} publisher
   * @param {WorkerChild} subject
   */
  async #prepare(server, publisher, subject) {
    const { contest, seed, clients } = this.#options;
    const { module, settings, worstWaitMs } = contest.row;
    const workload = this.#workload;
    const transport = { module, settings };
    const epochNs = String(this.#epochNs);
    const start = serverStart(workload, worstWaitMs);
    const { urls, ingress } = await server.request(
      { ...start, epochNs, transports: [transport] },
      'ready',
      ANSWER_TIMEOUT_MS,
    );
    const all = Array.from({ length: clients }, (_, client) => client);
    const common = {
      type: /** @type {const} */ ('prepare'),
      epochNs,
      transport,
      urls,
      tls: null,
      seed,
      workload,
      turn: null,
    };
    await Promise.all([
      publisher.request({ ...common, role: 'probe', ingress, clients: [] }, 'ready', ANSWER_TIMEOUT_MS),
      subject.request({ ...common, role: 'crowd', ingress: null, clients: all }, 'ready', ANSWER_TIMEOUT_MS),
    ]);
    await subject.request({ type: 'connect', clients: all }, 'connected', ANSWER_TIMEOUT_MS);
  }

  /**
   * Publishes a phase and waits until its last message has had the time to arrive; the same time for every subject.
   *
   * @param {PublishPhase} phase
   * @param {number} durationMs
   * @param {WorkerChild} publisher
   * @param {WorkerChild} subject
   */
  async #publish(phase, durationMs, publisher, subject) {
    const startUs = this.#clock.nowUs() + LEAD_MS * 1_000;
    const published = publisher.next('published', durationMs + ANSWER_TIMEOUT_MS, (notice) => notice.phase === phase);
    for (const child of [publisher, subject]) child.send({ type: 'publish', phase, startUs });
    const untilQuietMs = LEAD_MS + durationMs + this.#options.contest.row.worstWaitMs + QUIET_MS;
    await Promise.race([Promise.all([published, delay(untilQuietMs)]), subject.failure]);
  }

  /**
   * @param {'settled' | 'windowEnd'} mark
   * @param {ServerChild} server
   * @param {WorkerChild} subject
   */
  async #sample(mark, server, subject) {
    const [ofSubject, ofServer] = await Promise.all([
      subject.request({ type: 'sample', mark }, 'sample', ANSWER_TIMEOUT_MS),
      server.request({ type: 'sample', mark, collectGarbage: false }, 'sample', ANSWER_TIMEOUT_MS),
    ]);
    return { subject: ofSubject.sample, server: ofServer.sample };
  }

  /** @param {Outcome} outcome */
  #check({ deliveries, polls }) {
    const { contest, subject, seed, clients } = this.#options;
    const expected = makeSchedule(seed, this.#workload).windowCount * clients;
    if (deliveries !== expected) {
      throw new Error(`${subject.title}: ${deliveries} of ${expected} messages went to its clients in time`);
    }
    if (contest.unit === 'poll' && polls === 0) throw new Error(`${subject.title}: no poll was answered`);
  }

  /** @param {WorkerChild} generator */
  async #checkLedger(generator) {
    const { tally } = await generator.request({ type: 'collect' }, 'tally', ANSWER_TIMEOUT_MS);
    const { lost, duplicated, delivered, expected } = tally.delivery;
    if (lost > 0 || duplicated > 0 || tally.errors.length > 0) {
      const reasons = [`${delivered} of ${expected} messages arrived, ${duplicated} twice`, ...tally.errors];
      throw new Error(`generator: ${reasons.join('; ')}`);
    }
  }

  #profileFlags() {
    const { profile, contest, subject } = this.#options;
    if (profile === undefined) return [];
    return ['--cpu-prof', `--cpu-prof-dir=${profile}`, `--cpu-prof-name=${contest.name}-${subject.title}.cpuprofile`];
  }
}

/**
 * Pushed, or fetched by polls.
 *
 * @param {import('../dist/protocol/messages.js').ServerSample} sample
 */
function handedOver({ hub, answers }) {
  return hub.delivered + answers.messages;
}

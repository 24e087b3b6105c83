import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../errors.js';
import { HostClock } from '../metrics/clock.js';
import type { FromHerd, HerdTally, ToHerd } from '../protocol/herd-messages.js';
import type { HerdRun } from '../report/herd.js';
import { herdTheory } from '../report/herd-theory.js';
import type { HerdPlan } from '../scenario/herd-plan.js';
import type { ReconnectPolicy } from '../scenario/reconnect-policy.js';
import { WAIT } from '../scenario/when-full.js';
import { FIRST_ID, SERVER_LIMITS } from '../server/limits.js';
import { credentialsOf } from './auth-cost.js';
import { Child } from './child.js';
import { ServerProcess, type Start } from './server-process.js';

const ANSWER_TIMEOUT_MS = 30_000;
/** What clients may take beyond their policy: to be accepted, and to notice that the server is gone. */
const PATIENCE_MS = 15_000;
const HISTORY = { messages: 1, bytes: 1_024 };
const STOP = { type: 'stop' } as const;

export interface HerdOptions {
  readonly plan: HerdPlan;
  readonly signal: AbortSignal;
  readonly onProgress: (policy: ReconnectPolicy, progress: HerdProgress) => void;
  /** Called after each policy with all runs so far, to save them; waited for. */
  readonly onRun: (runs: readonly HerdRun[]) => Promise<void>;
}

export type HerdProgress =
  | { readonly step: 'connecting' | 'lost' | 'listening' | 'whole' }
  | { readonly step: 'returning'; readonly back: number };

/** One herd for each policy, one after the other, each with processes of its own; stops after the one an abort ends. */
export async function measureHerds(options: HerdOptions): Promise<readonly HerdRun[]> {
  const runs: HerdRun[] = [];
  for (const policy of options.plan.policies) {
    if (options.signal.aborted) break;
    runs.push(await measureOne(policy, options));
    await options.onRun(runs);
  }
  return runs;
}

async function measureOne(policy: ReconnectPolicy, options: HerdOptions): Promise<HerdRun> {
  const { signal } = options;
  const herd = new HerdProcesses(policy, options);
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error('interrupted')), { once: true });
  });
  try {
    return await Promise.race([herd.measure(), aborted]);
  } catch (error) {
    return { state: signal.aborted ? 'aborted' : 'failed', policy, reason: messageOf(error) };
  } finally {
    await herd.stop();
  }
}

type HerdChild = Child<ToHerd, FromHerd>;

/** The processes of one herd: the server, which another one replaces, and the clients. */
class HerdProcesses {
  readonly #policy: ReconnectPolicy;
  readonly #options: HerdOptions;
  readonly #epochNs = process.hrtime.bigint();
  readonly #clock = new HostClock(this.#epochNs);
  /** Why it ends unasked is told to whoever asks it next. */
  readonly #server = new ServerProcess({ isReplaceable: true, onFailure: () => {} });
  readonly #herds: readonly HerdChild[];
  readonly #back: number[];

  constructor(policy: ReconnectPolicy, options: HerdOptions) {
    this.#policy = policy;
    this.#options = options;
    this.#herds = Array.from({ length: options.plan.workers }, (_, index) => startHerd(index));
    this.#back = this.#herds.map(() => 0);
    for (const [index, child] of this.#herds.entries()) {
      child.onMessage((message) => {
        if (message.type === 'progress') this.#noteBack(index, message.back);
      });
    }
  }

  async measure(): Promise<HerdRun> {
    const { plan } = this.#options;
    await Promise.all([this.#server, ...this.#herds].map((child) => child.hello()));
    const { urls } = await this.#server.start(this.#serverStart());
    await this.#server.prepareSuccessor([plan.row.module]);
    const connectAllMs = await this.#connect(urls);
    this.#note('lost');
    const whole = this.#untilWhole();
    // Where the server fails to return first, that is the reason to tell.
    whole.catch(() => {});
    let goneUs = this.#clock.nowUs();
    const returned = await this.#server.replace({
      how: plan.leave,
      awayMs: plan.awayMs,
      onEnding: () => {
        goneUs = this.#clock.nowUs();
      },
    });
    const before = await this.#server.sample('connected', false);
    this.#note('listening');
    await whole;
    const after = await this.#server.sample('connected', false);
    this.#note('whole');
    const { atUs } = await this.#server.request({ type: 'collectAccepts' }, 'accepts');
    return {
      state: 'completed',
      policy: this.#policy,
      connectAllMs,
      goneUs,
      returnedUs: returned.listeningUs,
      acceptsUs: atUs,
      server: { cpuUs: after.cpuUs - before.cpuUs, overUs: after.atUs - before.atUs },
      tallies: await this.#collect(),
    };
  }

  async stop(): Promise<void> {
    await Promise.all(this.#herds.map((child) => child.stop(STOP)));
    await this.#server.stop();
  }

  #serverStart(): Start {
    const { plan } = this.#options;
    return {
      type: 'start',
      epochNs: String(this.#epochNs),
      transports: [{ module: plan.row.module, settings: plan.row.settings }],
      payload: 'text',
      limits: SERVER_LIMITS,
      whenFull: WAIT,
      firstId: FIRST_ID,
      history: HISTORY,
      addresses: plan.addresses,
      tls: null,
      credentials: credentialsOf(plan.row, plan.auth, plan.seed),
      logsAccepts: true,
    };
  }

  /** Resolves to how long it took, ms, with every process ready. */
  async #connect(urls: readonly string[]): Promise<number> {
    const { plan } = this.#options;
    this.#note('connecting');
    const timeoutMs = ANSWER_TIMEOUT_MS + 10 * plan.clients;
    await Promise.all(
      this.#herds.map(async (child, index) => {
        const prepare: ToHerd = {
          type: 'prepare',
          epochNs: String(this.#epochNs),
          transport: { module: plan.row.module, settings: plan.row.settings },
          urls,
          clients: clientsOf(index, plan),
          policy: this.#policy.spec,
          scale: this.#policy.scale,
          seed: plan.seed,
          credentials: credentialsOf(plan.row, plan.auth, plan.seed),
        };
        await child.request(prepare, 'ready', ANSWER_TIMEOUT_MS);
      }),
    );
    const startUs = this.#clock.nowUs();
    await Promise.all(this.#herds.map((child) => child.request({ type: 'connect' }, 'connected', timeoutMs)));
    return (this.#clock.nowUs() - startUs) / 1_000;
  }

  /** Resolves when every client is back, or has had the time that its policy and the machine may take. */
  async #untilWhole(): Promise<void> {
    const { plan } = this.#options;
    const { backMs } = herdTheory({ ...plan, policy: this.#policy, binMs: plan.windowMs });
    const timeoutMs = plan.awayMs + 2 * backMs.all + plan.row.worstWaitMs + PATIENCE_MS;
    const all = Promise.all(this.#herds.map((child) => child.next('whole', 2 ** 31 - 1)));
    const timer = new AbortController();
    try {
      await Promise.race([all, delay(timeoutMs, undefined, { signal: timer.signal })]);
    } finally {
      timer.abort();
    }
  }

  #collect(): Promise<HerdTally[]> {
    return Promise.all(
      this.#herds.map(async (child) => (await child.request({ type: 'collect' }, 'tally', ANSWER_TIMEOUT_MS)).tally),
    );
  }

  #note(step: 'connecting' | 'lost' | 'listening' | 'whole'): void {
    this.#options.onProgress(this.#policy, { step });
  }

  #noteBack(index: number, back: number): void {
    this.#back[index] = back;
    const total = this.#back.reduce((sum, count) => sum + count, 0);
    this.#options.onProgress(this.#policy, { step: 'returning', back: total });
  }
}

function startHerd(index: number): HerdChild {
  return new Child<ToHerd, FromHerd>({
    title: `herd ${index + 1}`,
    entry: new URL('../load/herd-main.js', import.meta.url),
  });
}

/** Dealt like cards. */
function clientsOf(index: number, { clients, workers }: HerdPlan): readonly number[] {
  return Array.from({ length: clients }, (_, client) => client).filter((client) => client % workers === index);
}

import type { Between } from '../network/between.js';
import type { Endpoint, Speech } from '../protocol/messages.js';

/** What stands between clients and server in a run, in processes of its own. */
export interface BetweenProcesses extends Between {
  readonly pids: readonly number[];
  /** Rejects, with the reason, when one of them ends or fails. Never resolves. */
  readonly failure: Promise<never>;
}

/** Starts it once the server's addresses are known, and what is spoken there. Rejects with nothing left open. */
export type StartBetween = (upstreams: readonly Endpoint[], speech: Speech) => Promise<BetweenProcesses>;

/** Several as one: the first stands next to the server, the last next to the clients. */
export function oneBehindTheOther(starts: readonly StartBetween[]): StartBetween {
  return async (upstreams, speech) => {
    const started: BetweenProcesses[] = [];
    const stop = async () => {
      await Promise.all(started.map((between) => between.stop()));
    };
    try {
      let addresses = upstreams;
      for (const start of starts) {
        const between = await start(addresses, speech);
        started.push(between);
        addresses = between.addresses;
      }
      const failure = Promise.race(started.map((between) => between.failure));
      return { addresses, pids: started.flatMap(({ pids }) => pids), failure, stop };
    } catch (error) {
      await stop();
      throw error;
    }
  };
}

/** The addresses in these URLs, each once, in their order. */
export function endpointsOf(urls: readonly string[]): Endpoint[] {
  return [...new Set(urls.map(hostOf))].map((host) => {
    const at = host.lastIndexOf(':');
    return { host: host.slice(0, at), port: Number(host.slice(at + 1)) };
  });
}

/** The same URLs by way of what stands between: each address of `upstreams` replaced by its counterpart in `addresses`. */
export function detour(
  urls: readonly string[],
  upstreams: readonly Endpoint[],
  addresses: readonly Endpoint[],
): string[] {
  const instead = new Map(upstreams.map((upstream, index) => [spell(upstream), addresses[index]]));
  return urls.map((url) => {
    const host = hostOf(url);
    const address = instead.get(host);
    if (!address) throw new Error(`nothing stands between clients and ${url}`);
    return url.replace(host, spell(address));
  });
}

/** `host:port`. */
function hostOf(url: string): string {
  return new URL(url).host;
}

function spell({ host, port }: Endpoint): string {
  return `${host}:${port}`;
}

import type { Target, TargetServer } from './target.js';

/** Written in an address of a target, in its command and in `ready`: the port that each run gives to its server. */
export const PORT_REFERENCE = '{port}';

/** With port 0, as which a port that is not known yet can be parsed: `http://localhost:{port}` → `http://localhost:0`. */
export function withOpenPort(url: string): string {
  return url.replace(/:\{port\}(?=$|\/)/, ':0');
}

/** The inverse, for people. */
export function spellOpenPort(url: string): string {
  return hasOpenPort(url) ? url.replace(/:0(?=$|\/)/, `:${PORT_REFERENCE}`) : url;
}

/** Whether each run has a port of its own there. */
export function hasOpenPort(url: string): boolean {
  return new URL(url).port === '0';
}

/** The address with this port where none is known yet. */
export function urlAtPort(url: string, port: number): string {
  return hasOpenPort(url) ? url.replace(/:0(?=$|\/)/, `:${port}`) : url;
}

/** A target whose server gets this port: in every address, its command, and as PORT in its environment. */
export function targetAtPort(target: Target, port: number): Target {
  const at = (url: string) => urlAtPort(url, port);
  return {
    ...target,
    url: at(target.url),
    endpoints: Object.fromEntries(
      Object.entries(target.endpoints).map(([name, endpoint]) => [
        name,
        endpoint.url === undefined ? endpoint : { ...endpoint, url: at(endpoint.url) },
      ]),
    ),
    publish: target.publish && { ...target.publish, url: target.publish.url === null ? null : at(target.publish.url) },
    server: target.server?.kind === 'command' ? commandAtPort(target.server, port) : target.server,
  };
}

function commandAtPort(server: Extract<TargetServer, { kind: 'command' }>, port: number): TargetServer {
  const filled = (text: string) => text.replaceAll(PORT_REFERENCE, String(port));
  return {
    ...server,
    command: filled(server.command),
    ready: server.ready === null ? null : filled(server.ready),
    environment: { ...server.environment, PORT: String(port) },
  };
}

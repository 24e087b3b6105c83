import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import type { Endpoint } from '../../protocol/messages.js';

/** For each host an endpoint at which nobody listens right now, all different; for programs that must be told a port. */
export async function freeEndpoints(hosts: readonly string[]): Promise<Endpoint[]> {
  const servers: Server[] = [];
  try {
    for (const host of hosts) {
      const server = createServer();
      servers.push(server);
      server.listen(0, host);
      await once(server, 'listening');
    }
    return servers.map((server, index) => ({
      host: hosts[index] ?? '',
      port: (server.address() as AddressInfo).port,
    }));
  } finally {
    await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  }
}

import { HAPROXY_MENDS } from './haproxy-lines.js';
import { address, type ForeignMiddlebox, type Lane, type Mend, textsAt } from './middlebox.js';

export const haproxy: ForeignMiddlebox = {
  kind: 'foreign',
  name: 'haproxy',
  title: 'HAProxy',
  command: 'haproxy',
  version: { args: ['-v'], pattern: /version (\S+)/ },
  debianPackage: 'haproxy',
  defaultSummary: 'mode http with the timeouts that Debian ships: connect 5s, client 50s, server 50s',
  mends: HAPROXY_MENDS,
  configuration(lanes, mends) {
    return [
      'defaults',
      '  mode http',
      '  timeout connect 5s',
      '  timeout client 50s',
      '  timeout server 50s',
      // Of two lines that set the same, the later holds.
      ...textsAt('defaults', mends).map((text) => `  ${text}`),
      ...lanes.flatMap((lane, index) => lines(lane, index, mends)),
      '',
    ].join('\n');
  },
  // In the foreground, as one process.
  args: (file) => ['-db', '-f', file],
};

function lines({ listen, server }: Lane, index: number, mends: readonly Mend[]): string[] {
  return [
    `listen lane${index}`,
    `  bind ${[address(listen), ...textsAt('bind', mends)].join(' ')}`,
    `  server upstream ${[address(server), ...textsAt('server', mends)].join(' ')}`,
  ];
}

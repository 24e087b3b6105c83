import { address, type ForeignMiddlebox, type Lane, type Mend, textsAt } from './middlebox.js';
import { NGINX_MENDS } from './nginx-lines.js';

/** Folders that nginx makes at its start and that would otherwise be the system's. */
const TEMPORARY = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];

export const nginx: ForeignMiddlebox = {
  kind: 'foreign',
  name: 'nginx',
  title: 'nginx',
  command: 'nginx',
  version: { args: ['-v'], pattern: /nginx\/(\S+)/ },
  debianPackage: 'nginx-light',
  defaultSummary: 'location / { proxy_pass http://<server>; } and nothing else',
  mends: NGINX_MENDS,
  configuration(lanes, mends, folder) {
    const servers = lanes.map((lane) => serverBlock(lane, mends));
    // Its workers would give up root for a user who may not enter the folder.
    const user = process.getuid?.() === 0 ? ['user root;'] : [];
    return [
      ...user,
      'daemon off;',
      'worker_processes 1;',
      'error_log stderr error;',
      `pid ${folder}/nginx.pid;`,
      'events { worker_connections 8192; }',
      'http {',
      '  access_log off;',
      ...TEMPORARY.map((name) => `  ${name}_temp_path ${folder}/${name};`),
      ...textsAt('http', mends).map((text) => `  ${text}`),
      ...servers,
      '}',
      '',
    ].join('\n');
  },
  args: (file, folder) => ['-p', folder, '-c', file, '-e', 'stderr'],
};

function serverBlock({ listen, server }: Lane, mends: readonly Mend[]): string {
  const pass = textsAt('pass', mends);
  const lines = [...(pass.length > 0 ? pass : ['proxy_pass http://UPSTREAM;']), ...textsAt('location', mends)];
  return [
    '  server {',
    `    listen ${[address(listen), ...textsAt('listen', mends)].join(' ')};`,
    '    location / {',
    ...lines.map((text) => `      ${text.replaceAll('UPSTREAM', address(server))}`),
    '    }',
    '  }',
  ].join('\n');
}

import type { Socket } from 'node:net';

const MAX_HEAD_BYTES = 64 * 1024;
const HEAD_END = '\r\n\r\n';
/** Headers between two neighbours; HTTP/1.0 knows none of them but Connection. */
const HOP_BY_HOP = /^(connection|upgrade|keep-alive|transfer-encoding|te|proxy-connection):/i;

/** Passes one request and its answer on, each rewritten to HTTP/1.0, and then closes. */
export function forwardAsHttp10(client: Socket, server: Socket): void {
  rewriteHead(client, server, (line) => line.replace(/HTTP\/\d\.\d$/, 'HTTP/1.0'));
  rewriteHead(server, client, (line) => line.replace(/^HTTP\/\d\.\d/, 'HTTP/1.0'));
  server.once('end', () => client.end());
  client.once('close', () => server.destroy());
  server.once('close', () => client.destroySoon());
}

/** Holds back what comes until the head is whole; the body passes as it comes. */
function rewriteHead(from: Socket, to: Socket, firstLine: (line: string) => string): void {
  let waiting = Buffer.alloc(0);
  const onData = (chunk: Buffer) => {
    waiting = Buffer.concat([waiting, chunk]);
    const end = waiting.indexOf(HEAD_END);
    if (end < 0) {
      if (waiting.length > MAX_HEAD_BYTES) from.destroy();
      return;
    }
    from.off('data', onData);
    const [first = '', ...headers] = waiting.toString('latin1', 0, end).split('\r\n');
    const kept = headers.filter((header) => !HOP_BY_HOP.test(header));
    to.write(`${[firstLine(first), ...kept, 'Connection: close'].join('\r\n')}${HEAD_END}`, 'latin1');
    to.write(waiting.subarray(end + HEAD_END.length));
    from.pipe(to, { end: false });
  };
  from.on('data', onData);
}

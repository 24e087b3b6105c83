import type { ServerResponse } from 'node:http';

/** Answers with an error that a person can read. `close` ends the connection with the answer. */
export function refuse(response: ServerResponse, status: number, reason: string, close = false): void {
  const text = `${reason}\n`;
  response.writeHead(status, {
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': Buffer.byteLength(text),
    ...(close && { Connection: 'close' }),
  });
  response.end(text);
}

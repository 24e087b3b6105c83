import type { HttpResponse } from '../transport.js';

/** Answers with an error that a person can read. `close` ends the connection with the answer, over HTTP/1.1. */
export function refuse(response: HttpResponse, status: number, reason: string, close = false): void {
  const text = `${reason}\n`;
  response.writeHead(status, {
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': Buffer.byteLength(text),
    ...(close && response.req.httpVersionMajor === 1 && { Connection: 'close' }),
  });
  response.end(text);
}

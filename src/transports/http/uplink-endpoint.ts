import type { HttpHandler, HttpRequest, HttpResponse, MountContext } from '../transport.js';
import { ExchangeBytes } from './exchange-bytes.js';
import { BadQuery, channelOf } from './query.js';
import { refuse } from './refusal.js';

/**
 * `POST /messages?channel=a` with the bytes of one message: 202 without a body once the hub has it. A body above the
 * limit gets 413 and is not read to its end.
 */
export function uplinkEndpoint({ hub, limits, ledger }: Pick<MountContext, 'hub' | 'limits' | 'ledger'>): HttpHandler {
  const exchanges = new ExchangeBytes(ledger);
  return (request, response, url) => {
    try {
      const channel = channelOf(url);
      readBody(request, response, limits.maxBodyBytes, (body) => {
        // Over HTTP/2 only the body is known.
        const bytes = Math.max(body.length, exchanges.request(request));
        ledger.up.payload += body.length;
        ledger.up.headers += bytes - body.length;
        ledger.uplink.up += bytes;
        hub.receive(channel, body);
        response.statusCode = 202;
        ledger.uplink.down += exchanges.whole(response, 'headers', () => response.end());
      });
    } catch (error) {
      if (!(error instanceof BadQuery)) throw error;
      refuse(response, 400, error.message, true);
    }
  };
}

function readBody(
  request: HttpRequest,
  response: HttpResponse,
  maxBytes: number,
  onBody: (body: Buffer) => void,
): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const onData = (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > maxBytes) tooLarge();
    else chunks.push(chunk);
  };
  const onEnd = () => onBody(Buffer.concat(chunks));
  const tooLarge = () => {
    request.off('data', onData).off('end', onEnd).pause();
    refuse(response, 413, `the body is larger than ${maxBytes} bytes`, true);
  };
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) tooLarge();
  else request.on('data', onData).on('end', onEnd);
}

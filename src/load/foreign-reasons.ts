import { DropError } from '../transports/drop-error.js';

const UNTRUSTED: readonly [RegExp, string] = [
  /self[- ]signed|unable to (verify|get (local )?issuer)|CERT_|certificate/i,
  'its certificate is not trusted: name its authority with --ca ca.pem, or `target: { ca: ./ca.pem }`',
];

/** What a failure of a server that is not rtbench's own means, and what to do, by how it is told. */
const ADVICE: readonly (readonly [RegExp, string])[] = [
  [/ECONNREFUSED/, 'nothing listens there: start the server, or correct the URL'],
  [/ENOTFOUND|EAI_AGAIN/, 'there is no host of that name: correct the URL'],
  [/Headers? overflow/i, 'the head of its answer is larger than a client takes (16 KiB)'],
  UNTRUSTED,
  [/\b30[12378]\b/, 'it redirects, and redirects are not followed: give the URL that it points at'],
  [/\b40[13]\b/, 'it wants to know who asks: say so with --header, or `target: { headers }`'],
  [/\b(404|405)\b/, 'it does not take this technique there: say where with path=…, as in -t sse:path=/events'],
  [/event-stream|content type/i, 'it does not answer with an event stream there: say where with path=…'],
  [/Max payload size exceeded/i, 'a message is longer than a client takes'],
  [/subprotocol/i, 'say which subprotocol with subprotocol=…'],
  [/Unexpected server response/, 'it does not take a WebSocket there: say where with path=…'],
  [/makes no sense/, 'polls must be answered as docs/server-contract.md says: say where with path=…'],
  [/other side closed|socket hang up|ECONNRESET/i, 'the server ended the connection: what it logs may say why'],
];

/** A reason with what to do about a certificate, where it is about one. */
export function withTrustAdvice(reason: string): string {
  const [sign, advice] = UNTRUSTED;
  return sign.test(reason) ? `${reason}: ${advice}` : reason;
}

/** The same error with what to do about it, where that is known. */
export function withAdvice(error: Error): Error {
  const advice = ADVICE.find(([sign]) => sign.test(error.message))?.[1];
  if (advice === undefined || error.message.includes(advice)) return error;
  const text = `${error.message}: ${advice}`;
  return error instanceof DropError ? new DropError(text, error.code) : new Error(text, { cause: error });
}

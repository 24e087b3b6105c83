import { ENVELOPE_BYTES, type Envelope, writeEnvelope } from '../protocol/envelope.js';
import { randomStream } from '../random.js';
import type { Payload } from '../transports/transport.js';

/** Several windows of deflate, so that a compressor with context does not find the same filler again. */
const POOL_BYTES = 256 * 1024;

const WORDS =
  'the of and to in is it you that was for on are with as be at one have this from or had by but some what there we can out other were all your when up use how said each she which do their time if will way about many then them would like so these her long make thing see him two has look more day could go come did my sound no most number who over know water than call first people may down side been now find any new work part take get place made live where after back little only round man year came show every good me give our under name';

/** Makes bodies of one size: the envelope, then filler that is a function of seed and sequence number. */
export class BodyMaker {
  readonly sizeBytes: number;
  readonly #pool: Uint8Array;

  constructor(seed: number, sizeBytes: number, payload: Payload) {
    this.sizeBytes = sizeBytes;
    this.#pool = payload === 'text' ? textPool(seed, sizeBytes) : binaryPool(seed, sizeBytes);
  }

  make(envelope: Envelope): Uint8Array {
    const body = new Uint8Array(this.sizeBytes);
    const fillerBytes = this.sizeBytes - ENVELOPE_BYTES;
    // A step that is prime to the pool's length visits offsets all over it before it comes back.
    const from = (envelope.sequence * 40_503) % (this.#pool.length - fillerBytes);
    body.set(this.#pool.subarray(from, from + fillerBytes), ENVELOPE_BYTES);
    writeEnvelope(body, envelope);
    return body;
  }
}

/** Chat-like JSON text, ASCII without control characters: it deflates as such text does, and has one byte a letter. */
function textPool(seed: number, sizeBytes: number): Uint8Array {
  const words = WORDS.split(' ');
  const draw = randomStream(seed, 'text');
  const pick = () => words[Math.floor(draw() * words.length)] ?? '';
  let text = '';
  while (text.length < POOL_BYTES + sizeBytes) {
    const sentence = Array.from({ length: 4 + Math.floor(draw() * 12) }, pick).join(' ');
    const number = Math.floor(draw() * 1e9);
    text += ` {"user":"${pick()}${number % 1_000}","id":${number},"text":"${sentence}."}`;
  }
  return new TextEncoder().encode(text);
}

function binaryPool(seed: number, sizeBytes: number): Uint8Array {
  const draw = randomStream(seed, 'binary');
  return Uint8Array.from({ length: POOL_BYTES + sizeBytes }, () => Math.floor(draw() * 256));
}

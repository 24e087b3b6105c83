import { MIN_BODY_BYTES } from '../scenario/limits.js';

/**
 * The first bytes of every body, fixed-width ASCII, so that a payload of N bytes is N bytes in every message:
 * `e1 p<publisher> s<sequence> d<due, µs since the epoch> l<lag, µs>`.
 */
const PUBLISHER = { at: 4, digits: 6 };
/** For who must tell messages apart without knowing the rest. */
export const SEQUENCE = { at: 12, digits: 10 };
const DUE = { at: 24, digits: 13 };
const LAG = { at: 39, digits: 9 };

export const ENVELOPE_BYTES = MIN_BODY_BYTES;

const TEMPLATE = `e1 p${'0'.repeat(6)} s${'0'.repeat(10)} d${'0'.repeat(13)} l${'0'.repeat(9)}`;
const VERSION_FIRST = TEMPLATE.charCodeAt(0);
const VERSION_SECOND = TEMPLATE.charCodeAt(1);
const ZERO = '0'.charCodeAt(0);
const NINE = '9'.charCodeAt(0);

export interface Envelope {
  /** Client that published it; 0 where it came from outside. */
  publisher: number;
  sequence: number;
  dueUs: number;
  lagUs: number;
}

/** Writes the envelope at the start of `body`. Fractions are dropped; numbers too long for their field are capped. */
export function writeEnvelope(body: Uint8Array, { publisher, sequence, dueUs, lagUs }: Envelope): void {
  for (let i = 0; i < TEMPLATE.length; i++) body[i] = TEMPLATE.charCodeAt(i);
  overwriteEnvelope(body, publisher, sequence, dueUs, lagUs);
}

/** The same over an envelope that is there, field by field, so that writing allocates nothing. */
export function overwriteEnvelope(
  body: Uint8Array,
  publisher: number,
  sequence: number,
  dueUs: number,
  lagUs: number,
): void {
  writeDigits(body, PUBLISHER.at, PUBLISHER.digits, publisher);
  writeDigits(body, SEQUENCE.at, SEQUENCE.digits, sequence);
  writeDigits(body, DUE.at, DUE.digits, dueUs);
  writeDigits(body, LAG.at, LAG.digits, lagUs);
}

/** The lag alone, of the envelope that begins at `at`. */
export function overwriteLag(bytes: Uint8Array, at: number, lagUs: number): void {
  writeDigits(bytes, at + LAG.at, LAG.digits, lagUs);
}

/** Whether a body starts as one of ours. */
export function hasEnvelope(body: Uint8Array): boolean {
  return body.length >= ENVELOPE_BYTES && body[0] === VERSION_FIRST && body[1] === VERSION_SECOND;
}

/** Whether one of ours begins there: every byte of it that never changes. */
export function hasEnvelopeAt(body: Uint8Array, at: number): boolean {
  if (body[at] !== VERSION_FIRST || body[at + 1] !== VERSION_SECOND) return false;
  for (let i = 2; i < TEMPLATE.length; i++) {
    const expected = TEMPLATE.charCodeAt(i);
    const found = body[at + i] ?? 0;
    if (expected === ZERO ? found < ZERO || found > NINE : found !== expected) return false;
  }
  return true;
}

/** Field by field, so that reading allocates nothing. NaN or nonsense where the body is none of ours. */
export function readPublisher(body: Uint8Array): number {
  return readDigits(body, PUBLISHER.at, PUBLISHER.digits);
}

export function readSequence(body: Uint8Array): number {
  return readDigits(body, SEQUENCE.at, SEQUENCE.digits);
}

export function readDueUs(body: Uint8Array): number {
  return readDigits(body, DUE.at, DUE.digits);
}

export function readLagUs(body: Uint8Array): number {
  return readDigits(body, LAG.at, LAG.digits);
}

export function readEnvelope(body: Uint8Array): Envelope {
  return {
    publisher: readPublisher(body),
    sequence: readSequence(body),
    dueUs: readDueUs(body),
    lagUs: readLagUs(body),
  };
}

function readDigits(body: Uint8Array, at: number, digits: number): number {
  let value = 0;
  for (let i = at; i < at + digits; i++) value = value * 10 + ((body[i] ?? 0) - ZERO);
  return value;
}

function writeDigits(body: Uint8Array, at: number, digits: number, value: number): void {
  let rest = Math.min(Math.max(0, Math.floor(value)), 10 ** digits - 1);
  for (let i = at + digits - 1; i >= at; i--) {
    body[i] = ZERO + (rest % 10);
    rest = Math.floor(rest / 10);
  }
}

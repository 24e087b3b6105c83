import type { CompletedRun } from '../report/schema.js';
import type { ExampleRow } from './example-report.js';

export const IN_FRAMING = {
  'bytes.parts.flowControl.down': 'in "framing": the library does not tell one from the other',
};

type UpDown = { readonly up: number; readonly down: number };

/** 200 B of payload in each delivery; what a technique adds to it is framing of a push, and headers of a pull. */
export function partsOf(
  { row, requests }: ExampleRow,
  { delivered, window, opening, close }: { delivered: number } & Record<'window' | 'opening' | 'close', UpDown>,
): CompletedRun['bytes']['parts'] {
  const payload = 200 * delivered;
  const around = window.down - payload;
  const pull = row.profile.delivery === 'pull';
  const json = pull ? Math.min(around, 26 * delivered) : around;
  const emptyShare = pull ? requests.empty / requests.total : 0;
  const emptyPolls = { up: Math.round(window.up * emptyShare), down: Math.round((around - json) * emptyShare) };
  const atEnd = addUp(close, { up: pull ? 0 : window.up, down: 0 });
  return {
    payload: { up: 0, down: payload },
    framing: { up: 0, down: row.profile.group === 'rpc' ? json + close.down : json },
    headers: pull ? { up: window.up - emptyPolls.up, down: around - json - emptyPolls.down } : { up: 0, down: 0 },
    emptyPolls,
    heartbeats: { up: 0, down: 0 },
    flowControl: { up: atEnd.up, down: row.profile.group === 'rpc' ? null : atEnd.down },
    opening,
  };
}

export function addUp(one: UpDown, other: UpDown): UpDown {
  return { up: one.up + other.up, down: one.down + other.down };
}

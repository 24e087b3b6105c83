import { isPlainMapping } from './document.js';
import { EXPECT_FIGURES } from './expect-figures.js';
import { type Limit, parseLimit, ThresholdProblem } from './threshold.js';

/** A threshold asked for, and where: `--expect`, or the file and line. */
export interface ThresholdRequest extends Limit {
  /** Of the rows it is about, as for `--transport`; `null`: every row but the controls. */
  readonly spec: string | null;
  readonly where: string;
}

/** `ThresholdRequest.where` of what was asked for on the command line. */
export const EXPECT_FLAG = '--expect';

/** Something wrong in `expect`, at the keys that lead there. */
export interface ExpectProblem {
  readonly path: readonly string[];
  readonly text: string;
}

export interface ParsedExpect {
  readonly requests: readonly (Omit<ThresholdRequest, 'where'> & { readonly at: readonly string[] })[];
  readonly problems: readonly ExpectProblem[];
}

/** The `expect` of a file: figures with what they must be, and below a transport those of its rows alone. */
export function parseExpect(value: unknown): ParsedExpect {
  if (!isPlainMapping(value)) return { requests: [], problems: [] };
  const requests: ParsedExpect['requests'][number][] = [];
  const problems: ExpectProblem[] = [];
  const read = (spec: string | null, at: readonly string[], path: string, what: unknown) => {
    try {
      requests.push({ spec, at, ...parseLimit(path, what) });
    } catch (error) {
      if (!(error instanceof ThresholdProblem)) throw error;
      problems.push({ path: at, text: `\`${at.join(': ')}\`: ${error.message}` });
    }
  };
  for (const [key, what] of Object.entries(value)) {
    if (!isPlainMapping(what)) read(null, ['expect', key], key, what);
    else if (EXPECT_FIGURES.has(key)) {
      problems.push({ path: ['expect', key], text: `\`expect: ${key}\`: is a figure, which has one value` });
    } else for (const [path, limit] of Object.entries(what)) read(key, ['expect', key, path], path, limit);
  }
  return { requests, problems };
}

/** `[transport ]figure operator value`; the spaces around the operator may be left out. */
const FLAG = /^\s*(?:(\S+)\s+)?([A-Za-z][\w.]*)\s*([^\w\s.].*)$/s;

/**
 * A value of `--expect`: `latencyUs.p99<250ms`, `websocket bytes.perMessage.down<=130`.
 *
 * @throws ThresholdProblem
 */
export function parseExpectFlag(text: string): Omit<ThresholdRequest, 'where'> {
  const [, spec = null, path = '', value = ''] = FLAG.exec(text) ?? [];
  if (path === '') {
    throw new ThresholdProblem(
      'is no threshold: give a figure, an operator and a value, such as "latencyUs.p99<250ms", behind a transport where it is for that alone',
    );
  }
  return { spec, ...parseLimit(path, value) };
}

/** Those of flags, and those of a file on other figures or other rows. */
export function mergedThresholds(
  ofFile: readonly ThresholdRequest[],
  ofFlags: readonly ThresholdRequest[],
): readonly ThresholdRequest[] {
  const replaced = new Set(ofFlags.map(keyOf));
  return [...ofFile.filter((request) => !replaced.has(keyOf(request))), ...ofFlags];
}

function keyOf({ spec, path }: ThresholdRequest): string {
  return JSON.stringify([spec, path]);
}

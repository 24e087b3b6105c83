import { isCollection, isMap, isNode, isScalar, LineCounter, type Pair, parseDocument, type YAMLMap } from 'yaml';
import { messageOf, UsageError } from '../errors.js';

/** A YAML file as keys and values, and where they stand. */
export interface ScenarioDocument {
  readonly values: Readonly<Record<string, unknown>>;
  /** Line, from 1, of a key, of a key below it, or of an item in a list (`['transports', 1]`); 1 where there is none. */
  lineOf(path: readonly PropertyKey[]): number;
}

/**
 * `file` is how messages name the file.
 *
 * @throws UsageError with every error of the parser, at its line and column, or when the file is no mapping.
 */
export function readDocument(text: string, file: string): ScenarioDocument {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
  const errors = [...document.errors, ...document.warnings].map((error) => {
    const { line, col } = lines.linePos(error.pos[0]);
    return `${file}:${line}:${col}: ${error.message}`;
  });
  if (errors.length > 0) throw new UsageError(errors);

  const root = document.contents;
  if (root === null || (isScalar(root) && root.value === null)) return { values: {}, lineOf: () => 1 };
  if (!isMap(root)) throw new UsageError(`${file}:1: must hold keys with values, such as \`clients: 100\``);
  return { values: valuesOf(() => root.toJS(document), file), lineOf: (path) => lineOf(root, path, lines) };
}

/** An alias without its anchor shows only here. */
function valuesOf(read: () => Record<string, unknown>, file: string): Record<string, unknown> {
  try {
    return read();
  } catch (error) {
    throw new UsageError(`${file}: ${messageOf(error)}`);
  }
}

function lineOf(root: YAMLMap, path: readonly PropertyKey[], lines: LineCounter): number {
  const offset = offsetOf(root, path);
  return offset === undefined ? 1 : lines.linePos(offset).line;
}

/** Of the last part of the path that is there. */
function offsetOf(within: unknown, [key, ...rest]: readonly PropertyKey[]): number | undefined {
  if (key === undefined || !isCollection(within)) return undefined;
  if (typeof key === 'number') {
    const item = within.items[key];
    return offsetOf(item, rest) ?? startOf(item);
  }
  const pair = isMap(within) ? within.items.find((item) => keyOf(item) === key) : undefined;
  return pair && (offsetOf(pair.value, rest) ?? startOf(pair.key));
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}

function keyOf({ key }: Pair): string {
  return isScalar(key) ? String(key.value) : String(key);
}

/** Keys with values, as a mapping of YAML is read. */
export function isPlainMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

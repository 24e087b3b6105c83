import type { z } from 'zod';
import { UsageError } from '../errors.js';

/**
 * Reads the files of one kind, which say so themselves (`"kind": "cost"`). It returns the report in a file's text, or
 * `undefined` where the text is something else, and throws a `UsageError` naming the file and the first place in it that
 * is wrong.
 */
export function readerOf<Report>(
  kind: string,
  schema: z.ZodType<Report>,
): (text: string, file: string) => Report | undefined {
  return (text, file) => {
    const data = jsonOf(text);
    if (typeof data !== 'object' || data === null || !('kind' in data) || data.kind !== kind) return undefined;
    const parsed = schema.safeParse(data);
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    throw new UsageError(
      `${file}: \`${issue?.path.join('.')}\`: ${issue?.message}; read it with the rtbench that wrote it`,
    );
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

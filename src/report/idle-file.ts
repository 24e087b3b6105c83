import { UsageError } from '../errors.js';
import { type IdleReport, idleReportSchema } from './idle-schema.js';

/**
 * The report in the text of an `idle.json`; `undefined` where the text is something else.
 *
 * @throws UsageError naming the file and the first place in it that is wrong
 */
export function parseIdleReport(text: string, file: string): IdleReport | undefined {
  const data = jsonOf(text);
  if (typeof data !== 'object' || data === null || !('kind' in data) || data.kind !== 'idle') return undefined;
  const parsed = idleReportSchema.safeParse(data);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new UsageError(
    `${file}: \`${issue?.path.join('.')}\`: ${issue?.message}; read it with the rtbench that wrote it`,
  );
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

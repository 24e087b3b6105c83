import type { z } from 'zod';
import { messageOf, UsageError } from '../errors.js';
import type { Scenario } from '../scenario/scenario.js';
import type { Target } from '../scenario/target.js';
import type { Unreachable } from '../scenario/via-browser.js';
import { judgedExpectations } from './expectations.js';
import type { GuideData } from './guide/schema.js';
import { networkOfReport } from './network.js';
import { type RowIdentity, reportRow, worstVerdict } from './rows.js';
import {
  type EndedBy,
  type Environment,
  type Report,
  type ReportRow,
  type RunResult,
  reportSchema,
  SCHEMA_VERSION,
} from './schema.js';
import { targetFacts } from './target-schema.js';

export interface ReportParts {
  readonly tool: { readonly name: string; readonly version: string };
  readonly startedAt: Date;
  readonly durationMs: number;
  /** The command that measures this again. */
  readonly command: string;
  readonly scenario: Scenario;
  readonly environment: Environment;
  /** Ended before all planned runs were done. */
  readonly interrupted: boolean;
  /** `null` while runs are still to come. */
  readonly endedBy: EndedBy | null;
  /** The server, where it was not rtbench's own. */
  readonly target?: Target | null | undefined;
  /** Rows that were asked for and not run; by default none. */
  readonly unreachable?: readonly Unreachable[];
  /** For the guide's table and its claims. */
  readonly guide?: GuideData;
  /** In the order of the table. */
  readonly rows: readonly { readonly row: RowIdentity; readonly results: readonly RunResult[] }[];
}

/** The report of what was measured, which `result.json` holds. Its verdict is that of the worst row. */
export function buildReport(parts: ReportParts): Report {
  const transports = parts.rows.map(({ row, results }) => reportRow(row, results, roundsBegun(parts)));
  return {
    schemaVersion: SCHEMA_VERSION,
    tool: { ...parts.tool },
    startedAt: parts.startedAt.toISOString(),
    durationMs: parts.durationMs,
    command: parts.command,
    scenario: { ...parts.scenario, workload: { ...parts.scenario.workload } },
    environment: parts.environment,
    interrupted: parts.interrupted,
    endedBy: parts.endedBy,
    verdict: worstVerdict(transports.map((row) => row.verdict)),
    reasons: reportReasons(parts.interrupted, transports),
    network: networkOfReport(parts.scenario.network, transports),
    ...(parts.target && { target: targetFacts(parts.target) }),
    transports,
    unreachable: [...(parts.unreachable ?? [])],
    expectations: judgedExpectations(parts.scenario.expect, transports),
    ...(parts.guide && { guide: parts.guide }),
  };
}

/** Rounds that every row should have: with `rounds: auto` as many as were begun. */
function roundsBegun({ scenario, rows }: ReportParts): number {
  return scenario.auto === null ? scenario.rounds : Math.max(0, ...rows.map(({ results }) => results.length));
}

function reportReasons(interrupted: boolean, rows: readonly ReportRow[]): string[] {
  const reasons = rows.flatMap((row) => row.reasons.map((reason) => `${row.label}: ${reason}`));
  return interrupted ? ['interrupted before all planned runs were done', ...reasons] : reasons;
}

/** Most problems of one file that are worth reading. */
const MAX_PROBLEMS = 10;

/**
 * The report in the text of a `result.json`.
 * @param file how the user named the file, for messages
 * @throws UsageError naming the file and every place in it that is wrong
 */
export function parseReport(text: string, file: string): Report {
  const data = parseJson(text, file);
  const version = versionOf(data);
  if (version === undefined) {
    throw new UsageError(`${file}: has no \`schemaVersion\`; give a result.json that \`rtbench run\` wrote`);
  }
  if (version !== SCHEMA_VERSION) {
    throw new UsageError(
      `${file}: schemaVersion ${JSON.stringify(version)} is unknown, this rtbench reads ${SCHEMA_VERSION}; read it with the rtbench that wrote it`,
    );
  }
  const parsed = reportSchema.safeParse(data);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `${file}: \`${pathOf(issue.path)}\`: ${issue.message}`);
  const more = problems.length - MAX_PROBLEMS;
  throw new UsageError(more > 0 ? [...problems.slice(0, MAX_PROBLEMS), `${file}: and ${more} more`] : problems);
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${file}: is not JSON (${messageOf(error)}); give a result.json that \`rtbench run\` wrote`);
  }
}

function versionOf(data: unknown): unknown {
  return typeof data === 'object' && data !== null && 'schemaVersion' in data ? data.schemaVersion : undefined;
}

function pathOf(path: z.core.$ZodIssue['path']): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text === '' ? String(key) : `${text}.${String(key)}`;
  }, '');
}

import { readFile } from 'node:fs/promises';
import { EXIT, messageOf, UsageError } from '../errors.js';
import { checkAgainst, isPassed } from '../report/baseline/difference.js';
import { parseBaseline } from '../report/baseline/file.js';
import { BASELINE_SCHEMA_VERSION, type Baseline, type BaselineRow } from '../report/baseline/schema.js';
import { readEnvironment } from '../report/environment.js';
import { findingsOfCheck } from '../report/findings/of-check.js';
import { historyOfBaseline } from '../report/history.js';
import type { Environment } from '../report/schema.js';
import { renderExactCheck } from '../reporters/exact-check.js';
import { renderFindingsMarkdown } from '../reporters/findings-markdown.js';
import type { Row } from '../scenario/scenario.js';
import { exactFigures } from '../suite/exact-figures.js';
import { deliverCi, provableCi } from './ci-output.js';
import { openInterrupt } from './interrupt.js';
import { deliver, provable, screenFor, spell } from './output.js';
import { openStepLine, verifiable } from './verify.js';
import { readTool } from './version.js';

/** Of the exact tier. */
export interface CheckFlags {
  readonly transport: readonly string[];
  readonly baseline: string;
  readonly saveBaseline?: boolean;
  readonly json?: string;
  readonly markdown?: string;
  readonly junit?: string;
  readonly history?: string;
}

/** `rtbench check`: 0 when every exact figure is what the baseline says, 1 when one is not. */
export async function check(flags: CheckFlags): Promise<number> {
  const { transport, baseline: file, saveBaseline = false, json, markdown } = flags;
  const screen = screenFor(flags);
  const base = saveBaseline ? undefined : await readBaseline(file);
  // What the baseline holds is what is checked, unless something else is asked for.
  const rows = await verifiable(transport.length > 0 || base === undefined ? transport : base.rows.map(specOf));
  if (saveBaseline) await provable('--baseline', file);
  if (json !== undefined && json !== '-') await provable('--json', json);
  if (markdown !== undefined && markdown !== '-') await provable('--markdown', markdown);
  await provableCi(flags);
  const startedAt = new Date();
  const measured = await measure(rows);
  if (measured === undefined) return EXIT.interrupted;
  if (base === undefined) {
    await deliver(file, spell(measured));
    await deliver(json, spell(measured));
    screen.write(
      `Saved ${file}: the exact figures of ${measured.rows.map(({ label }) => label).join(', ')}. Commit it.\n`,
    );
    return EXIT.ok;
  }
  const result = checkAgainst(base, measured);
  await deliver(
    json,
    spell({ schemaVersion: BASELINE_SCHEMA_VERSION, kind: 'check', passed: isPassed(result), ...result }),
  );
  screen.write(renderExactCheck(result, { color: screen.isTTY === true && !process.env.NO_COLOR }));
  const findings = findingsOfCheck(result, measured);
  const text = renderFindingsMarkdown(findings);
  await deliver(markdown, text);
  await deliverCi(flags, {
    findings,
    markdown: text,
    pointsAt: (commit) => historyOfBaseline(measured, thisEnvironment(), { date: startedAt.toISOString(), commit }),
  });
  return isPassed(result) ? EXIT.ok : EXIT.checkFailed;
}

function thisEnvironment(): Environment {
  return readEnvironment({ pinning: null, deflateRatio: null });
}

async function readBaseline(file: string): Promise<Baseline> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new UsageError(
      `--baseline: ${file} cannot be read (${messageOf(error)}); make it with rtbench check --save-baseline`,
    );
  });
  const baseline = parseBaseline(text, file);
  if (baseline === undefined) {
    throw new UsageError(`--baseline: ${file} is no baseline; make one with rtbench check --save-baseline`);
  }
  return baseline;
}

/** `name:key=value,…` with every setting, so that a default that has changed is seen as what it is. */
function specOf({ transport, settings }: BaselineRow): string {
  const pairs = Object.entries(settings).map(([key, value]) => `${key}=${value}`);
  return pairs.length === 0 ? transport : `${transport}:${pairs.join(',')}`;
}

/** `undefined` after Ctrl-C. */
async function measure(rows: readonly Row[]): Promise<Baseline | undefined> {
  const { node, libraries } = thisEnvironment();
  const measured: BaselineRow[] = [];
  const interrupt = openInterrupt();
  const step = openStepLine();
  try {
    for (const row of rows) {
      if (interrupt.signal.aborted) return undefined;
      step.show(`exact figures: ${row.label}`);
      const figures = await exactFigures(row);
      if (figures === undefined)
        throw new UsageError(`--transport: ${row.label} has no theory, and so no exact figures`);
      measured.push(figures);
    }
  } finally {
    step.clear();
    interrupt.close();
  }
  return {
    schemaVersion: BASELINE_SCHEMA_VERSION,
    kind: 'baseline',
    tool: readTool(),
    node,
    libraries,
    rows: measured,
  };
}

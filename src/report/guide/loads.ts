import { UsageError } from '../../errors.js';
import type { CapacityReport } from '../capacity/schema.js';
import { likenessOf, type Origin } from '../compare/likeness.js';
import { isSameRow, type RowIdentity, settingsApart } from '../row-identity.js';
import type { SweepReport } from '../sweep/schema.js';
import type { CapacityEvidence, GrowthEvidence, Loads } from './loads-schema.js';

/** A document about other loads, and the file it is in. */
export interface LoadDocument {
  readonly file: string;
  readonly report: CapacityReport | SweepReport;
}

/** What the evidence is for: where it will stand, and the rows it may speak of. */
export interface LoadSubject extends Origin {
  readonly rows: readonly (RowIdentity & { readonly label: string })[];
}

/**
 * What documents say of the rows of a report.
 *
 * @throws UsageError where one is of another machine or load, of another kind of sweep, or says what another says.
 */
export function loadsFrom(documents: readonly LoadDocument[], subject: LoadSubject): Loads {
  const loads: { capacity: CapacityEvidence[]; growth: GrowthEvidence | null } = { capacity: [], growth: null };
  for (const { file, report } of documents) {
    if (report.kind === 'capacity') {
      const { find } = report;
      if (loads.capacity.some((other) => other.find === find)) throw twice(file, `capacity by ${find}`);
      refuseUnlike(file, report, subject);
      loads.capacity.push(capacityFrom(file, report, subject));
    } else {
      const { variable } = report.vary;
      if (variable !== 'clients') {
        throw new UsageError(
          `--evidence: ${file}: it is a sweep over the ${variable}; growth with clients takes \`rtbench sweep --vary clients=25..400\``,
        );
      }
      if (loads.growth !== null) throw twice(file, 'sweep over clients');
      refuseUnlike(file, report, subject);
      loads.growth = growthFrom(file, report, subject);
    }
  }
  return loads;
}

function twice(file: string, what: string): UsageError {
  return new UsageError(`--evidence: ${file}: there is another ${what} already; give one of them`);
}

/** How it was measured, which changes no figure by the second, by the message or by the client. */
const MEANS = ['workload.warmupMs', 'workload.durationMs', 'probes', 'workers', 'interleaveMs'];

/** What is looked for in a document, as the scenario has it. */
const SEARCHED = { clients: 'clients', rate: 'ratePerSecond', size: 'sizeBytes', interval: null } as const;

/** How load and machine of a document differ from those of a result, beside what was varied: `clients: 100 against 200`. */
export function unlikenessOf(report: LoadDocument['report'], subject: Origin): string[] {
  const searched = SEARCHED[report.kind === 'sweep' ? report.vary.variable : report.find];
  const means = [...MEANS, ...(searched === null ? [] : [`workload.${searched}`])];
  return likenessOf(report, subject).unlike.filter((one) => !means.some((path) => one.startsWith(`${path}:`)));
}

function refuseUnlike(file: string, report: LoadDocument['report'], subject: LoadSubject) {
  const unlike = unlikenessOf(report, subject);
  if (unlike.length === 0) return;
  throw new UsageError(
    `--evidence: ${file}: it is of another load or machine (${unlike.join('; ')}); measure both with one on one machine, or leave it out`,
  );
}

function headOf(file: string, report: CapacityReport | SweepReport, subject: LoadSubject) {
  const { startedAt, command } = report;
  const apart = likenessOf(report, subject).differs.filter((one) => !/^(seed|tls|proxy)\b/.test(one));
  return { file, startedAt, command, apart };
}

function capacityFrom(file: string, report: CapacityReport, subject: LoadSubject): CapacityEvidence {
  const matched = matchRows(file, report.transports, subject, ({ state, pass, fail, failedBy, confirmed, ...row }) =>
    pass === null && fail === null
      ? `no level was tried to an end in ${file}`
      : { state, pass, fail, failedBy, confirmed, failReason: row.failReasons[0] ?? null },
  );
  return { ...headOf(file, report, subject), find: report.find, p99Ms: report.objective.p99Ms, ...matched };
}

function growthFrom(file: string, report: SweepReport, subject: LoadSubject): GrowthEvidence {
  const matched = matchRows(file, report.transports, subject, ({ curves: { serverCpu }, growth, notMeasured }) => {
    if (serverCpu === null) return `${file}: ${notMeasured['curves.serverCpu'] ?? 'it has no curve of server CPU'}`;
    const { growing, growingStandardError, linear } = serverCpu;
    const exponent = growth.serverCpu && {
      value: growth.serverCpu.exponent,
      standardError: growth.serverCpu.standardError,
    };
    return { exponent, usPerClient: growing, standardErrorUs: growingStandardError, linear };
  });
  return { ...headOf(file, report, subject), clients: [...report.vary.values], ...matched };
}

/** What is found of each row of the subject, by transport and settings; a string says why nothing is. */
function matchRows<Row extends RowIdentity, Found extends object>(
  file: string,
  there: readonly Row[],
  { rows: asked }: LoadSubject,
  find: (row: Row) => Found | string,
) {
  const rows: ({ label: string } & Found)[] = [];
  const failed: { label: string; reason: string }[] = [];
  for (const { label, ...identity } of asked) {
    const row = there.find((candidate) => isSameRow(candidate, identity));
    const found = row === undefined ? whyNot(file, there, identity) : find(row);
    if (typeof found === 'string') failed.push({ label, reason: found });
    else rows.push({ label, ...found });
  }
  return { rows, failed };
}

function whyNot(file: string, there: readonly RowIdentity[], row: RowIdentity): string {
  const other = there.find(({ transport }) => transport === row.transport);
  return other === undefined
    ? `it is not in ${file}`
    : `in ${file} it has other settings (${settingsApart(other, row).join(', ')})`;
}

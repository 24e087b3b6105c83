import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, UsageError } from '../errors.js';
import type { Answers } from '../report/advice/answers.js';
import type { Candidate } from '../report/advice/candidate.js';
import type { Evidence } from '../report/advice/measured-advice.js';
import type { PassageEvidence } from '../report/advice/passages.js';
import { parseProxiesReport } from '../report/proxies/file.js';
import { parseReport } from '../report/report.js';
import type { Report, ReportRow } from '../report/schema.js';
import { isRanked } from '../report/tolerance.js';
import { clientsSend } from '../scenario/uplink.js';
import { registry } from './registry.js';

/** Where results are looked for that nobody named. */
export const DEFAULT_FOLDER = 'reports';

/** Most files of a folder that are read, the newest ones: a folder may hold years of them. */
const MOST_FILES = 30;

export interface Wanted {
  readonly answers: Answers;
  /** The scenario's name; `null`: any with the same kind of load. */
  readonly scenario: string | null;
  /** A file, or a folder that is looked through; `undefined`: reports/, if there is one. */
  readonly path: string | undefined;
}

export interface FoundEvidence {
  /** `null`: there is none. */
  readonly evidence: Evidence | null;
  /** Results of the same kind at another load. */
  readonly others: readonly Evidence[];
  /** It was measured just now, and cut short. */
  readonly interrupted: boolean;
}

/**
 * The result to advise by: the file that is named, whatever is in it, or the newest in a folder that fits.
 *
 * @throws UsageError where what was named cannot be read, or nothing in it fits.
 */
export async function findEvidence(wanted: Wanted): Promise<FoundEvidence> {
  const { path } = wanted;
  if (path === undefined) return foundIn(DEFAULT_FOLDER, wanted);
  const about = await stat(path).catch((error: unknown) => {
    throw new UsageError(`--results: ${path}: cannot be read (${messageOf(error)})`);
  });
  if (!about.isDirectory()) {
    const report = parseReport(await read(path), path);
    return { evidence: await evidenceOf(report, path), others: [], interrupted: false };
  }
  const found = await foundIn(path, wanted);
  if (found.evidence === null) {
    throw new UsageError(`--results: ${path}: no result.json in it ${kindInWords(wanted)}; measure one with --measure`);
  }
  return found;
}

async function foundIn(folder: string, wanted: Wanted): Promise<FoundEvidence> {
  const fitting: { report: Report; file: string }[] = [];
  for (const file of await newestFiles(folder, 'result.json')) {
    const report = await parsed(file, parseReport);
    if (report !== undefined && fits(report, wanted)) fitting.push({ report, file });
  }
  const [newest, ...older] = fitting.sort((a, b) => (a.report.startedAt < b.report.startedAt ? 1 : -1));
  if (newest === undefined) return { evidence: null, others: [], interrupted: false };
  const elsewhere = older.filter(({ report }) => isAnotherLoad(report, newest.report));
  return {
    evidence: await evidenceOf(newest.report, newest.file),
    others: await Promise.all(elsewhere.map(({ report, file }) => evidenceOf(report, file))),
    interrupted: false,
  };
}

/** The newest proxies.json in a folder (default: reports/); `null`: there is none, or what was named is a file. */
export async function findPassages(path: string | true | undefined): Promise<PassageEvidence | null> {
  for (const file of await newestFiles(typeof path === 'string' ? path : DEFAULT_FOLDER, 'proxies.json')) {
    const report = await parsed(file, parseProxiesReport);
    if (report !== undefined) return { report, file };
  }
  return null;
}

/** `run --all` has a folder for all of its use cases, and in it one for each. */
const DEPTH = 2;

/** In the folder and in the folders in it, `DEPTH` deep, the newest first. */
export async function newestFiles(folder: string, name: string): Promise<string[]> {
  const folders = await foldersIn(folder, DEPTH);
  const files = await Promise.all(
    folders.map(async (each) => {
      const file = join(each, name);
      const about = await stat(file).catch(() => undefined);
      return about?.isFile() ? [{ file, changedMs: about.mtimeMs }] : [];
    }),
  );
  return files
    .flat()
    .sort((a, b) => b.changedMs - a.changedMs)
    .slice(0, MOST_FILES)
    .map(({ file }) => file);
}

async function foldersIn(folder: string, depth: number): Promise<string[]> {
  if (depth === 0) return [folder];
  const inside = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const below = inside
    .filter((entry) => entry.isDirectory())
    .map((entry) => foldersIn(join(folder, entry.name), depth - 1));
  return [folder, ...(await Promise.all(below)).flat()];
}

/** Nobody named this file: what is no such report is passed by. */
export async function parsed<Kind>(
  file: string,
  parse: (text: string, file: string) => Kind | undefined,
): Promise<Kind | undefined> {
  try {
    return parse(await read(file), file);
  } catch (error) {
    if (error instanceof UsageError) return undefined;
    throw error;
  }
}

async function read(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: unknown) => {
    throw new UsageError(`--results: ${file}: cannot be read (${messageOf(error)})`);
  });
}

function fits({ scenario, transports }: Report, wanted: Wanted): boolean {
  return transports.some(isRanked) && isOfThisKind(scenario, wanted);
}

/** Of the scenario that was named, and in any case of its direction and payload. */
export function isOfThisKind(
  { name, workload }: Pick<Report['scenario'], 'name' | 'workload'>,
  { answers, scenario }: Pick<Wanted, 'answers' | 'scenario'>,
): boolean {
  if (scenario !== null && name !== scenario) return false;
  return clientsSend(workload) === answers.bidirectional && (workload.payload === 'binary') === answers.binary;
}

function kindInWords({ answers, scenario }: Wanted): string {
  const load = `${answers.bidirectional ? 'clients' : 'the server alone'} sending ${answers.binary ? 'binary data' : 'text'}`;
  return scenario === null ? `is of ${load}` : `is of scenario ${scenario} with ${load}`;
}

function isAnotherLoad({ scenario: { workload: a } }: Report, { scenario: { workload: b } }: Report): boolean {
  return a.clients !== b.clients || a.ratePerSecond !== b.ratePerSecond;
}

/** A report with what is known of its rows. */
export async function evidenceOf(report: Report, file: string): Promise<Evidence> {
  const candidateOf = new Map<ReportRow, Candidate>();
  for (const row of report.transports) {
    const candidate = await candidateFor(row);
    if (candidate !== undefined) candidateOf.set(row, candidate);
  }
  return { report, file, candidateOf };
}

/** `undefined` for a transport that does not ship: a report does not say where it is. */
export async function candidateFor({
  transport: name,
  label,
  settings,
}: Pick<ReportRow, 'transport' | 'label' | 'settings'>): Promise<Candidate | undefined> {
  const module = registry.builtIn.get(name);
  if (module === undefined) return undefined;
  const transport = await registry.load(module);
  const defaults = Object.entries(transport.settings).map(([key, spec]) => [key, spec.default]);
  // Results of an earlier version lack settings that came later.
  const all = { ...Object.fromEntries(defaults), ...settings };
  const profile = { ...transport.profile, ...transport.profileWith?.(all) };
  return { transport: name, label, settings, profile, worstWaitMs: transport.worstWaitMs(all) };
}

import { readFile } from 'node:fs/promises';
import { EXIT, messageOf, UsageError } from '../errors.js';
import { overlay, type SourceFile } from '../report/overlay.js';
import { parseReport } from '../report/report.js';
import { findReporter, REPORTERS } from '../reporters/index.js';
import type { RenderOptions, Reporter } from '../reporters/reporter.js';
import { renderShown, requireGuide, type Shown, type ShownFlags, shownBy } from './guide-output.js';
import { withLoads } from './load-documents.js';
import { deliver, provable } from './output.js';
import { STORED } from './stored-kinds.js';

export interface ReportFlags extends ShownFlags {
  readonly format: string;
  readonly details?: boolean;
  readonly out?: string;
}

/** `rtbench report`. */
export async function report(files: readonly string[], flags: ReportFlags): Promise<number> {
  const { format, out = '-', evidence } = flags;
  const reporter = findReporter(format);
  if (!reporter) {
    const names = REPORTERS.map(({ name }) => name).join(', ');
    throw new UsageError(`--format: \`${format}\` is not a format; there are ${names}`);
  }
  const shown = shownBy(flags);
  const asked = flags.table !== undefined || shown.claims;
  if (asked && format !== 'table') {
    throw new UsageError(`--table and --claims are for a terminal: leave them out with --format ${format}`);
  }
  if (format === 'table') requireGuide(flags, shown);
  if (format === 'html' && out === '-' && process.stdout.isTTY) {
    throw new UsageError('--format html: a page is for a browser; give --out report.html, or send it to a file');
  }
  if (out !== '-') await provable('--out', out);
  const options = optionsFor(out, flags.details ?? false);
  const [file = '', ...others] = files;
  const text =
    others.length === 0
      ? await renderOne(file, { reporter, shown: asked ? shown : null, options, evidence })
      : await renderSeveral(files, { reporter, asked: asked || evidence.length > 0, options });
  await deliver(out, text);
  return EXIT.ok;
}

/** As the terminal is, or plain for a file. */
function optionsFor(out: string, details: boolean): RenderOptions {
  const { stdout } = process;
  if (out !== '-') return { width: 100, color: false, details };
  return { width: stdout.columns ?? 100, color: stdout.isTTY === true && !process.env.NO_COLOR, details };
}

interface Way {
  readonly reporter: Reporter;
  readonly options: RenderOptions;
}

interface WayOfOne extends Way {
  readonly shown: Shown | null;
  readonly evidence: readonly string[];
}

async function renderOne(file: string, { reporter, shown, options, evidence }: WayOfOne): Promise<string> {
  const text = await readStored(file);
  for (const render of STORED) {
    const rendered = render({ text, file, format: reporter.name, options });
    if (rendered === undefined) continue;
    if (shown !== null || evidence.length > 0) {
      throw new UsageError(`${file}: --table, --claims and --evidence are for a result.json that rtbench run wrote`);
    }
    return rendered;
  }
  const parsed = await withLoads(parseReport(text, file), evidence);
  return shown === null ? reporter.render(parsed, options) : renderShown(parsed, shown, options);
}

async function renderSeveral(
  files: readonly string[],
  { reporter, asked, options }: Way & { asked: boolean },
): Promise<string> {
  if (asked) throw new UsageError('--table, --claims and --evidence are for one result: name one file');
  const { renderOverlay, name } = reporter;
  if (renderOverlay === undefined) {
    const able = REPORTERS.filter((one) => one.renderOverlay !== undefined).map((one) => one.name);
    throw new UsageError(`--format ${name} is for one file; several side by side have ${able.join(', ')}`);
  }
  const sources: SourceFile[] = [];
  for (const file of files) sources.push({ file, report: parseReport(await readStored(file), file) });
  return renderOverlay(overlay(sources), options);
}

function readStored(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: unknown) => {
    throw new UsageError(`${file}: cannot be read (${messageOf(error)}); give a result.json that rtbench run wrote`);
  });
}

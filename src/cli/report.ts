import { readFile } from 'node:fs/promises';
import { EXIT, messageOf, UsageError } from '../errors.js';
import { parseCostReport } from '../report/cost-file.js';
import { parseHerdReport } from '../report/herd-file.js';
import { parseIdleReport } from '../report/idle-file.js';
import { parseProxiesReport } from '../report/proxies/file.js';
import { parseReport } from '../report/report.js';
import { renderCostTable } from '../reporters/cost-table.js';
import { renderHerdMarkdown } from '../reporters/herd-markdown.js';
import { renderHerdTable } from '../reporters/herd-table.js';
import { renderIdleMarkdown } from '../reporters/idle-markdown.js';
import { renderIdleTable } from '../reporters/idle-table.js';
import { findReporter, REPORTERS } from '../reporters/index.js';
import { renderProxiesMarkdown } from '../reporters/proxies-markdown.js';
import { renderProxiesTable } from '../reporters/proxies-table.js';

export interface ReportFlags {
  readonly format: string;
  readonly details?: boolean;
}

/** `rtbench report`. */
export async function report(file: string, { format, details }: ReportFlags): Promise<number> {
  const reporter = findReporter(format);
  if (!reporter) {
    const names = REPORTERS.map(({ name }) => name).join(', ');
    throw new UsageError(`--format: \`${format}\` is not a format; there are ${names}`);
  }
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new UsageError(`${file}: cannot be read (${messageOf(error)}); give a result.json that rtbench run wrote`);
  });
  const { stdout } = process;
  const options = {
    width: stdout.columns ?? 100,
    color: stdout.isTTY === true && !process.env.NO_COLOR,
    details: details ?? false,
  };
  const idle = parseIdleReport(text, file);
  if (idle) {
    if (format === 'json') throw new UsageError('--format: an idle.json is JSON already; there are table and markdown');
    stdout.write(format === 'markdown' ? renderIdleMarkdown(idle) : renderIdleTable(idle, options));
    return EXIT.ok;
  }
  const cost = parseCostReport(text, file);
  const herd = cost ? undefined : parseHerdReport(text, file);
  const proxies = parseProxiesReport(text, file);
  if (herd) {
    if (format === 'markdown') stdout.write(renderHerdMarkdown(herd));
    else if (format === 'json') stdout.write(`${JSON.stringify(herd, null, 2)}\n`);
    else stdout.write(renderHerdTable(herd, options));
  } else if (proxies) {
    if (format === 'json') stdout.write(text);
    else stdout.write(format === 'table' ? renderProxiesTable(proxies, options) : renderProxiesMarkdown(proxies));
  } else if (cost) {
    if (format !== 'table') throw new UsageError(`--format: a cost.json has a table only, not \`${format}\``);
    stdout.write(renderCostTable(cost, options));
  } else stdout.write(reporter.render(parseReport(text, file), options));
  return EXIT.ok;
}

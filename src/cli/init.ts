import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseDocument } from 'yaml';
import { EXIT, messageOf, UsageError } from '../errors.js';
import { listed } from '../report/wording.js';
import { deliver } from './output.js';
import { verifiable } from './verify.js';

export interface InitFlags {
  readonly transport: readonly string[];
  readonly force?: boolean;
}

/** As seen from `src/cli/` and from `dist/cli/`. */
const TEMPLATES = new URL('../../templates/', import.meta.url);

/** Where each template goes, below the folder. */
const FILES = [
  ['rtbench.yaml', 'rtbench.yaml'],
  ['rtbench-workflow.yml', '.github/workflows/rtbench.yml'],
  ['rtbench-comment.yml', '.github/workflows/rtbench-comment.yml'],
] as const;

/** `rtbench init`: a scenario with thresholds and the workflows that hold pull requests to it. */
export async function init(folder: string, { transport, force = false }: InitFlags): Promise<number> {
  const rows = await verifiable(transport.length > 0 ? transport : DEFAULT);
  const there = FILES.map(([, path]) => join(folder, path)).filter((path) => existsSync(path));
  if (there.length > 0 && !force) {
    throw new UsageError(
      `${listed(there)} ${there.length === 1 ? 'is' : 'are'} there already: move them away, or have them overwritten by --force`,
    );
  }
  for (const [template, path] of FILES) {
    const text = await readFile(new URL(template, TEMPLATES), 'utf8');
    await write(join(folder, path), template === 'rtbench.yaml' ? scenarioFor(text, transport) : text);
  }
  const specs = transport.length > 0 ? transport : DEFAULT;
  console.log(nextSteps(folder, specs, rows.map(({ label }) => label).join(', ')));
  return EXIT.ok;
}

/** Those of the template. */
const DEFAULT = ['sse', 'websocket'];

async function write(file: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true });
    await deliver(file, text);
  } catch (error) {
    throw new UsageError(`${file}: cannot be written (${messageOf(error)}); give a folder you may write to`);
  }
}

/** Of other transports nothing is known, so that the thresholds of the template's own are left out. */
function scenarioFor(text: string, transports: readonly string[]): string {
  if (transports.length === 0) return text;
  const document = parseDocument(text);
  document.setIn(['transports'], document.createNode(transports, { flow: true }));
  for (const name of DEFAULT) document.deleteIn(['expect', name]);
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

function nextSteps(folder: string, specs: readonly string[], labels: string): string {
  const wanted = specs.map((spec) => `-t ${/^[\w:=.,/-]+$/.test(spec) ? spec : `'${spec}'`}`).join(' ');
  const enter = folder === '.' ? [] : [`     cd ${folder}`];
  return [
    `Wrote, for ${labels}:`,
    ...FILES.map(([, path]) => `  ${join(folder, path)}`),
    '',
    'Next:',
    '  1. The rtbench that the workflow runs: its git address, or an archive that',
    '     npm pack made of it and that lies in the repository.',
    ...enter,
    '     npm install -D <rtbench>',
    '  2. Does the scenario pass? Its thresholds stand under expect.',
    '     npx rtbench run ./rtbench.yaml',
    '  3. The bytes of today, as a baseline to commit.',
    `     npx rtbench check --save-baseline ${wanted}`,
    '  4. Commit it all. Comments begin once rtbench-comment.yml is on the default',
    '     branch.',
    '     git add .github rtbench.yaml rtbench-baseline.json package*.json',
    '',
    'More: docs/ci.md, which rtbench brings along.',
  ].join('\n');
}

import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parse, parseDocument } from 'yaml';
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

const SCENARIO = 'rtbench.yaml';
/** Where each template goes, below the folder. */
const WORKFLOWS = [
  ['rtbench-workflow.yml', '.github/workflows/rtbench.yml'],
  ['rtbench-comment.yml', '.github/workflows/rtbench-comment.yml'],
] as const;
const WRITTEN = [SCENARIO, ...WORKFLOWS.map(([, path]) => path)];

/** `rtbench init`: a scenario with thresholds and the workflows that hold pull requests to it. */
export async function init(folder: string, { transport, force = false }: InitFlags): Promise<number> {
  const template = await readFile(new URL(SCENARIO, TEMPLATES), 'utf8');
  const own = transportsOf(template);
  const specs = transport.length > 0 ? transport : own;
  const rows = await verifiable(specs);
  const there = WRITTEN.map((path) => join(folder, path)).filter((path) => existsSync(path));
  if (there.length > 0 && !force) {
    throw new UsageError(
      `${listed(there)} ${there.length === 1 ? 'is' : 'are'} there already: move them away, or have them overwritten by --force`,
    );
  }
  const scenario = transport.length > 0 ? withTransports(template, own, transport) : template;
  await write(join(folder, SCENARIO), scenario);
  for (const [name, path] of WORKFLOWS) {
    await write(join(folder, path), await readFile(new URL(name, TEMPLATES), 'utf8'));
  }
  console.log(nextSteps(folder, specs, rows.map(({ label }) => label).join(', ')));
  return EXIT.ok;
}

function transportsOf(template: string): readonly string[] {
  return (parse(template) as { readonly transports: readonly string[] }).transports;
}

async function write(file: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true });
    await deliver(file, text);
  } catch (error) {
    throw new UsageError(`${file}: cannot be written (${messageOf(error)}); give a folder you may write to`);
  }
}

/** Of other transports nothing is known, so that the thresholds of the template's own are left out. */
function withTransports(template: string, own: readonly string[], transports: readonly string[]): string {
  const document = parseDocument(template);
  document.setIn(['transports'], document.createNode(transports, { flow: true }));
  for (const name of own) document.deleteIn(['expect', name]);
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

function nextSteps(folder: string, specs: readonly string[], labels: string): string {
  const wanted = specs.map((spec) => `-t ${/^[\w:=.,/-]+$/.test(spec) ? spec : `'${spec}'`}`).join(' ');
  const enter = folder === '.' ? [] : [`     cd ${folder}`];
  return [
    `Wrote, for ${labels}:`,
    ...WRITTEN.map((path) => `  ${join(folder, path)}`),
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

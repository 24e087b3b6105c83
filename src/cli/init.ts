import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parse, parseDocument } from 'yaml';
import { EXIT, messageOf, UsageError } from '../errors.js';
import { listed } from '../report/wording.js';
import {
  nextStepsOf,
  type OwnServer,
  type OwnServerFlags,
  readOwnServer,
  scenarioOf,
  workflowOf,
} from './init-own-server.js';
import { deliver, makeFolders } from './output.js';
import { verifiable } from './verify.js';

export interface InitFlags extends OwnServerFlags {
  readonly transport: readonly string[];
  readonly force?: boolean;
}

/** As seen from `src/cli/` and from `dist/cli/`. */
const TEMPLATES = new URL('../../templates/', import.meta.url);

const SCENARIO = 'rtbench.yaml';
const WORKFLOW = '.github/workflows/rtbench.yml';
const COMMENT = '.github/workflows/rtbench-comment.yml';
const WRITTEN = [SCENARIO, WORKFLOW, COMMENT];

/** What is written, and what is said of it. */
interface Files {
  readonly scenario: string;
  readonly workflow: string;
  readonly labels: string;
  readonly steps: readonly string[];
}

/** `rtbench init`: a scenario with thresholds and the workflows that hold pull requests to it. */
export async function init(folder: string, { transport, force = false, ...flags }: InitFlags): Promise<number> {
  const own = await readOwnServer(transport, flags);
  const files = own === undefined ? await ofTransports(transport) : await ofOwnServer(own);
  const there = WRITTEN.map((path) => join(folder, path)).filter((path) => existsSync(path));
  if (there.length > 0 && !force) {
    throw new UsageError(
      `${listed(there)} ${there.length === 1 ? 'is' : 'are'} there already: move them away, or have them overwritten by --force`,
    );
  }
  await write(join(folder, SCENARIO), files.scenario);
  await write(join(folder, WORKFLOW), files.workflow);
  await write(join(folder, COMMENT), await templateOf('rtbench-comment.yml'));
  console.log(nextSteps(folder, files));
  return EXIT.ok;
}

async function ofTransports(transports: readonly string[]): Promise<Files> {
  const template = await templateOf(SCENARIO);
  const own = transportsOf(template);
  const specs = transports.length > 0 ? transports : own;
  const rows = await verifiable(specs);
  return {
    scenario: transports.length > 0 ? withTransports(template, own, transports) : template,
    workflow: await templateOf('rtbench-workflow.yml'),
    labels: rows.map(({ label }) => label).join(', '),
    steps: stepsOf(specs),
  };
}

async function ofOwnServer(server: OwnServer): Promise<Files> {
  return {
    scenario: scenarioOf(await templateOf(SCENARIO), server),
    workflow: workflowOf(await templateOf('rtbench-workflow-own-server.yml'), server),
    labels: `${server.label} of ${server.command}`,
    steps: nextStepsOf(server),
  };
}

function templateOf(name: string): Promise<string> {
  return readFile(new URL(name, TEMPLATES), 'utf8');
}

function transportsOf(template: string): readonly string[] {
  return (parse(template) as { readonly transports: readonly string[] }).transports;
}

async function write(file: string, text: string): Promise<void> {
  const folder = dirname(file);
  try {
    if (!existsSync(folder)) await makeFolders(folder);
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

function nextSteps(folder: string, { labels, steps }: Files): string {
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
    ...steps,
    '',
    'More: docs/ci.md, which rtbench brings along.',
  ].join('\n');
}

function stepsOf(specs: readonly string[]): string[] {
  const wanted = specs.map((spec) => `-t ${/^[\w:=.,/-]+$/.test(spec) ? spec : `'${spec}'`}`).join(' ');
  return [
    '  2. Does the scenario pass? Its thresholds stand under expect.',
    '     npx rtbench run ./rtbench.yaml',
    '  3. The bytes of today, as a baseline to commit.',
    `     npx rtbench check --save-baseline ${wanted}`,
    '  4. Commit it all. Comments begin once rtbench-comment.yml is on the default',
    '     branch.',
    '     git add .github rtbench.yaml rtbench-baseline.json package*.json',
  ];
}

import { parseDocument } from 'yaml';
import { UsageError } from '../errors.js';
import { loadScenario } from '../scenario/load.js';
import { BY_FLAG, resolveRows } from '../scenario/rows.js';
import { senderOf } from '../scenario/uplink.js';
import { requireTwoServers } from './gate-addresses.js';
import { requireTarget } from './gate-plan.js';
import { registry } from './registry.js';

/** Flags of `init` about a server that is not rtbench's own. */
export interface OwnServerFlags {
  readonly target?: string;
  readonly command?: string;
  readonly build?: string;
}

const URL_BY_DEFAULT = 'http://localhost:{port}';
const ABOUT_TARGET = ` Your server. It is started for each run, and gets a port of its own: {port} in the command, PORT in its environment.
 What else it takes, such as another path to publish at or headers, is in docs/your-own-server.md.`;

/** A server to guard, and how. */
export interface OwnServer {
  readonly spec: string;
  readonly label: string;
  readonly url: string;
  readonly command: string;
  readonly build: string | undefined;
}

/**
 * `undefined`: no flag speaks of one.
 *
 * @throws UsageError where the server could not be measured so.
 */
export async function readOwnServer(
  specs: readonly string[],
  { target, command, build }: OwnServerFlags,
): Promise<OwnServer | undefined> {
  if ((target ?? command ?? build) === undefined) return undefined;
  if (command === undefined) {
    throw new UsageError('--command: say what starts your server, as in --command "node server.js"');
  }
  const [spec, ...others] = specs;
  if (spec === undefined || others.length > 0) {
    throw new UsageError(
      '--transport: name the one technique of your server that is timed, with its path, as in -t websocket:path=/ws',
    );
  }
  const url = target ?? URL_BY_DEFAULT;
  const loaded = loadScenario('default', { target: { url, command, names: { command: '--command' } } });
  const { scenario } = loaded;
  if (loaded.target === null) throw new Error('a target was asked for');
  const wishes = { target: loaded.target };
  const [row] = await resolveRows([{ spec, where: BY_FLAG }], senderOf(scenario.workload), registry, undefined, wishes);
  if (row === undefined) throw new Error('a row was asked for');
  requireTarget(loaded.target, scenario, row, {});
  const reached = { target: loaded.target, row, workload: scenario.workload };
  requireTwoServers(reached, reached);
  return { spec, label: row.label, url, command, build };
}

/** The template's scenario of that server. Of its bytes nothing is known, so that thresholds of the template's are left out. */
export function scenarioOf(template: string, { spec, url, command }: OwnServer): string {
  const document = parseDocument(template);
  const own = document.toJS() as { readonly transports: readonly string[] };
  document.setIn(['transports'], document.createNode([spec], { flow: true }));
  for (const name of own.transports) document.deleteIn(['expect', name]);
  const target = document.createPair('target', { url, command });
  target.key.commentBefore = ABOUT_TARGET;
  target.key.spaceBefore = true;
  document.add(target);
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

/** The template's workflow with the build that was asked for. */
export function workflowOf(template: string, { build }: OwnServer): string {
  if (build === undefined) return template;
  return template.replace(/^( *BUILD: ).*$/m, (_, key: string) => `${key}${JSON.stringify(build)}`);
}

/** What to do next, in 80 columns. */
export function nextStepsOf({ build }: OwnServer): string[] {
  return [
    '  2. Does the scenario pass? It publishes by POST /messages?channel=… unless',
    '     `target` says otherwise; thresholds stand under expect.',
    '     npx rtbench run ./rtbench.yaml',
    '  3. Is what is here slower than the last commit?',
    `     npx rtbench check --scenario ./rtbench.yaml --base-ref HEAD \\`,
    `       --build ${quoted(build ?? 'npm ci')}`,
    '  4. Commit it all. Comments begin once rtbench-comment.yml is on the default',
    '     branch.',
    '     git add .github rtbench.yaml package*.json',
  ];
}

function quoted(text: string): string {
  return /^[\w:=.,/ -]+$/.test(text) ? `"${text}"` : `'${text.replaceAll("'", `'\\''`)}'`;
}

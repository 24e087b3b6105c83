import type { Command } from 'commander';
import { UsageError } from '../../errors.js';
import { CHECK_HELP, NOISE_HELP } from '../gate-help.js';
import { type Context, collect, flagOf } from './context.js';

export function addCheck(program: Command, { args, exitWith }: Context): void {
  const command = program
    .command('check')
    .description('hold exact figures against a committed baseline, or time a head against a base')
    .option(
      '-t, --transport <spec>',
      'transport to check, name[:key=value,…]; repeatable (default: those of the baseline)',
      collect,
      [],
    )
    .option('--baseline <file>', 'the committed file', 'rtbench-baseline.json')
    .option('--save-baseline', 'measure, and write the baseline')
    .option('--markdown <file>', 'write it as Markdown there, for a comment; - is stdout')
    .option('--junit <file>', 'write it as JUnit XML there')
    .option('--history <file>', 'exact: append a line for each figure, with date and commit; .csv or .jsonl')
    .option('--base-with <package=version>', 'time: what base’s server uses, as ws=8.18.0 or ws=./path', collect, [])
    .option('--head-with <package=version>', 'time: what head’s server uses in its place; repeatable', collect, [])
    .option('--base-command <command>', 'time: starts base’s server for each run, where yours is timed')
    .option('--head-command <command>', 'time: starts head’s')
    .option('--base-ref <ref>', 'time: base is this commit of git, checked out for the gate; head is what is here')
    .option('--head-ref <ref>', 'time: head is this commit')
    .option('--build <command>', 'time: gets each commit that is checked out ready, such as "npm ci"')
    .option('--base-target <url>', 'time: base is a server that runs already')
    .option('--head-target <url>', 'time: head is')
    .option('--base-pid <pid>', 'time: its process, so that its CPU is known')
    .option('--head-pid <pid>', 'time: the same of head')
    .option('--scenario <name>', 'time: a shipped scenario or a YAML file', 'default')
    .option('--noise <file>', 'time: what rtbench noise found, for what the gate can see and its noise floor')
    .option('--strict', 'time: exit with 1 too where the pairs can tell nothing');
  addPairOptions(command)
    .addHelpText('after', CHECK_HELP)
    .action(async (options) => {
      const isTiming = options.baseWith.length + options.headWith.length > 0 || SIDES.some((name) => name in options);
      if (isTiming) {
        const { checkTiming } = await import('../check-timing.js');
        exitWith(await checkTiming(options, args));
      } else {
        refuseTiming(options);
        const { check } = await import('../check.js');
        exitWith(await check(options));
      }
    });
}

/** Each of them says what base or head is, as `--base-with` and `--head-with` do. */
const SIDES = ['base', 'head'].flatMap((side) => ['Command', 'Ref', 'Target', 'Pid'].map((what) => side + what));

/** Flags of `check` that mean nothing without a base and a head. */
const TIMING = [
  'noise',
  'strict',
  'pairs',
  'budget',
  'figures',
  'clients',
  'rate',
  'size',
  'duration',
  'warmup',
  'pin',
  'target',
  'command',
  'serverReady',
  'build',
  'scenario',
  'threshold',
  'alpha',
  'seed',
  'out',
  'dryRun',
  'iMayLoadThisHost',
];
/** What some of them are where nobody gives them. */
const UNSAID: Readonly<Record<string, string>> = { scenario: 'default', threshold: '', alpha: '5%' };

/** @throws UsageError for what only times take. */
export function refuseTiming(options: Readonly<Record<string, unknown>>): void {
  const given = TIMING.filter((name) => options[name] !== undefined && String(options[name]) !== UNSAID[name]);
  if (given.length === 0) return;
  const flags = given.map(flagOf).join(', ');
  throw new UsageError(
    `${flags}: for times, which take a head to hold against a base: add --head-with or --base-with, or for a server of ` +
      'yours --base-ref, --base-command or --base-target',
  );
}

export function addNoise(program: Command, { args, exitWith }: Context): void {
  const command = program
    .command('noise')
    .description('time a server against itself: how small a change this machine can see, by minutes')
    .argument('[scenario]', 'a shipped scenario or a YAML file', 'default')
    .option('-t, --transport <spec>', 'the transport, name[:key=value,…]', collect, []);
  addPairOptions(command)
    .addHelpText('after', NOISE_HELP)
    .action(async (scenario: string, options) => {
      const { noise } = await import('../noise.js');
      exitWith(await noise(scenario, options, args));
    });
}

function addPairOptions(command: Command): Command {
  return command
    .option('--target <url>', 'a server of yours instead of the one that ships, such as http://localhost:{port}')
    .option('--command <command>', 'starts it for each run, with {port} or PORT in its environment')
    .option('--server-ready <port|url>', 'what answers when it is ready (default: the port of --target)')
    .option('--i-may-load-this-host', 'for a target that is not this machine')
    .option('--pairs <n>', 'pairs of runs at the most (default: as many as the budget holds)')
    .option('--budget <time>', 'time for all pairs together (default: 5m)')
    .option(
      '--figures <list>',
      'of cpu, p50, p99 and memory (default: cpu,p50; p99 takes many pairs, memory many clients)',
    )
    .option('--threshold <share>', 'so much more is a regression: 5%, or cpu=2% of one figure; repeatable', collect, [])
    .option('--alpha <share>', 'false alarms of a gate, all figures and looks together', '5%')
    .option('--clients <n>', 'clients of each side (default: 20)')
    .option('--rate <rate>', 'messages published, such as 20/s (default: 250/s)')
    .option('--size <bytes>', 'size of a message (default: that of the scenario)')
    .option('--duration <time>', 'window of a run (default: 2s)')
    .option('--warmup <time>', 'warm-up of a run (default: 500ms)')
    .option('--seed <n>', 'of the schedule')
    .option('--pin', 'pin servers and load to cores of their own (taskset)')
    .option('--out <dir>', 'folder for the document of pairs (default: reports/<date>-…)')
    .option('--json <file>', 'write what was found there too; - is stdout')
    .option('--dry-run', 'say what pairs would take and see, and do nothing')
    .option('--quiet', 'no progress');
}

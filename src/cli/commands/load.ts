import type { Command } from 'commander';
import { CAPACITY_HELP, COST_HELP, SWEEP_HELP } from '../help.js';
import { type Context, collect } from './context.js';

export function addCost(program: Command, { args, exitWith }: Context): void {
  program
    .command('cost')
    .description('fit what a client, a publish, a delivery and a poll cost the server')
    .argument('[scenario]', 'a shipped scenario (rtbench list scenarios) or a YAML file', 'default')
    .option(
      '-t, --transport <spec>',
      'transport to measure, name[:key=value,…]; repeatable; all techniques where none is named',
      collect,
      [],
    )
    .option('--points <list>', 'loads to fit over, clients x rate (default: 6 around that of the scenario)')
    .option('--clients <n>', "clients of the scenario's own load, which the model is held against")
    .option('--rate <rate>', 'messages published a second at that load, such as 20/s')
    .option('--size <size>', 'payload of a message, such as 200B or 1KiB')
    .option('--payload <kind>', 'text or binary')
    .option('--duration <time>', 'measuring window of a run (default: 1500ms)')
    .option('--warmup <time>', 'load before the window (default: 10,000 deliveries, 500ms to 4s)')
    .option('--rounds <n>', 'how often each load is measured (default: 1)')
    .option('--seed <n>', 'seed of the workloads and of the order')
    .option('--workers <n>', 'crowd processes, or auto')
    .option('--out <dir>', 'folder for cost.json (default: reports/<date>-cost-<scenario>)')
    .option('--json <file>', 'write the result there too; - is stdout')
    .option('--pin', 'pin server and load to cores of their own (taskset)')
    .option('--dry-run', 'print what would be done, and do nothing')
    .option('--quiet', 'no progress')
    .addHelpText('after', COST_HELP)
    .action(async (scenario: string, options) => {
      const { cost } = await import('../cost.js');
      exitWith(await cost(scenario, options, args));
    });
}

export function addSweep(program: Command, { args, exitWith }: Context): void {
  program
    .command('sweep')
    .description('vary clients, rate, size or poll interval: curves of latency and cost, and where costs cross')
    .argument('[scenario]', 'a shipped scenario (rtbench list scenarios) or a YAML file', 'default')
    .option(
      '-t, --transport <spec>',
      'transport to measure, name[:key=value,…]; repeatable (default: all)',
      collect,
      [],
    )
    .option(
      '--vary <what>',
      'clients, rate, size or interval, as a range in equal factors or a list',
      'clients=25..400',
    )
    .option('--steps <n>', 'values of a range, its ends included', '5')
    .option('--no-confirm', 'derive where costs cross, and do not run there')
    .option('--clients <n>', 'simulated clients')
    .option('--rate <rate>', 'messages published a second in total, such as 20/s')
    .option('--size <size>', 'payload of a message, such as 200B or 1KiB')
    .option('--payload <kind>', 'text or binary')
    .option('--duration <time>', 'measuring window of a run; longer where polls or messages are rare')
    .option('--warmup <time>', 'load before the window (default: 10,000 deliveries, 500ms to 4s)')
    .option('--rounds <n>', 'how often each value is measured (default: 1)')
    .option('--seed <n>', 'seed of the workloads and of the order')
    .option('--workers <n>', 'crowd processes, or auto')
    .option('--tls', 'everything over TLS, with a certificate made on the spot')
    .option('--network <name>', 'distance and bandwidth of wifi, cable, lte, 4g, 3g, starlink or satellite, by a relay')
    .option('--rtt <time>', 'round trip between clients and server, such as 50ms, by a relay')
    .option('--out <dir>', 'folder for sweep.json and report.md (default: reports/<date>-sweep-<scenario>)')
    .option('--json <file>', 'write the result there too; - is stdout')
    .option('--markdown <file>', 'write a Markdown report there too; - is stdout')
    .option('--pin', 'pin server and load to cores of their own (taskset)')
    .option('--dry-run', 'print what would be done, and do nothing')
    .option('--quiet', 'no progress')
    .addHelpText('after', SWEEP_HELP)
    .action(async (scenario: string, options) => {
      const { sweep } = await import('../sweep.js');
      exitWith(await sweep(scenario, options, args));
    });
}

export function addCapacity(program: Command, { args, exitWith }: Context): void {
  program
    .command('capacity')
    .description('find the most clients, or the highest rate, that keep one objective: a bracket for each transport')
    .argument('[scenario]', 'a shipped scenario (rtbench list scenarios) or a YAML file', 'default')
    .option(
      '-t, --transport <spec>',
      'transport to measure, name[:key=value,…]; repeatable (default: all)',
      collect,
      [],
    )
    .option('--find <what>', 'clients or rate', 'clients')
    .option('--p99 <time>', "the objective, with every message delivered (default: the scenario's tolerated delay)")
    .option('--within <share>', 'how far apart the two ends of the answer may be', '10%')
    .option('--budget <time>', 'for all transports together; a search that it ends says so', '20m')
    .option('--clients <n>', 'clients, or those that the search begins with')
    .option('--rate <rate>', 'messages published a second, or those that the search begins with')
    .option('--size <size>', 'payload of a message, such as 200B or 1KiB')
    .option('--payload <kind>', 'text or binary')
    .option('--duration <time>', 'window of a trial; longer where a p99 takes it (300 messages, 5 polls)')
    .option('--warmup <time>', 'load before the window (default: 10,000 deliveries, 500ms to 4s)')
    .option('--seed <n>', 'seed of the workloads')
    .option('--workers <n>', 'crowd processes, or auto')
    .option('--tls', 'everything over TLS, with a certificate made on the spot')
    .option('--network <name>', 'distance and bandwidth of wifi, cable, lte, 4g, 3g, starlink or satellite, by a relay')
    .option('--rtt <time>', 'round trip between clients and server, such as 50ms, by a relay')
    .option('--out <dir>', 'folder for capacity.json and report.md (default: reports/<date>-capacity-<scenario>)')
    .option('--json <file>', 'write the result there too; - is stdout')
    .option('--markdown <file>', 'write a Markdown report there too; - is stdout')
    .option('--pin', 'pin server and load to cores of their own (taskset)')
    .option('--dry-run', 'print what would be done, and do nothing')
    .option('--quiet', 'no progress')
    .addHelpText('after', CAPACITY_HELP)
    .action(async (scenario: string, options) => {
      const { capacity } = await import('../capacity.js');
      exitWith(await capacity(scenario, options, args));
    });
}

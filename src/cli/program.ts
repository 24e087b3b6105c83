import { Command, CommanderError } from 'commander';
import { EXIT, messageOf, UsageError } from '../errors.js';
import {
  ADVISE_HELP,
  BROWSER_HELP,
  CAPACITY_HELP,
  COST_HELP,
  EXAMPLES,
  HERD_HELP,
  IDLE_HELP,
  PROXIES_HELP,
  RUN_HELP,
  SERVE_HELP,
  SWEEP_HELP,
  VERIFY_HELP,
} from './help.js';
import { readTool } from './version.js';

const collect = (value: string, previous: readonly string[]) => [...previous, value];

/**
 * Parses the arguments after the program's name, carries out the command and returns the exit code. Each command's
 * own module is loaded only when it is called, so that help comes at once.
 */
export async function main(args: readonly string[]): Promise<number> {
  let code: number = EXIT.ok;
  const program = createProgram(args, (result) => {
    code = result;
  });
  try {
    if (args.length === 0) program.outputHelp();
    else await program.parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    if (error instanceof UsageError) {
      for (const problem of error.problems) console.error(`rtbench: ${problem}`);
      return EXIT.usage;
    }
    console.error(`rtbench: ${unexpected(error)}`);
    return EXIT.runFailed;
  }
}

/** What the system refused (a full disk) says enough in its message; a mistake of rtbench takes its trace to find. */
function unexpected(error: unknown): string {
  const isMistake = error instanceof Error && !('code' in error);
  return isMistake ? (error.stack ?? error.message) : messageOf(error);
}

function createProgram(args: readonly string[], exitWith: (code: number) => void): Command {
  const program = new Command('rtbench')
    .description('Benchmarks real-time web transports: one seeded workload over each, measured side by side.')
    .version(readTool().version)
    .exitOverride()
    .configureHelp({ showGlobalOptions: false })
    .showHelpAfterError('(see rtbench --help)')
    .addHelpText('after', EXAMPLES);
  for (const add of COMMANDS) add(program, { args, exitWith });
  return program;
}

interface Context {
  /** After the program's name. */
  readonly args: readonly string[];
  readonly exitWith: (code: number) => void;
}

function addRun(program: Command, { args, exitWith }: Context): void {
  program
    .command('run')
    .description('measure transports with a scenario and compare them in one table')
    .argument('[scenario]', 'a shipped scenario (rtbench list scenarios) or a YAML file (default: "default")')
    .option('--all', 'the ten use cases of the guide, and one matrix of them: in time, cheapest, what the guide says')
    .option(
      '-t, --transport <spec>',
      'transport to measure, name[:key=value,…]; repeatable (default: all)',
      collect,
      [],
    )
    .option('--clients <n>', 'simulated clients')
    .option('--probes <n>', 'clients among them whose latency makes the headline figures')
    .option('--rate <rate>', 'messages published a second in total, such as 20/s')
    .option('--size <size>', 'payload of a message, such as 200B or 1KiB')
    .option('--payload <kind>', 'text or binary')
    .option('--duration <time>', 'measuring window, such as 5s')
    .option('--warmup <time>', 'load before the window, not measured; auto: 10,000 deliveries, within 1 to 2 s')
    .option('--rounds <n>', 'rounds, each with every transport in a new order; 1 is the quick look, or auto')
    .option('--budget <time>', 'with --rounds auto: time for all of them (default: 5m)')
    .option('--seed <n>', 'seed of the workload and of the order')
    .option('--workers <n>', 'crowd processes, or auto')
    .option('--tolerates <time>', "delay that the scenario's user tolerates")
    .option(
      '--scale <n>',
      "everything n times as fast as written: rates, windows, tolerated delay, transports' periods",
    )
    .option(
      '--interleave <time>',
      'run the rows of a round side by side, publishing in turns of this length, such as 50ms',
    )
    .option('--tls', 'everything over TLS, with a certificate made on the spot')
    .option('--auth <way>', 'clients show a token: bearer, cookie, query or first-message')
    .option('--preset <name>', 'web: what browsers get: TLS, HTTP/2 for SSE and polling, nothing out of their reach')
    .option('--network <name>', 'distance and bandwidth of wifi, cable, lte, 4g, 3g, starlink or satellite, by a relay')
    .option('--rtt <time>', 'round trip between clients and server, such as 50ms, by a relay')
    .option('--jitter <time>', 'added to each way, uniform from 0 up to this')
    .option('--bandwidth <rate>', 'of each connection and direction, such as 9Mbps')
    .option('--slow-readers <spec>', 'clients that do not keep up, and how much each reads: 10%:1KiB/s, 10%:stop')
    .option('--when-full <policy>', 'what the server does with them: wait, drop-oldest, disconnect (default: wait)')
    .option(
      '--via <what>',
      'nginx, haproxy or hostile:<mode>: through that proxy, nginx:default without what it is told for the technique; browser: probes are pages of a headless Chromium',
    )
    .option(
      '--fault <fault>',
      'what to do to every run, kind[:amount]@time, such as cut:50%@2s; repeatable',
      collect,
      [],
    )
    .option('--heartbeat <time>', 'heartbeats of every transport that can have them, such as 500ms (default: as set)')
    .option(
      '--reconnect <policy>',
      'how clients come back: immediate, fixed, exponential-jitter, full-jitter, native, …',
    )
    .option('--resume <on|off>', 'whether they go on after the last message they saw (default: on)')
    .option('--out <dir>', 'folder for result.json and report.md (default: reports/<date>-<scenario>)')
    .option('--json <file>', 'write the result there too; - is stdout')
    .option('--markdown <file>', 'write a Markdown report there too; - is stdout')
    .option('--details', 'print every figure, not only those a decision takes')
    .option('--table <name>', "guide: the guide's table of features; what it takes is measured after the runs")
    .option('--claims', "hold the guide's claims against the result, and print what came of each")
    .option('--pin', 'pin server and load to cores of their own (taskset)')
    .option('--wire', 'count IP packets too, in a network namespace of its own (Linux)')
    .option('--floor', 'add the harness row: publisher to recorder in one process, what the instrument itself adds')
    .option('--no-floor', 'no control rows at all, not even TCP, the floor of transports')
    .option('--dry-run', 'print what would be done, and do nothing')
    .option('--no-ui', 'plain lines instead of the live view')
    .option('--quiet', 'no progress')
    .addHelpText('after', RUN_HELP)
    .action(async (scenario: string | undefined, options) => {
      const { run } = await import('./run.js');
      exitWith(await run(scenario, options, args));
    });
}

function addCost(program: Command, { args, exitWith }: Context): void {
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
      const { cost } = await import('./cost.js');
      exitWith(await cost(scenario, options, args));
    });
}

function addSweep(program: Command, { args, exitWith }: Context): void {
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
      const { sweep } = await import('./sweep.js');
      exitWith(await sweep(scenario, options, args));
    });
}

function addCapacity(program: Command, { args, exitWith }: Context): void {
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
      const { capacity } = await import('./capacity.js');
      exitWith(await capacity(scenario, options, args));
    });
}

function addHerd(program: Command, { args, exitWith }: Context): void {
  program
    .command('herd')
    .description('restart the server under many clients, and watch them return: one row for each reconnection policy')
    .option('-t, --transport <spec>', 'transport of the clients, name[:key=value,…] (default: websocket)')
    .option('--clients <n>', 'clients that lose the server at once (default: 2000)')
    .option('--policy <spec>', 'how a client waits, name[:key=value,…]; repeatable (default: five)', collect, [])
    .option('--away <time>', 'from the end of the server until it listens again (default: 2s)')
    .option('--leave <how>', 'kill: the server is killed; close: it closes every connection first (default: kill)')
    .option('--window <time>', 'of the peak: most accepts within so long (default: 1s, less with --scale)')
    .option('--auth <way>', 'clients show a token each time they connect: bearer, cookie, query or first-message')
    .option('--scale <factor>', 'multiplies every time of the policies, 0.1: a quick look; 5: slow motion')
    .option('--workers <n>', 'processes with clients (default: 1)')
    .option('--seed <n>', 'seed of the waits')
    .option('--out <dir>', 'folder for herd.json and report.md (default: reports/<date>-herd)')
    .option('--json <file>', 'write the result there too; - is stdout')
    .option('--markdown <file>', 'write a Markdown report there too; - is stdout')
    .option('--dry-run', 'print what would be done, and do nothing')
    .option('--quiet', 'no progress')
    .addHelpText('after', HERD_HELP)
    .action(async (options) => {
      const { herd } = await import('./herd.js');
      exitWith(await herd(options, args));
    });
}

function addProxies(program: Command, { args, exitWith }: Context): void {
  program
    .command('proxies')
    .description('show which transport passes nginx, HAProxy and a hostile proxy, and which line mends it')
    .option('-t, --transport <spec>', 'transport to try, name[:key=value,…]; repeatable (default: all)', collect, [])
    .option('--via <name>', 'nginx, haproxy, hostile, or one of each: nginx:default; repeatable', collect, [])
    .option('--silence <time>', 'then say nothing for so long, and see who still gets a message (default: none)')
    .option('--out <dir>', 'folder for proxies.json (default: reports/<date>-proxies)')
    .option('--json <file>', 'write the result there too; - is stdout')
    .option('--markdown <file>', 'write the table as Markdown there; - is stdout')
    .option('--quiet', 'no progress')
    .addHelpText('after', PROXIES_HELP)
    .action(async (options) => {
      const { proxies } = await import('./proxies.js');
      exitWith(await proxies(options, args));
    });
}

function addBrowser(program: Command, { args, exitWith }: Context): void {
  program
    .command('browser')
    .description('measure how many connections one page of a headless Chromium holds open at one origin')
    .option(
      '-t, --transport <spec>',
      'transport to try, name[:key=value,…]; repeatable (default: what holds connections, over HTTP/1.1 and HTTP/2)',
      collect,
      [],
    )
    .option('--connections <n>', 'clients that the page asks for', '10')
    .option('--out <dir>', 'folder for browser.json (default: reports/<date>-browser)')
    .option('--json <file>', 'write the result there too; - is stdout')
    .option('--markdown <file>', 'write the table as Markdown there; - is stdout')
    .option('--quiet', 'no progress')
    .addHelpText('after', BROWSER_HELP)
    .action(async (options) => {
      const { browser } = await import('./browser.js');
      exitWith(await browser(options, args));
    });
}

function addIdle(program: Command, { args, exitWith }: Context): void {
  program
    .command('idle')
    .description(
      'measure heartbeats: what an idle client moves, when a vanished peer is noticed, what idle timeouts cut',
    )
    .option(
      '-t, --transport <spec>',
      'transport to measure, name[:key=value,…]; repeatable (default: all)',
      collect,
      [],
    )
    .option('--interval <time>', 'time between two heartbeats while they are measured', '500ms')
    .option('--scaled-to <time>', 'interval that figures are computed for as well', '25s')
    .option('--idle-timeouts <list>', 'idle timeouts of a box on the way, to live through', '250ms,1s,2s,5s')
    .option('--watch <time>', 'how long both sides of a lost connection are watched', '5s')
    .option('--clients <n>', 'clients whose connections are lost, and cut', '5')
    .option('--auth <way>', 'clients show a token, a poll each time: bearer, cookie, query or first-message')
    .option('--out <dir>', 'folder for idle.json (default: reports/<date>-idle)')
    .option('--json <file>', 'write the result there too; - is stdout')
    .option('--markdown <file>', 'write a Markdown report there too; - is stdout')
    .option('--quiet', 'no progress')
    .addHelpText('after', IDLE_HELP)
    .action(async (options) => {
      const { idle } = await import('./idle.js');
      exitWith(await idle(options, args));
    });
}

function addAdvise(program: Command, { args, exitWith }: Context): void {
  program
    .command('advise')
    .description("ask the guide's five questions and name a transport, by its rule and by what was measured")
    .argument('[scenario]', 'take the answers from a shipped scenario or a YAML file')
    .option('--bidirectional', 'clients send too')
    .option('--no-bidirectional', 'from the server to clients only')
    .option('--server-to-client', 'the same as --no-bidirectional')
    .option('--no-server-to-client', 'the same as --bidirectional')
    .option('--tolerates <time>', 'the longest that a message may take, such as 250ms or 5s')
    .option('--no-tolerates', 'no delay of seconds: 250ms')
    .option('--binary', 'bodies are binary')
    .option('--no-binary', 'bodies are text')
    .option('--restrictive-proxies', 'it must work through restrictive proxies')
    .option('--no-restrictive-proxies', 'no such proxy stands between')
    .option('--browser', 'a page in a browser must reach it (default)')
    .option('--no-browser', 'services only')
    .option('--results <path>', 'a result.json, or a folder with some (default: the newest that fits, in reports/)')
    .option('--no-results', "by the guide's rule and facts alone")
    .option('--measure', 'measure now, about a minute, with every transport that can do it')
    .option('--rounds <n>', 'with --measure: rounds (default: those of the scenario)')
    .option('--out <dir>', 'with --measure: folder for the result (default: reports/<date>-<scenario>)')
    .option('--json <file>', 'write the advice there too; - is stdout')
    .option('--quiet', 'no progress')
    .addHelpText('after', ADVISE_HELP)
    .action(async (scenario: string | undefined, options) => {
      const { advise } = await import('./advise.js');
      exitWith(await advise(scenario, options, args));
    });
}

function addServe(program: Command, { exitWith }: Context): void {
  program
    .command('serve')
    .description('start the reference server and keep it running, to try it by hand')
    .option('-t, --transport <spec>', 'transport to mount, name[:key=value,…]; repeatable (default: all)', collect, [])
    .option('--port <n>', 'port of HTTP and WebSocket; the others get the ones after it; 0: any free ones', '8080')
    .option('--when-full <policy>', 'what to do with a client that does not keep up: wait, drop-oldest or disconnect')
    .option('--publish <rate>', 'publish a message to channel "news" at this rate, such as 1/s')
    .option('--auth <way>', 'take only clients that show a token: by bearer, cookie, query or first-message')
    .option('--token <text>', 'with --auth: the token (default: one drawn at random, and printed)')
    .option('--drain <time>', 'longest time for clients to go in good order at the end; 0s: cut them', '5s')
    .addHelpText('after', SERVE_HELP)
    .action(async (options) => {
      const { serve } = await import('./serve.js');
      exitWith(await serve(options));
    });
}

function addList(program: Command, { exitWith }: Context): void {
  program
    .command('list')
    .description('list the shipped scenarios and the transports with their settings')
    .argument('[what]', 'scenarios or transports')
    .addHelpText('after', '\nExamples:\n  rtbench list scenarios\n  rtbench list transports')
    .action(async (what: string | undefined) => {
      const { list } = await import('./list.js');
      exitWith(await list(what));
    });
}

function addReport(program: Command, { exitWith }: Context): void {
  program
    .command('report')
    .description('print a stored result again')
    .argument(
      '<file>',
      'a result.json, or a cost.json, sweep.json, capacity.json, herd.json, proxies.json, browser.json or idle.json',
    )
    .option('--format <name>', 'table, markdown or json', 'table')
    .option('--details', 'print every figure, not only those a decision takes')
    .option('--table <name>', "guide: the guide's table of features in place of the table of transports")
    .option('--claims', "the guide's claims and what came of each, below the table")
    .addHelpText(
      'after',
      '\nExamples:\n  rtbench report reports/sample/result.json --format markdown\n  rtbench report reports/sample/result.json --table guide --claims',
    )
    .action(async (file: string, options) => {
      const { report } = await import('./report.js');
      exitWith(await report(file, options));
    });
}

function addVerify(program: Command, { exitWith }: Context): void {
  program
    .command('verify')
    .description('hold what rtbench measures against theory: bytes, waits, delivery')
    .option('-t, --transport <spec>', 'transport to verify, name[:key=value,…]; repeatable (default: all)', collect, [])
    .option('--json <file>', 'write every check there too; - is stdout')
    .addHelpText('after', VERIFY_HELP)
    .action(async (options) => {
      const { verify } = await import('./verify.js');
      exitWith(await verify(options));
    });
}

function addCheckTransport(program: Command, { exitWith }: Context): void {
  program
    .command('check-transport')
    .description('run the contract suite against a transport of your own')
    .argument('<spec>', 'path of a module, package or name, with settings as in run -t')
    .addHelpText('after', '\nExample:\n  rtbench check-transport ./my-transport.js')
    .action(async (spec: string) => {
      const { checkTransport } = await import('./check-transport.js');
      exitWith(await checkTransport(spec));
    });
}

/** In the order of `--help`. */
const COMMANDS = [
  addRun,
  addAdvise,
  addCost,
  addSweep,
  addCapacity,
  addHerd,
  addProxies,
  addBrowser,
  addIdle,
  addServe,
  addList,
  addReport,
  addVerify,
  addCheckTransport,
];

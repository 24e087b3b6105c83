import { Command, CommanderError } from 'commander';
import { EXIT, messageOf, UsageError } from '../errors.js';
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

  program
    .command('run')
    .description('measure transports with a scenario and compare them in one table')
    .argument('[scenario]', 'a shipped scenario (rtbench list scenarios) or a YAML file', 'default')
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
    .option('--via <what>', 'browser: the probes are pages of a headless Chromium (needs playwright-core)')
    .option(
      '--fault <fault>',
      'what to do to every run, kind[:amount]@time, such as cut:50%@2s; repeatable',
      collect,
      [],
    )
    .option('--reconnect <policy>', 'how clients come back: immediate, fixed, exponential-jitter, full-jitter, …')
    .option('--resume <on|off>', 'whether they go on after the last message they saw (default: on)')
    .option('--out <dir>', 'folder for result.json and report.md (default: reports/<date>-<scenario>)')
    .option('--json <file>', 'write the result there too; - is stdout')
    .option('--markdown <file>', 'write a Markdown report there too; - is stdout')
    .option('--details', 'print every figure, not only those a decision takes')
    .option('--pin', 'pin server and load to cores of their own (taskset)')
    .option('--wire', 'count IP packets too, in a network namespace of its own (Linux)')
    .option('--floor', 'add the harness row: publisher to recorder in one process, what the instrument itself adds')
    .option('--no-floor', 'no control rows at all, not even TCP, the floor of transports')
    .option('--dry-run', 'print what would be done, and do nothing')
    .option('--no-ui', 'plain lines instead of the live view')
    .option('--quiet', 'no progress')
    .addHelpText('after', RUN_HELP)
    .action(async (scenario: string, options) => {
      const { run } = await import('./run.js');
      exitWith(await run(scenario, options, args));
    });

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

  program
    .command('herd')
    .description('restart the server under many clients, and watch them return: one row for each reconnection policy')
    .option('-t, --transport <spec>', 'transport of the clients, name[:key=value,…] (default: websocket)')
    .option('--clients <n>', 'clients that lose the server at once (default: 2000)')
    .option('--policy <spec>', 'how a client waits, name[:key=value,…]; repeatable (default: five)', collect, [])
    .option('--away <time>', 'from the end of the server until it listens again (default: 2s)')
    .option('--leave <how>', 'kill: the server is killed; close: it closes every connection first (default: kill)')
    .option('--window <time>', 'of the peak: most accepts within so long (default: 1s, less with --scale)')
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
    .option('--json <file>', 'write the result there too; - is stdout')
    .option('--markdown <file>', 'write a Markdown table there too; - is stdout')
    .addHelpText('after', '\nExample:\n  rtbench browser\n  rtbench browser -t websocket --connections 300')
    .action(async (options) => {
      const { browser } = await import('./browser.js');
      exitWith(await browser(options, args));
    });

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
    .option('--out <dir>', 'folder for idle.json (default: reports/<date>-idle)')
    .option('--json <file>', 'write the result there too; - is stdout')
    .option('--markdown <file>', 'write a Markdown report there too; - is stdout')
    .option('--quiet', 'no progress')
    .addHelpText('after', IDLE_HELP)
    .action(async (options) => {
      const { idle } = await import('./idle.js');
      exitWith(await idle(options, args));
    });

  program
    .command('serve')
    .description('start the reference server and keep it running, to try it by hand')
    .option('-t, --transport <spec>', 'transport to mount, name[:key=value,…]; repeatable (default: all)', collect, [])
    .option('--port <n>', 'port of HTTP and WebSocket; the others get the ones after it; 0: any free ones', '8080')
    .option('--when-full <policy>', 'what to do with a client that does not keep up: wait, drop-oldest or disconnect')
    .option('--publish <rate>', 'publish a message to channel "news" at this rate, such as 1/s')
    .option('--drain <time>', 'longest time for clients to go in good order at the end; 0s: cut them', '5s')
    .addHelpText('after', SERVE_HELP)
    .action(async (options) => {
      const { serve } = await import('./serve.js');
      exitWith(await serve(options));
    });

  program
    .command('list')
    .description('list the shipped scenarios and the transports with their settings')
    .argument('[what]', 'scenarios or transports')
    .addHelpText('after', '\nExamples:\n  rtbench list scenarios\n  rtbench list transports')
    .action(async (what: string | undefined) => {
      const { list } = await import('./list.js');
      exitWith(await list(what));
    });

  program
    .command('report')
    .description('print a stored result again')
    .argument('<file>', 'a result.json, cost.json, herd.json, proxies.json or idle.json')
    .option('--format <name>', 'table, markdown or json', 'table')
    .option('--details', 'print every figure, not only those a decision takes')
    .addHelpText('after', '\nExample:\n  rtbench report reports/sample/result.json --format markdown')
    .action(async (file: string, options) => {
      const { report } = await import('./report.js');
      exitWith(await report(file, options));
    });

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

  program
    .command('check-transport')
    .description('run the contract suite against a transport of your own')
    .argument('<spec>', 'path of a module, package or name, with settings as in run -t')
    .addHelpText('after', '\nExample:\n  rtbench check-transport ./my-transport.js')
    .action(async (spec: string) => {
      const { checkTransport } = await import('./check-transport.js');
      exitWith(await checkTransport(spec));
    });

  return program;
}

const EXAMPLES = `
Examples:
  rtbench run                                    all transports, about a minute and a half
  rtbench run --rounds 1                         the quick look
  rtbench run chat --clients 200                 a chat, with more people in it
  rtbench run -t websocket -t websocket:deflate=true

Exit codes: 0 fine · 1 a check failed · 2 wrong usage · 3 a run failed or is invalid · 130 interrupted`;

const RUN_HELP = `
Examples:
  rtbench run
  rtbench run echo -t sse -t websocket --rounds 1
  rtbench run ./mine.yaml --json - | jq '.transports[].latencyUs.p99'
  rtbench run --preset web                       what a browser gets: TLS and HTTP/2
  rtbench run -t sse -t sse:http=2 --tls
  rtbench run --auth cookie --details            what authentication adds to an opening
  rtbench run -t short-polling:intervalMs=2s -t long-polling --clients 500 --rate 10/s
  rtbench run -t sse -t websocket --rounds auto --budget 10m
  rtbench run -t websocket -t websocket:deflate=true --interleave 50ms --rounds 6 --pin
                                                 a small difference in CPU, on a machine that changes its speed
  rtbench run -t websocket --floor               WebSocket, above a bare TCP socket, above the instrument alone
  rtbench run -t websocket -t sse --clients 20 --size 16KiB --duration 4s --slow-readers 10%:stop
  rtbench run --via browser -t sse -t websocket  latency up to the callback in a page of Chromium
  rtbench run --rtt 50ms                         50 ms between clients and server, by a relay
  rtbench run --network 3g -t sse -t long-polling
  rtbench run --wire --details                   bytes with IP and TCP headers as well
  rtbench run --fault cut:50%@2s --duration 8s --details       half of the connections are reset
  rtbench run --fault kill@2s --reconnect fixed:200ms --resume off --duration 6s --details

Faults: cut[:share] resets connections, stall:time stops the server for a while, restart and kill (-9)
replace its process; the time counts from the start of the window.
--rounds auto goes on until p50 and p99 of every row are within ±5 % or the budget is spent, at least 6 rounds.
--slow-readers 10%:1KiB/s has a tenth of the clients read so much each; --when-full says what the server does
about it: wait, drop-oldest:keep=100 or disconnect:after=1s,behind=1000, each with buffer=1MiB.
Ctrl-C stops and keeps what was measured so far.`;

const COST_HELP = `
Examples:
  rtbench cost                                   all techniques, about two and a half minutes
  rtbench cost -t websocket -t sse --rounds 3
  rtbench cost -t websocket --points 50x20,50x200,200x20,200x200,400x100
  rtbench cost chat --json - | jq '.transports[] | {label, cpu}'

The loads must vary clients and rate independently of each other. Ctrl-C stops; what was
measured so far is kept, and fitted where it is enough.`;

const HERD_HELP = `
Policies:
  immediate              at once, again and again
  fixed:1s               the same wait each time
  exponential            1 s doubling to 60 s (first=1s,max=60s)
  exponential-jitter     the same, each plus 0 to 500 ms (first=1s,max=60s,jitter=500ms)
  full-jitter            uniform from nothing to the doubling cap (first=1s,max=60s)
  native                 EventSource's own in Chromium, which the server may set (retry=3s)

Examples:
  rtbench herd                                   2,000 WebSockets under five policies, about a minute
  rtbench herd --clients 200 --scale 0.1 --away 200ms
  rtbench herd --scale 5 --away 10s --policy exponential --policy exponential-jitter
  rtbench herd --policy exponential --policy exponential-jitter:jitter=2s --away 10s
  rtbench herd -t sse --policy native --policy full-jitter --leave close

Theory stands beside what was measured. Ctrl-C stops and keeps what was measured so far.`;

const PROXIES_HELP = `
Examples:
  rtbench proxies                                everything that is installed, in about a minute
  rtbench proxies --via nginx -t sse -t websocket
  rtbench proxies --via hostile:buffer --via hostile:idle-cut
  rtbench proxies --via nginx --silence 70s      longer than the timeouts of proxies are by default
  rtbench proxies --json - | jq '.mends[] | {label, middlebox, lines: [.lines[].text]}'

Proxies are started on free ports of loopback with a configuration of their own, and ended.
One that is not installed is named with its package, and left out.`;

const IDLE_HELP = `
Examples:
  rtbench idle                                   all transports, in about a minute and a half
  rtbench idle -t websocket -t sse -t sse:http=2
  rtbench idle -t websocket --interval 1s --scaled-to 30s --idle-timeouts 500ms,2s,10s
  rtbench idle --json - | jq '.transports[] | {label, heartbeat, scaled}'

Each transport is measured with a heartbeat at --interval and as its settings are. Ctrl-C stops; what was
measured so far is kept.`;

const SERVE_HELP = `
Examples:
  rtbench serve --publish 1/s
  rtbench serve --publish 1000/s --when-full disconnect:after=10s
  curl -N http://127.0.0.1:8080/events
  curl 'http://127.0.0.1:8080/messages?since=0'
  curl -d hello http://127.0.0.1:8080/messages

Requests may name a channel (?channel=…); without one they are about "news".
Ctrl-C or SIGTERM drains: nobody is accepted any more, each client gets what was published
before and is told to go; the second one ends at once.`;

const VERIFY_HELP = `
Examples:
  rtbench verify                                 everything, in about a minute
  rtbench verify -t websocket -t ./mine.js
  rtbench verify --json - | jq '.sections[].checks[] | select(.state == "failed")'

Exits with 1 when a figure differs from theory by more than its tolerance, which is 0 for bytes.`;

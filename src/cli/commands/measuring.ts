import type { Command } from 'commander';
import { ADVISE_HELP, RUN_HELP } from '../help.js';
import { type Context, collect } from './context.js';

export function addRun(program: Command, { args, exitWith }: Context): void {
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
    .option(
      '--uplink <spec>',
      'what clients send to the server besides: 300/s:64B, acknowledge:64B (every message they get), none',
    )
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
    .option(
      '--expect <threshold>',
      "what a figure must be, else exit code 1: latencyUs.p99<250ms, 'websocket bytes.perMessage.down<=130'; repeatable",
      collect,
      [],
    )
    .option('--target <url>', 'a server of yours instead of the one that ships, such as http://localhost:5000')
    .option('--server-command <command>', 'starts it for each run, and ends it after; with --target')
    .option('--server-ready <port|url>', 'what answers when it is ready (default: the port of --target)')
    .option('--server-pid <pid>', 'a server that runs, to be sampled with the processes it started')
    .option('--publish <how>', 'observe: publish nothing, the --target sends what it sends')
    .option(
      '--stamp <where>',
      'what its messages carry: envelope (what was published), none, field:/time:ms, field:/seq:sequence, field:regex:t=(\\d+):s',
    )
    .option('--clock-offset <time>', 'how far the clock of a --target elsewhere is ahead, and the bound: 3ms±1ms')
    .option('--header <header>', `sent to --target: 'Authorization: Bearer \${TOKEN}'; repeatable`, collect, [])
    .option('--ca <file>', 'the only certificate authority to trust where --target is https, PEM')
    .option('--i-may-load-this-host', 'for a --target that is not this machine')
    .option('--out <dir>', 'folder for result.json and report.md (default: reports/<date>-<scenario>)')
    .option('--json <file>', 'write the result there too; - is stdout')
    .option('--markdown <file>', 'write a Markdown report there too; - is stdout')
    .option('--csv <file>', 'write the table and its rounds as CSV; - is stdout')
    .option('--junit <file>', 'write rows and thresholds as JUnit XML')
    .option('--history <file>', 'append a line for each figure, with date, commit and machine; .csv or .jsonl')
    .option('--details', 'print every figure, not only those a decision takes')
    .option('--table <name>', "guide: the guide's table of features; what it takes is measured after the runs")
    .option('--claims', "hold the guide's claims against the result, and print what came of each")
    .option(
      '--evidence <file>',
      "a capacity.json or sweep.json for the guide's table and claims; repeatable",
      collect,
      [],
    )
    .option('--pin', 'pin server and load to cores of their own (taskset)')
    .option('--wire', 'count IP packets too, in a network namespace of its own (Linux)')
    .option('--floor', 'add the harness row: publisher to recorder in one process, what the instrument itself adds')
    .option('--no-floor', 'no control rows at all, not even TCP, the floor of transports')
    .option('--dry-run', 'print what would be done, and do nothing')
    .option('--no-ui', 'plain lines instead of the live view')
    .option('--quiet', 'no progress')
    .addHelpText('after', RUN_HELP)
    .action(async (scenario: string | undefined, options) => {
      const { run } = await import('../run.js');
      exitWith(await run(scenario, options, args));
    });
}

export function addAdvise(program: Command, { args, exitWith }: Context): void {
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
    .option(
      '--evidence <file>',
      'a sweep.json or capacity.json, of other loads; repeatable (default: the newest that fit, where results are)',
      collect,
      [],
    )
    .option('--measure', 'measure now, about a minute, with every transport that can do it')
    .option('--rounds <n>', 'with --measure: rounds (default: those of the scenario)')
    .option('--out <dir>', 'with --measure: folder for the result (default: reports/<date>-<scenario>)')
    .option('--json <file>', 'write the advice there too; - is stdout')
    .option('--quiet', 'no progress')
    .addHelpText('after', ADVISE_HELP)
    .action(async (scenario: string | undefined, options) => {
      const { advise } = await import('../advise.js');
      exitWith(await advise(scenario, options, args));
    });
}

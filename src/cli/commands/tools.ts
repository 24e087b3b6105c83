import type { Command } from 'commander';
import { COMPARE_HELP, INIT_HELP, INSPECT_HELP, SERVE_HELP, VERIFY_HELP } from '../help.js';
import { type Context, collect } from './context.js';

export function addServe(program: Command, { exitWith }: Context): void {
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
      const { serve } = await import('../serve.js');
      exitWith(await serve(options));
    });
}

export function addList(program: Command, { exitWith }: Context): void {
  program
    .command('list')
    .description('list the shipped scenarios and the transports with their settings')
    .argument('[what]', 'scenarios or transports')
    .addHelpText('after', '\nExamples:\n  rtbench list scenarios\n  rtbench list transports')
    .action(async (what: string | undefined) => {
      const { list } = await import('../list.js');
      exitWith(await list(what));
    });
}

export function addReport(program: Command, { exitWith }: Context): void {
  program
    .command('report')
    .description('print a stored result again, as table, markdown, json, csv, html or junit')
    .argument(
      '<files...>',
      'a result.json, several of them side by side, or what another command stored: sweep.json, capacity.json, cost.json, matrix.json, herd.json, proxies.json, browser.json, idle.json, gate.json, noise.json',
    )
    .option('--format <name>', 'table, markdown, json, csv, html or junit', 'table')
    .option('--out <file>', 'write it there; - is stdout', '-')
    .option('--details', 'print every figure, not only those a decision takes')
    .option('--table <name>', "guide: the guide's table of features in place of the table of transports")
    .option('--claims', "the guide's claims and what came of each, below the table")
    .option(
      '--evidence <file>',
      "a capacity.json or sweep.json for the guide's table and claims; repeatable",
      collect,
      [],
    )
    .addHelpText(
      'after',
      '\nExamples:\n  rtbench report reports/sample/result.json --format markdown\n  rtbench report reports/sample/result.json --format csv > result.csv\n  rtbench report reports/sample/result.json --format html --out report.html\n  rtbench report sweep.json --format html --out sweep.html\n  rtbench report before/result.json after/result.json\n  rtbench report reports/sample/result.json --table guide --claims\n  rtbench report mine/result.json --claims --evidence capacity.json --evidence sweep.json',
    )
    .action(async (files: string[], options) => {
      const { report } = await import('../report.js');
      exitWith(await report(files, options));
    });
}

export function addCompare(program: Command, { exitWith }: Context): void {
  program
    .command('compare')
    .description('hold one stored result against another, figure by figure, worst first')
    .argument('<base>', 'the result.json of before')
    .argument('<head>', 'the result.json of after')
    .option('--force', 'compare them though workload, settings or machine are not the same; the output says so')
    .option('--json <file>', 'write the comparison there; - is stdout')
    .option('--markdown <file>', 'write it as Markdown there; - is stdout')
    .option('--junit <file>', 'write it as JUnit XML there')
    .option('--fail-on-worse', 'exit with 1 where a figure is worse')
    .addHelpText('after', COMPARE_HELP)
    .action(async (base: string, head: string, options) => {
      const { compare } = await import('../compare.js');
      exitWith(await compare(base, head, options));
    });
}

export function addInit(program: Command, { exitWith }: Context): void {
  program
    .command('init')
    .description("write a scenario with thresholds, and GitHub's workflows that hold pull requests to it")
    .argument('[folder]', 'root of the repository', '.')
    .option(
      '-t, --transport <spec>',
      'transport to guard, name[:key=value,…] or a module of yours; repeatable (default: sse and websocket)',
      collect,
      [],
    )
    .option('--command <command>', 'starts a server of yours, which is guarded by its times against the commit before')
    .option('--target <url>', 'with --command: where it listens (default: http://localhost:{port})')
    .option('--build <command>', 'with --command: gets a commit of it ready (default: npm ci)')
    .option('--force', 'overwrite files that are there')
    .addHelpText('after', INIT_HELP)
    .action(async (folder: string, options) => {
      const { init } = await import('../init.js');
      exitWith(await init(folder, options));
    });
}

export function addVerify(program: Command, { exitWith }: Context): void {
  program
    .command('verify')
    .description('hold what rtbench measures against theory: bytes, waits, delivery')
    .option('-t, --transport <spec>', 'transport to verify, name[:key=value,…]; repeatable (default: all)', collect, [])
    .option('--json <file>', 'write every check there too; - is stdout')
    .addHelpText('after', VERIFY_HELP)
    .action(async (options) => {
      const { verify } = await import('../verify.js');
      exitWith(await verify(options));
    });
}

export function addCheckTransport(program: Command, { exitWith }: Context): void {
  program
    .command('check-transport')
    .description('run the contract suite against a transport of your own')
    .argument('<spec>', 'path of a module, package or name, with settings as in run -t')
    .addHelpText('after', '\nExample:\n  rtbench check-transport ./my-transport.js')
    .action(async (spec: string) => {
      const { checkTransport } = await import('../check-transport.js');
      exitWith(await checkTransport(spec));
    });
}

export function addInspect(program: Command, { args, exitWith }: Context): void {
  program
    .command('inspect')
    .description('show a short exchange of a technique byte for byte: as a drawing, field by field, and in sums')
    .argument('<technique>', 'name, with settings as in run -t: websocket:deflate=true')
    .option('--pattern <name>', 'another exchange: of grpc unary, server, client or bidi, the patterns of the guide')
    .option('--size <bytes>', 'of each message (default: a few words), up to 1MiB')
    .option('--url <url>', 'a server elsewhere that speaks the same paths, such as one of rtbench serve')
    .option('--i-may-load-this-host', 'with --url: the host is not this machine, and yours to load')
    .option('--tls', 'is refused: what is encrypted cannot be shown')
    .option('--raw', 'with a dump of all bytes')
    .option('--json <file>', 'write the exchange there too, every byte of it; - is stdout')
    .option('--pcap <file>', 'write it there as packets too, for Wireshark (pcapng); - is stdout')
    .addHelpText('after', INSPECT_HELP)
    .action(async (technique: string, options) => {
      const { inspect } = await import('../inspect.js');
      exitWith(await inspect(technique, options, args));
    });
}

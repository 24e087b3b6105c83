import type { Command } from 'commander';
import { BROWSER_HELP, HERD_HELP, IDLE_HELP, PROXIES_HELP } from '../help.js';
import { type Context, collect } from './context.js';

export function addHerd(program: Command, { args, exitWith }: Context): void {
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
      const { herd } = await import('../herd.js');
      exitWith(await herd(options, args));
    });
}

export function addProxies(program: Command, { args, exitWith }: Context): void {
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
      const { proxies } = await import('../proxies.js');
      exitWith(await proxies(options, args));
    });
}

export function addBrowser(program: Command, { args, exitWith }: Context): void {
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
      const { browser } = await import('../browser.js');
      exitWith(await browser(options, args));
    });
}

export function addIdle(program: Command, { args, exitWith }: Context): void {
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
      const { idle } = await import('../idle.js');
      exitWith(await idle(options, args));
    });
}

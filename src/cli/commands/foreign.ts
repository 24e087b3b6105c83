import type { Command } from 'commander';
import { CONFORM_HELP, PROBE_HELP } from '../help.js';
import { type Context, collect } from './context.js';

export function addConform(program: Command, { exitWith }: Context): void {
  program
    .command('conform')
    .description('hold a server of your own against the contract that rtbench measures by, before any timing')
    .argument('<url>', 'base URL of the server, such as http://127.0.0.1:8080 or https://localhost:8443')
    .option(
      '-t, --transport <spec>',
      'technique to check; repeatable (default: those that the server offers)',
      collect,
      [],
    )
    .option('--history <n>', 'messages that the server keeps; the loss of a cursor takes as many to check', '1000')
    .option('--keep-alive <time>', 'the server promises a comment or ping on idle connections within this time')
    .option('--patience <time>', 'longest time to wait for anything that is due', '5s')
    .option('--header <header>', `sent with every request: 'Authorization: Bearer \${TOKEN}'; repeatable`, collect, [])
    .option('--ca <file>', 'the only certificate authority to trust over https, PEM')
    .option('--i-may-load-this-host', 'the host is not this machine, and yours to load')
    .option('--json <file>', 'write every check and what came of it there; - is stdout')
    .addHelpText('after', CONFORM_HELP)
    .action(async (url: string, options) => {
      const { conform } = await import('../conform.js');
      exitWith(await conform(url, options));
    });
}

export function addProbe(program: Command, { exitWith }: Context): void {
  program
    .command('probe')
    .description('find which techniques a server answers to, and print the scenario to start from')
    .argument('<url>', 'of the server, such as http://127.0.0.1:5000; a path in it is looked at first')
    .option('--path <path>', 'a path to look at, before the usual ones; repeatable', collect, [])
    .option('--patience <time>', 'longest time to wait for an answer', '2s')
    .option('--header <header>', `sent with every request: 'Authorization: Bearer \${TOKEN}'; repeatable`, collect, [])
    .option('--ca <file>', 'the only certificate authority to trust over https, PEM')
    .option('--i-may-load-this-host', 'the host is not this machine, and yours to load')
    .option('--json <file>', 'write what was found there; - is stdout')
    .addHelpText('after', PROBE_HELP)
    .action(async (url: string, options) => {
      const { probe } = await import('../probe.js');
      exitWith(await probe(url, options));
    });
}

import { Command, CommanderError } from 'commander';
import { EXIT, messageOf, UsageError } from '../errors.js';
import { addConform, addProbe } from './commands/foreign.js';
import { addCheck, addNoise } from './commands/gate.js';
import { addCapacity, addCost, addSweep } from './commands/load.js';
import { addAdvise, addRun } from './commands/measuring.js';
import { addBrowser, addHerd, addIdle, addProxies } from './commands/network.js';
import {
  addCheckTransport,
  addCompare,
  addInit,
  addInspect,
  addList,
  addReport,
  addServe,
  addVerify,
} from './commands/tools.js';
import { EXAMPLES } from './help.js';
import { readTool } from './version.js';

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
    const asked = args.length === 0 ? await askInTerminal() : null;
    if (typeof asked === 'number') return asked;
    if (asked !== null) return await main(asked);
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

/** As `wizard`; `null` where nobody can be asked. */
async function askInTerminal(): Promise<readonly string[] | number | null> {
  // Help is to come at once: the rest is loaded for a terminal alone.
  if (!process.stdin.isTTY || !process.stdout.isTTY) return null;
  const { canAsk, wizard } = await import('./wizard.js');
  return canAsk() ? wizard() : null;
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
  addCompare,
  addCheck,
  addNoise,
  addInit,
  addVerify,
  addInspect,
  addCheckTransport,
  addProbe,
  addConform,
];

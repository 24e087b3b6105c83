import { quoted } from '../dashboard/shell-words.js';

/** The command, for a result to say how to measure it again. `args`: what followed the program's name. */
export function commandLine(args: readonly string[]): string {
  return ['rtbench', ...args.map(quoted)].join(' ');
}

/** The command, for a result to say how to measure it again. `args`: what followed the program's name. */
export function commandLine(args: readonly string[]): string {
  return ['rtbench', ...args.map(quoted)].join(' ');
}

/** An argument as one would type it in a shell. */
function quoted(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`;
}

/** What the commands of the program share. */
export interface Context {
  /** After the program's name. */
  readonly args: readonly string[];
  readonly exitWith: (code: number) => void;
}

/** Of an option that may be given again. */
export const collect = (value: string, previous: readonly string[]) => [...previous, value];

/** An option as it is typed: `dryRun` → `--dry-run`. */
export function flagOf(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

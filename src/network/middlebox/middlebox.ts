import type { Endpoint, Speech } from '../../protocol/messages.js';
import type { HostileModeName } from '../../scenario/via.js';

/** One way through: clients connect to `listen`, what they say goes to `server`. */
export interface Lane {
  readonly listen: Endpoint;
  readonly server: Endpoint;
}

/** A line of a configuration file, and why it is there. `UPSTREAM` in it stands for the server's address. */
export interface ConfigurationLine {
  /** The part of the file it belongs to. */
  readonly at: string;
  readonly text: string;
  /** As it stands in the file, where `text` is only what is added to a line that is there anyway. */
  readonly whole?: string;
  readonly reason: string;
  /** URL of the documentation that says so. */
  readonly source: string;
}

/** Lines that belong together: what a proxy needs besides a plain `default` for some technique to pass. */
export interface Mend {
  readonly name: string;
  /** What the server behind it speaks. */
  readonly speech: Speech;
  readonly lines: readonly ConfigurationLine[];
}

/** A proxy that others make and a package installs. */
export interface ForeignMiddlebox {
  readonly kind: 'foreign';
  readonly name: string;
  readonly title: string;
  readonly command: string;
  /** What prints its version, and where in the print it stands. */
  readonly version: { readonly args: readonly string[]; readonly pattern: RegExp };
  /** Of Debian and Ubuntu. */
  readonly debianPackage: string;
  /** What stands in its `default` configuration, for people. */
  readonly defaultSummary: string;
  readonly mends: readonly Mend[];
  /** The configuration file. `folder`: the process's own, for whatever else it writes. */
  configuration(lanes: readonly Lane[], mends: readonly Mend[], folder: string): string;
  args(file: string, folder: string): readonly string[];
}

/** How the bundled proxy misbehaves. */
export interface HostileMode {
  readonly name: HostileModeName;
  readonly summary: string;
  /** What helps where the proxy cannot be changed; for people, and not tried out. */
  readonly advice: string;
}

/** The texts of the lines that belong to one part of the file, in order. */
export function textsAt(at: string, mends: readonly Mend[]): string[] {
  return mends.flatMap(({ lines }) => lines.filter((line) => line.at === at).map(({ text }) => text));
}

export function address({ host, port }: Endpoint): string {
  return `${host}:${port}`;
}

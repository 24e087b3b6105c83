import { UsageError } from '../errors.js';
import { listed } from '../report/wording.js';
import type { Overrides } from '../scenario/load.js';
import type { ShownFlags } from './guide-output.js';

export interface RunFlags extends Omit<Overrides, 'transports' | 'faults' | 'expects' | 'target'>, ShownFlags {
  /** Every use case of the guide, and one matrix of all. */
  readonly all?: boolean;
  readonly transport: readonly string[];
  readonly fault: readonly string[];
  readonly expect?: readonly string[];
  /** URL of a server that is not rtbench's own. */
  readonly target?: string;
  readonly serverCommand?: string;
  readonly serverReady?: string;
  readonly serverPid?: string;
  readonly publish?: string;
  readonly stamp?: string;
  readonly clockOffset?: string;
  readonly header?: readonly string[];
  readonly ca?: string;
  /** What a program says of the target, as a file would. */
  readonly targetParts?: Readonly<Record<string, unknown>>;
  readonly iMayLoadThisHost?: boolean;
  readonly junit?: string;
  readonly history?: string;
  readonly out?: string;
  readonly json?: string;
  readonly markdown?: string;
  readonly csv?: string;
  readonly details?: boolean;
  readonly pin?: boolean;
  /** `true`: with the instrument's own row; `false`: without any control. */
  readonly floor?: boolean;
  readonly wire?: boolean;
  readonly dryRun?: boolean;
  readonly ui: boolean;
  readonly quiet?: boolean;
}

/** @throws UsageError where stdout would have more than one of them. */
export function documentsToStdout({ json, markdown, csv }: RunFlags): number {
  const named = Object.entries({ json, markdown, csv }).flatMap(([name, target]) =>
    target === '-' ? [`--${name} -`] : [],
  );
  if (named.length > 1) {
    throw new UsageError(`${listed(named)}: only one of them can have stdout; give the others a file`);
  }
  return named.length;
}

export function renderOptions(screen: NodeJS.WriteStream, { details }: RunFlags) {
  return {
    width: screen.columns ?? 100,
    color: screen.isTTY === true && !process.env.NO_COLOR,
    details: details ?? false,
  };
}

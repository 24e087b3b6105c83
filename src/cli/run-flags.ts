import { UsageError } from '../errors.js';
import type { Overrides } from '../scenario/load.js';
import type { ShownFlags } from './guide-output.js';

export interface RunFlags extends Omit<Overrides, 'transports' | 'faults'>, ShownFlags {
  /** Every use case of the guide, and one matrix of all. */
  readonly all?: boolean;
  readonly transport: readonly string[];
  readonly fault: readonly string[];
  readonly out?: string;
  readonly json?: string;
  readonly markdown?: string;
  readonly details?: boolean;
  readonly pin?: boolean;
  /** `true`: with the instrument's own row; `false`: without any control. */
  readonly floor?: boolean;
  readonly wire?: boolean;
  readonly dryRun?: boolean;
  readonly ui: boolean;
  readonly quiet?: boolean;
}

export function documentsToStdout({ json, markdown }: RunFlags): number {
  const documents = [json, markdown].filter((target) => target === '-').length;
  if (documents > 1)
    throw new UsageError('--json - and --markdown -: only one of them can have stdout; give one a file');
  return documents;
}

export function renderOptions(screen: NodeJS.WriteStream, { details }: RunFlags) {
  return {
    width: screen.columns ?? 100,
    color: screen.isTTY === true && !process.env.NO_COLOR,
    details: details ?? false,
  };
}

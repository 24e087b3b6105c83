import { writeFile } from 'node:fs/promises';
import { Document, parseDocument } from 'yaml';
import type { Choice } from '../dashboard/index.js';
import { UsageError } from '../errors.js';
import { loadScenario, readScenario } from '../scenario/load.js';

/**
 * Writes a choice as a scenario file.
 *
 * @throws UsageError where there is such a file already, or its name is none of a scenario file.
 */
export async function saveChoice(choice: Choice, path: string): Promise<void> {
  if (!/\.ya?ml$/.test(path)) throw new UsageError('a scenario file ends in .yaml, such as ./mine.yaml');
  try {
    await writeFile(path, choiceAsYaml(choice), { flag: 'wx' });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    if (error.code === 'EEXIST') throw new UsageError(`there is a file ${path} already; give another name`);
    throw new UsageError(`cannot be written: ${error.message}`);
  }
  // What cannot be read again is no scenario; it stays, to be looked at.
  loadScenario(/[\\/]/.test(path) ? path : `./${path}`);
}

/**
 * The text of the file: the scenario's keys in their order, then new ones. Its comments are left out, since they are
 * reasons for values that may be others here; and its name, which results of two scenarios would share.
 */
export function choiceAsYaml({ scenario, transports, values }: Choice): string {
  const source = parseDocument(readScenario(scenario).text).toJS() as Record<string, unknown>;
  const { name: _, ...kept } = source;
  // Fewer clients by flag lower the probes too; in a file nothing does.
  const { probes } = loadScenario(scenario, values).scenario;
  const merged = {
    ...kept,
    ...(kept.probes === probes ? {} : { probes }),
    ...Object.fromEntries(Object.entries(values).map(([key, text]) => [key, /^\d+$/.test(text) ? Number(text) : text])),
    ...(transports.length > 0 ? { transports } : {}),
  };
  const document = new Document(merged);
  document.commentBefore = ` Made from the scenario "${scenario}" that ships with rtbench, without the reasons for its values.`;
  return document.toString({ lineWidth: 0 });
}

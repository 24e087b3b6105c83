import { chooseMode, openWizard } from '../dashboard/index.js';
import { quoted } from '../dashboard/shell-words.js';
import { EXIT, messageOf } from '../errors.js';
import { checkVariant, estimate, wizardFacts } from './wizard-facts.js';
import { saveChoice } from './wizard-file.js';

/** Whether someone sits at a terminal who can be asked. */
export function canAsk(): boolean {
  const { stdin, stdout, stderr, env } = process;
  if (!stdin.isTTY || !stdout.isTTY) return false;
  return chooseMode({ isTTY: stderr.isTTY === true, env, noUi: false, quiet: false }) === 'live';
}

/**
 * Asks what to measure. Resolves to the arguments of the command that does it, having shown it, or to the exit code
 * where the user left.
 */
export async function wizard(): Promise<readonly string[] | number> {
  const { stdin: keyboard, stderr: stream, env } = process;
  const facts = await wizardFacts();
  const refused = async (work: () => Promise<unknown>): Promise<string | null> => {
    try {
      await work();
      return null;
    } catch (error) {
      return messageOf(error);
    }
  };
  const end = await openWizard({
    facts,
    stream,
    keyboard,
    color: !env.NO_COLOR,
    estimate,
    checkVariant: (spec) => refused(() => checkVariant(spec)),
    save: (choice, path) => refused(() => saveChoice(choice, path)),
  });
  if (end.args === null) return end.byInterrupt ? EXIT.interrupted : EXIT.ok;
  stream.write(`$ rtbench ${end.args.map(quoted).join(' ')}\n\n`);
  return end.args;
}

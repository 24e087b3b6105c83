import { createInterface, type Interface } from 'node:readline/promises';
import { UsageError } from '../errors.js';
import { type Answers, ASSUMED, type AskedQuestion, QUESTIONS, SECONDS_MS } from '../report/advice/answers.js';
import { ACCEPTED, formatDurationMs, parseDurationMs } from '../units.js';
import type { Given } from './advise-answers.js';

/** Where questions are put and answered. */
export interface Dialogue {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
}

/** Ctrl-C at a question. */
export class Interrupted extends Error {}

/**
 * Asks whatever is still open, one question at a time, in the guide's order; Enter takes the answer in capitals.
 *
 * @throws UsageError where the input ends before all is answered, and `Interrupted` at Ctrl-C.
 */
export async function askFor(given: Given, { input, output }: Dialogue): Promise<Given> {
  const terminal = createInterface({ input, output, terminal: true, history: [...OFFERED] });
  // ↑ goes through what can be answered, at each question from its beginning, and not through what was.
  terminal.on('history', (history) => history.splice(0, history.length, ...OFFERED));
  const over = new AbortController();
  terminal.once('SIGINT', () => over.abort(new Interrupted('interrupted')));
  terminal.once('close', () =>
    over.abort(new UsageError('advise: the input ended before every question was answered; give the answers as flags')),
  );
  try {
    let answers: Given = given;
    output.write(
      "\nThe guide's five questions, and one more. Enter takes the answer in capitals, ↑ offers others.\n\n",
    );
    for (const question of QUESTIONS) answers = await answered(question, answers, terminal, over.signal, output);
    return answers;
  } finally {
    terminal.removeAllListeners('close');
    terminal.close();
  }
}

/** By the first ↑, and by the second. */
const OFFERED = ['yes', 'no'];

async function answered(
  question: AskedQuestion,
  answers: Given,
  terminal: Interface,
  signal: AbortSignal,
  output: NodeJS.WritableStream,
): Promise<Given> {
  const { about, number } = question;
  const text = `${number ?? QUESTIONS.length}. ${question.question}`;
  const known = answers[about];
  if (known !== null) {
    const isYes = question.isYes({ ...ASSUMED, [about]: known });
    output.write(`${text} ${isYes ? 'yes' : 'no'}\n`);
    return answers;
  }
  const reading = READINGS[about];
  for (;;) {
    const typed = await put(`${text} ${reading.hint} `, terminal, signal);
    const value = reading.read(typed.trim().toLowerCase());
    if (value !== undefined) return { ...answers, [about]: value };
    output.write(`   \`${typed.trim()}\` is no answer: ${reading.accepted}\n`);
  }
}

/** One line; what ends the dialogue ends the question. */
async function put(text: string, terminal: Interface, signal: AbortSignal): Promise<string> {
  try {
    return await terminal.question(text, { signal });
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  }
}

interface Reading {
  readonly hint: string;
  readonly accepted: string;
  /** `undefined`: it is no answer. */
  readonly read: (typed: string) => boolean | number | undefined;
}

const yesNo = (assumed: boolean): Reading => ({
  hint: assumed ? '[Y/n]' : '[y/N]',
  accepted: 'yes or no',
  read: (typed) => (typed === '' ? assumed : WORDS.get(typed)),
});

const WORDS: ReadonlyMap<string, boolean> = new Map([
  ['y', true],
  ['yes', true],
  ['n', false],
  ['no', false],
]);

const READINGS: Readonly<Record<keyof Answers, Reading>> = {
  bidirectional: yesNo(ASSUMED.bidirectional),
  toleratesMs: {
    hint: '[y/N, or how long: 500ms, 5s]',
    accepted: `yes (${formatDurationMs(SECONDS_MS)}), no (${formatDurationMs(ASSUMED.toleratesMs)}) or ${ACCEPTED.duration}`,
    read(typed) {
      if (typed === '') return ASSUMED.toleratesMs;
      const word = WORDS.get(typed);
      if (word !== undefined) return word ? SECONDS_MS : ASSUMED.toleratesMs;
      const ms = parseDurationMs(typed);
      return ms === 0 ? undefined : ms;
    },
  },
  binary: yesNo(ASSUMED.binary),
  restrictiveProxies: yesNo(ASSUMED.restrictiveProxies),
  browser: yesNo(ASSUMED.browser),
};

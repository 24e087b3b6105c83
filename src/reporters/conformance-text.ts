import type { CheckOutcome, ConformanceReport, TechniqueOutcome } from '../report/conformance-report.js';
import { counted } from '../report/wording.js';
import { paintWith } from './ansi.js';
import { wrap } from './layout.js';

/** Every line fits into this many columns. */
const WIDTH = 80;
const INDENT = ' '.repeat(10);

interface Looks {
  readonly color: boolean;
}

/** What came of one technique: each check with its mark, and below it what came instead. */
export function renderTechnique(
  { transport, label, state, reason, checks }: TechniqueOutcome,
  { color }: Looks,
): string {
  const paint = paintWith(color);
  const title = `\n${paint('bold', label)}${label.toLowerCase() === transport ? '' : paint('dim', ` (-t ${transport})`)}`;
  if (state === 'absent') {
    return `${[title, ...hanging(`not offered: ${reason ?? ''}`, '  -       ')].map((line) => `${line}\n`).join('')}`;
  }
  const lines = checks.flatMap((check) => {
    const { mark, style } = MARKS[markOf(check)];
    const [first = '', ...others] = hanging(`${check.title} [${check.id}]`, INDENT);
    return [
      `  ${paint(style, mark)}  ${first.slice(INDENT.length)}`,
      ...others,
      ...(check.reason === null ? [] : hanging(check.reason, `${INDENT}  `).map((line) => paint(style, line))),
    ];
  });
  return [title, ...lines].map((line) => `${line}\n`).join('');
}

const MARKS = {
  passed: { mark: 'ok    ', style: 'green' },
  failed: { mark: 'FAIL  ', style: 'red' },
  missed: { mark: 'should', style: 'yellow' },
  left: { mark: '-     ', style: 'dim' },
} as const;

function markOf({ level, state }: CheckOutcome): keyof typeof MARKS {
  if (state === 'passed') return 'passed';
  if (state === 'not checked') return 'left';
  return level === 'required' ? 'failed' : 'missed';
}

/** The sum of all, for the last lines. */
export function renderConformance({ techniques, conforms }: ConformanceReport, { color }: Looks): string {
  const paint = paintWith(color);
  const marks = techniques.flatMap(({ checks }) => checks.map(markOf));
  const count = (mark: keyof typeof MARKS) => marks.filter((each) => each === mark).length;
  const named = (state: TechniqueOutcome['state']) =>
    techniques.filter((each) => each.state === state).map(({ label }) => label);
  const parts = [
    `${counted(count('passed'), 'check')} passed`,
    `${count('failed')} failed`,
    ...(count('missed') > 0 ? [`${count('missed')} recommended not met`] : []),
    ...(count('left') > 0 ? [`${count('left')} not checked`] : []),
  ];
  const sentences = [
    [named('conforms'), 'Can be measured as it is: '],
    [named('fails'), 'Breaks the contract: '],
    [named('absent'), 'Not offered: '],
  ] as const;
  return [
    '',
    paint(conforms ? 'green' : 'red', `${conforms ? 'conforms' : 'does not conform'}: ${parts.join(', ')}`),
    ...sentences.flatMap(([labels, text]) => (labels.length > 0 ? wrap(text + labels.join(', '), WIDTH) : [])),
  ]
    .map((line) => `${line}\n`)
    .join('');
}

/** The first indent may be a mark. */
function hanging(text: string, first: string): string[] {
  const lines = wrap(text, WIDTH - first.length);
  return lines.map((line, index) => (index === 0 ? first : ' '.repeat(first.length)) + line);
}

import type { Check, CheckUnit, Section } from '../suite/verify/check.js';
import { type Paint, paintWith } from './ansi.js';
import { type GridColumn, type GridRow, grid } from './grid.js';
import { item, paragraph } from './layout.js';

/** Every line of a section fits into this many columns. */
const WIDTH = 80;

const right = (width: number): GridColumn => ({ width, align: 'right' });
const left = (width: number): GridColumn => ({ width, align: 'left' });

const BYTE_COLUMNS = [left(18), right(8), right(8), right(5), right(8), right(8), right(5), left(4)];
const BYTE_HEAD = ['', '↓ theory', 'measured', 'diff', '↑ theory', 'measured', 'diff', ''];
const COLUMNS = [left(28), right(9), right(9), right(10), right(8), left(4)];
const HEAD = ['', 'theory', 'measured', 'difference', '±', ''];

const MARKS = { passed: 'ok', failed: 'FAIL', 'no theory': '–' } as const;

/** A section for people: theory, measured and difference of every check, then what is to be said about them. */
export function renderSection(section: Section, options: { readonly color: boolean }): string {
  const paint = paintWith(options.color);
  const { kind, title, about, checks } = section;
  const lines = [paint('bold', title), ...paragraph(about, WIDTH)];
  if (kind === 'bytes' && checks.length > 0) lines.push(...grid(BYTE_COLUMNS, [BYTE_HEAD, ...byteRows(checks, paint)]));
  if (kind !== 'bytes') lines.push(...grid(COLUMNS, [HEAD, ...rows(checks, paint)]));
  return `${[...lines, ...notes(checks)].join('\n')}\n`;
}

/** How many checks there were, and which failed. */
export function renderVerdict(sections: readonly Section[], options: { readonly color: boolean }): string {
  const paint = paintWith(options.color);
  const checks = sections.flatMap((section) => section.checks);
  const count = (state: Check['state']) => checks.filter((one) => one.state === state).length;
  const failed = checks.filter(({ state }) => state === 'failed');
  const summary = `${checks.length} checks: ${count('passed')} passed, ${failed.length} failed, ${count('no theory')} without a theory`;
  const lines = failed.map((one) => `${one.subject}, ${nameOf(one)}: ${difference(one)}`);
  return `${[paint(failed.length > 0 ? 'red' : 'green', summary), ...lines.flatMap((line) => item(line, WIDTH))].join('\n')}\n`;
}

/** One line for both directions of what crossed. */
function byteRows(checks: readonly Check[], paint: Paint): GridRow[] {
  const names = [...new Set(checks.map(({ name }) => name))];
  return names.map((name) => {
    const of = checks.filter((one) => one.name === name);
    const cells = (['down', 'up'] as const).flatMap((direction) => {
      const one = of.find((each) => each.direction === direction);
      return one ? figures(one) : ['', '', ''];
    });
    return [name, ...cells, mark(of, paint)];
  });
}

function rows(checks: readonly Check[], paint: Paint): GridRow[] {
  const several = new Set(checks.map(({ subject }) => subject)).size > 1;
  return checks.map((one) => {
    const name = several ? `${one.subject}: ${one.name}` : one.name;
    const tolerance = one.tolerance > 0 ? spell(one.tolerance, one.unit) : '0';
    return [name, ...figures(one), tolerance, mark([one], paint)];
  });
}

function figures({ theory, measured, unit }: Check): [theory: string, measured: string, difference: string] {
  const both = theory !== null && measured !== null;
  return [
    theory === null ? '–' : spell(theory, unit),
    measured === null ? '–' : spell(measured, unit),
    both ? spell(measured - theory, unit) : '–',
  ];
}

function mark(checks: readonly Check[], paint: Paint): string {
  const state =
    (['failed', 'passed'] as const).find((wanted) => checks.some((one) => one.state === wanted)) ?? 'no theory';
  return paint(state === 'failed' ? 'red' : state === 'passed' ? 'green' : 'dim', MARKS[state]);
}

/** Each note once, with what it is about. */
function notes(checks: readonly Check[]): string[] {
  const about = new Map<string, string[]>();
  for (const one of checks) {
    if (one.note !== null) about.set(one.note, [...(about.get(one.note) ?? []), nameOf(one)]);
  }
  return [...about].flatMap(([note, names]) => {
    const all = names.length === checks.length && checks.length > 1;
    return item(all ? note : `${names.join(', ')}: ${note}`, WIDTH);
  });
}

function nameOf({ name, direction }: Check): string {
  return direction === null ? name : `${name} ${direction}`;
}

function difference(one: Check): string {
  const { theory, measured, unit, note } = one;
  if (theory === null || measured === null) return note ?? 'could not be measured';
  return `theory ${spell(theory, unit)}${suffix(unit)}, measured ${spell(measured, unit)}${suffix(unit)}`;
}

function spell(value: number, unit: CheckUnit): string {
  if (unit === 'share') return value.toFixed(3);
  if (unit === 'ratio') return value.toFixed(2);
  if (unit === 'ms') return value.toFixed(1);
  return value.toLocaleString('en-US');
}

function suffix(unit: CheckUnit): string {
  if (unit === 'B' || unit === 'ms') return ` ${unit}`;
  return unit === 'ratio' ? ' : 1' : '';
}

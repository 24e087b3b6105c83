import type { View } from './store.js';

/** What the person at the keyboard has made of the view. Plain data. */
export interface Ui {
  readonly panel: 'table' | 'runs' | 'help';
  /** What is to be confirmed; `null`: nothing. */
  readonly question: Question | null;
  /** The end was asked for, and the run under way is being given up. */
  readonly isStopping: boolean;
}

export type Question = { readonly type: 'skip'; readonly row: number } | { readonly type: 'stop' };

/** What a key asks of the suite. */
export type Command =
  | { readonly type: 'pause' }
  | { readonly type: 'resume' }
  | { readonly type: 'skip'; readonly row: number }
  | { readonly type: 'stop' };

export interface Pressed {
  readonly ui: Ui;
  readonly command: Command | null;
}

export const FIRST_UI: Ui = { panel: 'table', question: null, isStopping: false };

/** What a key does. `key`: the character, or `escape`, `return`, `ctrl-c`; others do nothing. */
export function press(ui: Ui, key: string, view: View | null): Pressed {
  if (key === 'ctrl-c') return { ui: { ...ui, question: null, isStopping: true }, command: { type: 'stop' } };
  if (view === null || view.state !== 'running') return { ui, command: null };
  if (ui.question !== null) return answered(ui, ui.question, key);
  switch (key) {
    case 'p':
      return { ui, command: view.pause === 'none' ? { type: 'pause' } : { type: 'resume' } };
    case 's':
      return { ui: { ...ui, question: skipQuestion(view) }, command: null };
    case 'q':
      return { ui: { ...ui, question: { type: 'stop' } }, command: null };
    case 'd':
      return { ui: { ...ui, panel: ui.panel === 'runs' ? 'table' : 'runs' }, command: null };
    case '?':
    case 'h':
      return { ui: { ...ui, panel: ui.panel === 'help' ? 'table' : 'help' }, command: null };
    case 'escape':
      return { ui: { ...ui, panel: 'table' }, command: null };
    default:
      return { ui, command: null };
  }
}

/** Whether there is a row that can be skipped just now: rows side by side share their time, and cannot. */
export function canSkip({ current, plan, skipped }: View): boolean {
  return current !== null && plan.scenario.interleaveMs === null && !skipped.has(current.run.row);
}

function skipQuestion(view: View): Question | null {
  return view.current !== null && canSkip(view) ? { type: 'skip', row: view.current.run.row } : null;
}

function answered(ui: Ui, question: Question, key: string): Pressed {
  const rest = { ...ui, question: null };
  if (key !== 'y' && key !== 'return') return { ui: rest, command: null };
  if (question.type === 'stop') return { ui: { ...rest, isStopping: true }, command: { type: 'stop' } };
  return { ui: rest, command: question };
}

import { type Estimate, FIELDS, isRunnable, STEPS, type WizardState, withScenario } from './state.js';
import { startTyping, type TypingEffect, typed } from './typing.js';

export type Action =
  /** `key`: the character, or `return`, `escape`, `backspace`, `up`, `down`, `ctrl-c` and others. */
  | { readonly type: 'key'; readonly key: string }
  | { readonly type: 'estimated'; readonly of: string; readonly estimate: Estimate }
  /** What became of an effect; `problem`: why it was refused. */
  | { readonly type: 'variantChecked'; readonly spec: string; readonly problem: string | null }
  | { readonly type: 'saved'; readonly path: string; readonly problem: string | null };

/** What is to be done outside of the state. */
export type Effect = TypingEffect | { readonly type: 'run' } | { readonly type: 'quit'; readonly byInterrupt: boolean };

export interface Reduced {
  readonly state: WizardState;
  readonly effect: Effect | null;
}

/** The next state. Pure. */
export function reduce(state: WizardState, action: Action): Reduced {
  switch (action.type) {
    case 'key':
      return keyPressed(state, action.key);
    case 'estimated':
      return only({ ...state, estimate: { of: action.of, is: action.estimate } });
    case 'variantChecked':
      return only(variantChecked(state, action.spec, action.problem));
    case 'saved':
      return only(saved(state, action.path, action.problem));
  }
}

function only(state: WizardState): Reduced {
  return { state, effect: null };
}

function keyPressed(state: WizardState, key: string): Reduced {
  if (key === 'ctrl-c') return { state, effect: { type: 'quit', byInterrupt: true } };
  if (state.typing !== null) return typed(state, state.typing, key);
  if (key === 'q') return { state, effect: { type: 'quit', byInterrupt: false } };
  if (key === 'escape' || key === 'left') return only(moved(state, -1));
  switch (state.step) {
    case 'scenario':
      return only(scenarioKey(state, key));
    case 'techniques':
      return only(techniqueKey(state, key));
    case 'load':
      return only(loadKey(state, key));
    case 'review':
      return reviewKey(state, key);
  }
}

/** To the step so many further on, where there is one. */
function moved(state: WizardState, by: number): WizardState {
  const step = STEPS[STEPS.indexOf(state.step) + by];
  return step === undefined ? state : { ...state, step, field: 0, isFresh: true };
}

const isOn = (key: string) => key === 'return' || key === 'enter' || key === 'right';

function scenarioKey(state: WizardState, key: string): WizardState {
  const last = state.facts.scenarios.length - 1;
  if (key === 'up' || key === 'down') return withScenario(state, next(state.scenario, key, last));
  return isOn(key) ? moved(state, 1) : state;
}

function techniqueKey(state: WizardState, key: string): WizardState {
  const { techniques, technique } = state;
  const at = techniques[technique];
  if (key === 'up' || key === 'down') return { ...state, technique: next(technique, key, techniques.length - 1) };
  if (key === ' ' && at !== undefined) {
    return { ...state, techniques: techniques.with(technique, { ...at, isChosen: !at.isChosen }) };
  }
  if (key === 'v' && at !== undefined) return startTyping(state, 'variant', `${at.spec.split(':')[0]}:`);
  return isOn(key) && techniques.some(({ isChosen }) => isChosen) ? moved(state, 1) : state;
}

function loadKey(state: WizardState, key: string): WizardState {
  const field = FIELDS[state.field];
  if (key === 'up' || key === 'down') {
    return { ...state, field: next(state.field, key, FIELDS.length - 1), isFresh: true };
  }
  if (isOn(key)) return isRunnable(state) ? moved(state, 1) : state;
  if (field === undefined) return state;
  const before = state.values[field];
  const write = (text: string) => ({
    ...state,
    values: { ...state.values, [field]: text },
    isFresh: false,
    savedTo: null,
  });
  if (key === 'backspace') return write(before.slice(0, -1));
  return /^[\w./]$/.test(key) ? write(state.isFresh ? key : before + key) : state;
}

function reviewKey(state: WizardState, key: string): Reduced {
  if (key === 's') return only(startTyping(state, 'file', `./my-${state.facts.scenarios[state.scenario]?.name}.yaml`));
  return isOn(key) && isRunnable(state) ? { state, effect: { type: 'run' } } : only(state);
}

function next(index: number, key: 'up' | 'down', last: number): number {
  return Math.min(last, Math.max(0, index + (key === 'up' ? -1 : 1)));
}

/** A variant that is accepted is chosen, and stands below the line that it was made from. */
function variantChecked(state: WizardState, spec: string, problem: string | null): WizardState {
  if (state.typing?.what !== 'variant') return state;
  if (problem !== null) return { ...state, typing: { ...state.typing, problem } };
  const known = state.techniques.findIndex((one) => one.spec === spec);
  const at = known === -1 ? state.technique + 1 : known;
  const techniques = state.techniques.toSpliced(at, known === -1 ? 0 : 1, { spec, isChosen: true });
  return { ...state, techniques, technique: at, typing: null };
}

function saved(state: WizardState, path: string, problem: string | null): WizardState {
  if (problem === null) return { ...state, typing: null, savedTo: path };
  return { ...state, typing: state.typing && { ...state.typing, problem } };
}

import { describe, expect, it } from 'vitest';
import { EXAMPLE_ESTIMATE, EXAMPLE_FACTS } from '../../testing/wizard-facts.js';
import { type Effect, reduce } from './reduce.js';
import { commandOf, estimateOf, firstState, isRunnable, keyOf, type WizardFacts, type WizardState } from './state.js';

/** A wizard to which keys are given; its estimates come when they are told to. */
class Driven {
  state: WizardState;
  readonly effects: Effect[] = [];

  constructor(facts: WizardFacts = EXAMPLE_FACTS) {
    this.state = firstState(facts);
  }

  keys(...keys: readonly string[]): this {
    for (const key of keys) {
      const { state, effect } = reduce(this.state, { type: 'key', key });
      this.state = state;
      if (effect) this.effects.push(effect);
    }
    return this;
  }

  type(text: string): this {
    return this.keys(...text);
  }

  estimated(problems?: readonly string[]): this {
    const estimate = problems ? { problems } : EXAMPLE_ESTIMATE;
    this.state = reduce(this.state, { type: 'estimated', of: keyOf(this.state), estimate }).state;
    return this;
  }

  checked(spec: string, problem: string | null): this {
    this.state = reduce(this.state, { type: 'variantChecked', spec, problem }).state;
    return this;
  }

  get command(): string {
    return commandOf(this.state);
  }
}

const wizard = () => new Driven();
const atLoad = () => wizard().keys('return', 'return').estimated();

describe('a scenario', () => {
  it('is the default one at first, and another by the arrows, within the list', () => {
    expect(wizard().command).toBe('rtbench run default');
    expect(wizard().keys('down').command).toBe('rtbench run echo');
    expect(wizard().keys('down', 'down', 'down').command).toBe('rtbench run echo');
    expect(wizard().keys('up', 'up', 'up').command).toBe('rtbench run chat');
  });

  it('brings its own techniques and values, and forgets what was changed for another one', () => {
    const changed = atLoad().type('7').keys('escape', 'escape');
    expect(changed.command).toBe('rtbench run default --clients 7');
    expect(changed.keys('up').state).toMatchObject({
      values: { clients: '60' },
      techniques: [
        { spec: 'poll:every=1s', isChosen: true },
        { spec: 'stream', isChosen: true },
        { spec: 'poll', isChosen: false },
      ],
    });
  });
});

describe('techniques', () => {
  it('are chosen and left out by Space; those of the scenario need no flag', () => {
    const techniques = wizard().keys('return');
    expect(techniques.keys(' ').command).toBe('rtbench run default -t stream');
    expect(techniques.keys(' ').command).toBe('rtbench run default');
  });

  it('one at least is to be chosen', () => {
    const none = wizard().keys('return', ' ', 'down', ' ');
    expect(none.keys('return').state.step).toBe('techniques');
    expect(none.keys(' ', 'return').state.step).toBe('load');
  });

  it('a variant is typed after its technique, asked about, and chosen beside it', () => {
    const typed = wizard().keys('return', 'v').type('every=2s').keys('return');
    expect(typed.effects).toEqual([{ type: 'checkVariant', spec: 'poll:every=2s' }]);
    expect(typed.checked('poll:every=2s', null).command).toBe('rtbench run default -t poll -t poll:every=2s -t stream');
    expect(typed.state).toMatchObject({ typing: null, technique: 1 });
  });

  it('a variant that is refused stays to be corrected, with the reason', () => {
    const refused = wizard().keys('return', 'v').type('x').keys('return').checked('poll:x', 'no such setting');
    expect(refused.state.typing).toEqual({ what: 'variant', text: 'poll:x', problem: 'no such setting' });
    expect(refused.keys('backspace').state.typing).toEqual({ what: 'variant', text: 'poll:', problem: null });
    expect(refused.keys('escape').state).toMatchObject({ typing: null, step: 'techniques' });
  });

  it('letters that are keys elsewhere are letters while a line is typed', () => {
    const typed = wizard().keys('return', 'v').type('q');
    expect([typed.effects, typed.state.typing?.text]).toEqual([[], 'poll:q']);
  });
});

describe('the load', () => {
  it('what is typed takes the place of what stood there, and is edited from then on', () => {
    const typed = atLoad().type('25').keys('down').type('50/s');
    expect(typed.command).toBe('rtbench run default --clients 25 --rate 50/s');
    expect(typed.keys('backspace', 'backspace').type('/min').command).toContain('--rate 50/min');
    expect(atLoad().keys('backspace').command).toBe('rtbench run default --clients 10');
  });

  it('a value put back to what it was needs no flag', () => {
    expect(atLoad().type('100').command).toBe('rtbench run default');
  });

  it('goes on only when its estimate is there and finds nothing wrong', () => {
    const changed = atLoad().type('7');
    expect(estimateOf(changed.state)).toBeNull();
    expect(changed.keys('return').state.step).toBe('load');
    expect(changed.estimated(['--clients: no']).keys('return').state.step).toBe('load');
    expect(changed.estimated().keys('return').state.step).toBe('review');
  });

  it('an estimate of another choice is none of this one', () => {
    const before = atLoad();
    const of = keyOf(before.state);
    before.type('7');
    const late = reduce(before.state, { type: 'estimated', of, estimate: EXAMPLE_ESTIMATE }).state;
    expect(isRunnable(late)).toBe(false);
  });
});

describe('the end', () => {
  const atReview = () => atLoad().keys('return');

  it('Enter runs it', () => {
    expect(atReview().keys('return').effects).toEqual([{ type: 'run' }]);
  });

  it('s saves it under a name that is proposed, and says where', () => {
    const saving = atReview().keys('s', 'return');
    expect(saving.effects).toEqual([{ type: 'save', path: './my-default.yaml' }]);
    const done = reduce(saving.state, { type: 'saved', path: './my-default.yaml', problem: null }).state;
    expect(done).toMatchObject({ savedTo: './my-default.yaml', typing: null, step: 'review' });
    const refused = reduce(saving.state, { type: 'saved', path: './my-default.yaml', problem: 'there is one' }).state;
    expect(refused).toMatchObject({ savedTo: null, typing: { problem: 'there is one' } });
    expect(saving.keys('ctrl-u').type('a.yaml').state.typing?.text).toBe('a.yaml');
  });

  it.each([['scenario'], ['techniques'], ['load'], ['review']])('q leaves at %s, and Ctrl-C wherever', (step) => {
    const at = () => {
      const driven = wizard().estimated();
      while (driven.state.step !== step) driven.keys('return');
      return driven;
    };
    expect(at().keys('q').effects).toEqual([{ type: 'quit', byInterrupt: false }]);
    expect(at().keys('ctrl-c').effects).toEqual([{ type: 'quit', byInterrupt: true }]);
  });

  it('Escape goes back, step by step, and no further than the first', () => {
    const back = atReview();
    const steps = [0, 1, 2, 3].map(() => back.keys('escape').state.step);
    expect(steps).toEqual(['load', 'techniques', 'scenario', 'scenario']);
  });
});

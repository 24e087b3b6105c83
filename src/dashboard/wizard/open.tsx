import { render } from 'ink';
import { canReadKeys, Keyboard } from '../keyboard.js';
import { endless, sizeOf } from '../terminal.js';
import { type Action, type Effect, reduce } from './reduce.js';
import { argsOf, type Choice, choiceOf, type Estimate, firstState, keyOf, type WizardFacts } from './state.js';
import { WizardView } from './view.js';

export interface WizardOptions {
  readonly facts: WizardFacts;
  readonly stream: NodeJS.WriteStream;
  readonly keyboard: NodeJS.ReadStream;
  readonly color: boolean;
  /** What a choice comes to; never rejects for what the user gave. */
  readonly estimate: (choice: Choice) => Promise<Estimate>;
  /** Why a transport with settings is refused; `null`: it is not. */
  readonly checkVariant: (spec: string) => Promise<string | null>;
  /** Writes the choice as a scenario file; why that cannot be, `null`: it is done. */
  readonly save: (choice: Choice, path: string) => Promise<string | null>;
}

/** How a wizard ended: with the arguments of a command, or without. */
export type WizardEnd = { readonly args: readonly string[] } | { readonly args: null; readonly byInterrupt: boolean };

/** Asks what to measure; resolves when the user runs it or leaves, with nothing left on the screen. */
export function askWizard(options: WizardOptions): Promise<WizardEnd> {
  return new Promise((resolve, reject) => new Wizard(options, resolve, reject));
}

class Wizard {
  readonly #options: WizardOptions;
  readonly #resolve: (end: WizardEnd) => void;
  readonly #reject: (reason: unknown) => void;
  readonly #ink: ReturnType<typeof render>;
  readonly #keyboard: Keyboard;
  readonly #onResize = () => this.#draw();
  #state;
  #isEstimating = false;
  #isOver = false;

  constructor(options: WizardOptions, resolve: (end: WizardEnd) => void, reject: (reason: unknown) => void) {
    const { facts, stream, keyboard } = options;
    if (!canReadKeys(keyboard)) throw new Error('there is no keyboard to ask at');
    this.#options = options;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#state = firstState(facts);
    stream.on('resize', this.#onResize);
    const where = { stdout: endless(stream), stderr: stream, exitOnCtrlC: false, patchConsole: false };
    this.#ink = render(this.#frame(), where);
    this.#keyboard = new Keyboard(keyboard, (key) => this.#take({ type: 'key', key }));
    this.#estimate().catch((error) => this.#fail(error));
  }

  #frame() {
    const { stream, color } = this.#options;
    return <WizardView state={this.#state} {...sizeOf(stream)} color={color} />;
  }

  #draw(): void {
    if (!this.#isOver) this.#ink.rerender(this.#frame());
  }

  #take(action: Action): void {
    if (this.#isOver) return;
    const { state, effect } = reduce(this.#state, action);
    this.#state = state;
    this.#draw();
    this.#do(effect).catch((error) => this.#fail(error));
    this.#estimate().catch((error) => this.#fail(error));
  }

  async #do(effect: Effect | null): Promise<void> {
    const { checkVariant, save } = this.#options;
    switch (effect?.type) {
      case 'checkVariant':
        this.#take({ type: 'variantChecked', spec: effect.spec, problem: await checkVariant(effect.spec) });
        break;
      case 'save':
        this.#take({ type: 'saved', path: effect.path, problem: await save(choiceOf(this.#state), effect.path) });
        break;
      case 'run':
        this.#resolveWith({ args: argsOf(choiceOf(this.#state)) });
        break;
      case 'quit':
        this.#resolveWith({ args: null, byInterrupt: effect.byInterrupt });
        break;
    }
  }

  /** One at a time, and again while the choice has changed meanwhile. */
  async #estimate(): Promise<void> {
    if (this.#isEstimating) return;
    this.#isEstimating = true;
    while (!this.#isOver && this.#state.estimate?.of !== keyOf(this.#state)) {
      const of = keyOf(this.#state);
      const estimate = await this.#options.estimate(choiceOf(this.#state));
      this.#state = reduce(this.#state, { type: 'estimated', of, estimate }).state;
      this.#draw();
    }
    this.#isEstimating = false;
  }

  #resolveWith(end: WizardEnd): void {
    this.#close();
    this.#resolve(end);
  }

  #fail(error: unknown): void {
    this.#close();
    this.#reject(error);
  }

  #close(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#keyboard.close();
    this.#options.stream.off('resize', this.#onResize);
    this.#ink.clear();
    this.#ink.unmount();
  }
}

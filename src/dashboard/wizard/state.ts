import { quoted } from '../shell-words.js';

/** What of a scenario can be changed here; each is a flag of `run` by the same name. */
export const FIELDS = ['clients', 'rate', 'size', 'duration', 'rounds'] as const;
export type Field = (typeof FIELDS)[number];

export const STEPS = ['scenario', 'techniques', 'load', 'review'] as const;
export type Step = (typeof STEPS)[number];

/** A scenario to choose, as it stands. */
export interface ScenarioOffer {
  readonly name: string;
  readonly title: string;
  readonly question: string;
  /** How long it should take as it stands, ms; `null`: this machine cannot carry it so. */
  readonly takesMs: number | null;
  /** What is measured where nothing else is asked for, as `--transport` takes it. */
  readonly transports: readonly string[];
  /** As flags take them. */
  readonly values: Readonly<Record<Field, string>>;
}

/** A technique to choose. */
export interface TechniqueOffer {
  readonly name: string;
  readonly title: string;
  readonly summary: string;
  /** Its settings with default, meaning and range, a line each. */
  readonly settings: readonly string[];
}

export interface WizardFacts {
  readonly scenarios: readonly ScenarioOffer[];
  readonly techniques: readonly TechniqueOffer[];
}

/** A line of the list of techniques: one of them, or a variant with settings of its own. */
export interface Choosable {
  readonly spec: string;
  readonly isChosen: boolean;
}

/** What is to be run. Only what differs from the scenario as it stands. */
export interface Choice {
  readonly scenario: string;
  /** Empty: those of the scenario. */
  readonly transports: readonly string[];
  readonly values: Readonly<Partial<Record<Field, string>>>;
}

/** What a choice comes to, from its plan; or why there is none. */
export type Estimate =
  | {
      readonly messagesPerSecond: number;
      readonly deliveriesPerSecond: number;
      readonly sockets: number;
      readonly runs: number;
      readonly takesMs: number;
      readonly notes: readonly string[];
    }
  | { readonly problems: readonly string[] };

/** A line of text that is being typed. */
export interface Typing {
  readonly what: 'variant' | 'file';
  readonly text: string;
  readonly problem: string | null;
}

/** Plain data, replaced whole by every key. */
export interface WizardState {
  readonly facts: WizardFacts;
  readonly step: Step;
  /** Index of the chosen scenario. */
  readonly scenario: number;
  readonly techniques: readonly Choosable[];
  /** Index of the line that keys are about, among the techniques and among the fields. */
  readonly technique: number;
  readonly field: number;
  readonly values: Readonly<Record<Field, string>>;
  /** The field's text is as it was when it was entered: what is typed takes its place. */
  readonly isFresh: boolean;
  readonly typing: Typing | null;
  /** Of which choice, and what it comes to; `null` while that is not known. */
  readonly estimate: { readonly of: string; readonly is: Estimate } | null;
  /** The file that the scenario was saved to. */
  readonly savedTo: string | null;
}

export function firstState(facts: WizardFacts): WizardState {
  const scenario = Math.max(
    0,
    facts.scenarios.findIndex(({ name }) => name === 'default'),
  );
  return withScenario({ facts, step: 'scenario', scenario, ...NOTHING_YET }, scenario);
}

const NOTHING_YET = {
  techniques: [],
  technique: 0,
  field: 0,
  values: { clients: '', rate: '', size: '', duration: '', rounds: '' },
  isFresh: true,
  typing: null,
  estimate: null,
  savedTo: null,
} as const;

/** The state with this scenario, and everything else as it stands there. */
export function withScenario(state: WizardState, scenario: number): WizardState {
  const offer = state.facts.scenarios[scenario];
  if (offer === undefined) return state;
  const others = state.facts.techniques.map(({ name }) => name).filter((name) => !offer.transports.includes(name));
  const techniques = [
    ...offer.transports.map((spec) => ({ spec, isChosen: true })),
    ...others.map((spec) => ({ spec, isChosen: false })),
  ];
  return { ...state, scenario, techniques, technique: 0, values: offer.values, savedTo: null };
}

export function offerOf({ facts, scenario }: WizardState): ScenarioOffer | undefined {
  return facts.scenarios[scenario];
}

export function choiceOf(state: WizardState): Choice {
  const offer = offerOf(state);
  const chosen = state.techniques.filter(({ isChosen }) => isChosen).map(({ spec }) => spec);
  const isAsIs = chosen.join('\n') === offer?.transports.join('\n');
  const changed = FIELDS.filter((field) => state.values[field] !== offer?.values[field]);
  return {
    scenario: offer?.name ?? 'default',
    transports: isAsIs ? [] : chosen,
    values: Object.fromEntries(changed.map((field) => [field, state.values[field]])),
  };
}

/** The choice as arguments after the program's name. */
export function argsOf({ scenario, transports, values }: Choice): string[] {
  const flags = FIELDS.flatMap((field) => {
    const value = values[field];
    return value === undefined ? [] : [`--${field}`, value];
  });
  return ['run', scenario, ...transports.flatMap((spec) => ['-t', spec]), ...flags];
}

/** The command that does the same. */
export function commandOf(state: WizardState): string {
  return ['rtbench', ...argsOf(choiceOf(state)).map(quoted)].join(' ');
}

/** What tells one choice from another. */
export function keyOf(state: WizardState): string {
  return JSON.stringify(choiceOf(state));
}

/** What the present choice comes to; `null` while that is not known. */
export function estimateOf(state: WizardState): Estimate | null {
  return state.estimate?.of === keyOf(state) ? state.estimate.is : null;
}

/** Whether nothing is wrong with the present choice, and that is known. */
export function isRunnable(state: WizardState): boolean {
  const estimate = estimateOf(state);
  return estimate !== null && !('problems' in estimate);
}

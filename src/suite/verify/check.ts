/** What a figure counts. `ratio`: so many to one. `share`: in [0, 1]. */
export type CheckUnit = 'B' | 'ratio' | 'share' | 'ms' | 'messages';

/** One figure that theory predicts and that was measured. */
export interface Check {
  /** The row it is about, or what else. */
  readonly subject: string;
  readonly name: string;
  /** Of bytes: from server to client, or from client to server. */
  readonly direction: 'down' | 'up' | null;
  readonly unit: CheckUnit;
  /** `null`: there is no theory of it. */
  readonly theory: number | null;
  /** `null`: it could not be measured; `note` says why. */
  readonly measured: number | null;
  /** Largest difference that passes, in the unit. */
  readonly tolerance: number;
  readonly state: 'passed' | 'failed' | 'no theory';
  /** Where the theory or the tolerance comes from, what was left out, or why it could not be measured. */
  readonly note: string | null;
}

/** Checks of one kind. */
export interface Section {
  readonly kind: 'bytes' | 'comparison' | 'emptyPolls' | 'pollWaits' | 'secondMessage' | 'delivery';
  readonly title: string;
  /** What is held against what, for a person. */
  readonly about: string;
  readonly checks: readonly Check[];
}

export type Claim = Omit<Check, 'state' | 'direction' | 'tolerance' | 'note'> & {
  readonly direction?: Check['direction'];
  readonly tolerance?: number;
  readonly note?: string | null;
};

/** Judges a figure: without a tolerance it has to be met exactly. A figure that could not be measured fails. */
export function check({ direction = null, tolerance = 0, note = null, ...claim }: Claim): Check {
  const { theory, measured } = claim;
  const met = theory !== null && measured !== null && Math.abs(measured - theory) <= tolerance;
  const state = measured !== null && theory === null ? 'no theory' : met ? 'passed' : 'failed';
  return { ...claim, direction, tolerance, note, state };
}

/** How often a check of times is tried before it counts as failed. */
export const ATTEMPTS = 3;

/**
 * A check of times, tried again where it fails: a busy machine makes things late now and then, a wrong figure is wrong
 * each time. The note says how many attempts it took.
 */
export async function patiently(look: () => Promise<Check>): Promise<Check> {
  for (let attempt = 1; ; attempt++) {
    const result = await look();
    if (result.state !== 'failed' || attempt === ATTEMPTS) return afterAttempts(result, attempt);
  }
}

export function afterAttempts(result: Check, attempts: number): Check {
  if (attempts === 1) return result;
  const said = `attempt ${attempts} of ${ATTEMPTS} at most`;
  return { ...result, note: result.note === null ? said : `${result.note}; ${said}` };
}

export function failed(sections: readonly Section[]): readonly Check[] {
  return sections.flatMap(({ checks }) => checks.filter(({ state }) => state === 'failed'));
}

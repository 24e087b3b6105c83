import type { Row } from '../../scenario/scenario.js';
import type { Answers } from './answers.js';

/** A transport with its settings, and what is known of it before anything is measured. */
export type Candidate = Pick<Row, 'transport' | 'label' | 'settings' | 'profile' | 'worstWaitMs'>;

/**
 * Why a candidate cannot do what must be done, whatever was measured of it; a clause that can stand behind its name and
 * a colon. `undefined`: it can.
 */
export function obstacleOf(candidate: Candidate, answers: Answers): string | undefined {
  return NEEDS.find(({ applies, isMet }) => applies(answers) && !isMet(candidate))?.obstacle(candidate);
}

interface Need {
  readonly applies: (answers: Answers) => boolean;
  readonly isMet: (candidate: Candidate) => boolean;
  readonly obstacle: (candidate: Candidate) => string;
}

const NEEDS: readonly Need[] = [
  {
    applies: ({ browser }) => browser,
    isMet: ({ profile }) => profile.browser !== 'unavailable',
    obstacle: ({ profile }) => `no browser reaches it${profile.browserObstacle ? `: ${profile.browserObstacle}` : ''}`,
  },
  {
    applies: ({ bidirectional }) => bidirectional,
    isMet: ({ profile }) => profile.uplink !== 'none',
    obstacle: () => 'clients cannot send over it',
  },
  {
    applies: ({ restrictiveProxies }) => restrictiveProxies,
    isMet: arrivesInWholeAnswers,
    obstacle: () => 'its messages do not come in HTTP answers that end, which is all that a restrictive proxy lets by',
  },
];

/** A proxy that holds answers back until they are whole, and refuses what is not plain HTTP, lets these by. */
export function arrivesInWholeAnswers({ profile }: Candidate): boolean {
  return profile.group === 'web' && profile.delivery === 'pull';
}

/** Both ways over one connection, with nothing beside it for what clients send. */
export function isFullDuplex({ profile }: Candidate): boolean {
  return profile.delivery === 'push' && profile.uplink === 'same-connection' && profile.titleWithUplink === undefined;
}

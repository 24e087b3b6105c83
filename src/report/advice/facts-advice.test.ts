import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Row } from '../../scenario/scenario.js';
import { shippedRows } from '../../testing/candidates.js';
import { GUIDE_QUESTIONS, GUIDE_TECHNIQUES, GUIDE_USE_CASES } from '../guide/guide.js';
import { type Answers, ASSUMED } from './answers.js';
import { obstacleOf } from './candidate.js';
import { changesOfFacts } from './changes.js';
import { factsAgainst, factsFor, rankByFacts } from './facts-advice.js';
import { guidanceByQuestions, guideAnswers, meantBy } from './guide-rule.js';

let down: readonly Row[] = [];
let both: readonly Row[] = [];
beforeAll(async () => {
  down = await shippedRows('server');
  both = await shippedRows('clients');
});

const answered = (changes: Partial<Answers>): Answers => ({ ...ASSUMED, ...changes });
const candidatesFor = ({ bidirectional }: Answers) => (bidirectional ? both : down);
const ranked = (changes: Partial<Answers>) => {
  const answers = answered(changes);
  return rankByFacts(answers, guidanceByQuestions(answers), candidatesFor(answers));
};
const order = (changes: Partial<Answers>) => ranked(changes).places.map(({ candidate }) => candidate.transport);

describe('the facts behind each answer of the guide', () => {
  /** What it recommends, before what it says of others. */
  const recommended = (says: string) => {
    const [named = ''] = says.split(/[(,]/);
    return GUIDE_TECHNIQUES.filter(({ technique }) => named.includes(technique)).map(({ transport }) => transport);
  };

  it.each(GUIDE_QUESTIONS)('$question $answer', ({ key, answer: says, question }) => {
    const meant = meantBy({ key, number: 0, question, says }, down).map(({ transport }) => transport);
    expect([...meant].sort()).toEqual([...recommended(says)].sort());
    expect(meant.length).toBeGreaterThan(0);
  });

  it('hold for variants: SSE over HTTP/2 is not what the guide means by both ways', async () => {
    const variants = await shippedRows('clients', ['sse:http=2', 'websocket:deflate=true', 'long-polling:http=2']);
    const meant = (key: 'bidirectional' | 'server-to-client') =>
      meantBy({ key, number: 0, question: '', says: '' }, variants).map(({ transport }) => transport);
    expect(meant('bidirectional')).toEqual(['websocket']);
    expect(meant('server-to-client')).toEqual(['sse']);
  });
});

/** The guide's use cases, answered from what it says of them: "why", and for the dashboard its name. */
const USE_CASES: Readonly<Record<string, Partial<Answers>>> = {
  'live-sports-scores': {},
  chat: { bidirectional: true },
  'notification-feed': {},
  'multiplayer-game': { bidirectional: true, binary: true, toleratesMs: 50 },
  'stock-ticker': {},
  'collaborative-editing': { bidirectional: true },
  'dashboard-refresh': { toleratesMs: 30_000 },
  'log-streaming': {},
  'iot-commands': { bidirectional: true, browser: false },
  'file-upload-progress': { toleratesMs: 1_000 },
};

describe('from facts alone', () => {
  it.each(GUIDE_USE_CASES)('$name: what the guide recommends', ({ scenario, recommends }) => {
    const [first] = order(USE_CASES[scenario] ?? expect.fail(`no answers for ${scenario}`));
    const named = GUIDE_TECHNIQUES.filter(({ technique }) => recommends.includes(technique));
    expect(named.map(({ transport }) => transport)).toContain(first);
  });

  it.each<[title: string, answers: Partial<Answers>, first: string, second: string]>([
    ['server to client only', {}, 'sse', 'websocket'],
    ['both ways', { bidirectional: true }, 'websocket', 'sse'],
    ['just under seconds', { toleratesMs: 1_999 }, 'sse', 'websocket'],
    ['seconds', { toleratesMs: 2_000 }, 'short-polling', 'long-polling'],
    ['seconds, both ways', { toleratesMs: 2_000, bidirectional: true }, 'websocket', 'short-polling'],
    ['binary', { binary: true }, 'websocket', 'sse'],
    ['binary, and seconds', { binary: true, toleratesMs: 5_000 }, 'short-polling', 'long-polling'],
    ['restrictive proxies', { restrictiveProxies: true, toleratesMs: 500 }, 'long-polling', 'short-polling'],
    ['restrictive proxies, both ways', { restrictiveProxies: true, bidirectional: true }, 'long-polling', ''],
    ['no browser', { browser: false, bidirectional: true }, 'websocket', 'sse'],
  ])('%s', (_title, answers, first, second) => {
    const [one, two = ''] = order(answers);
    expect([one, second === '' ? '' : two]).toEqual([first, second]);
  });

  it('a poll that comes less often than what is tolerated is ruled out, with what would do', () => {
    const { ruledOut } = ranked({ toleratesMs: 499 });
    expect(ruledOut.map(({ candidate, reason }) => `${candidate.transport}: ${reason}`)).toContain(
      'short-polling: a message may wait 500 ms for the next poll; an interval below 499 ms would do',
    );
    expect(order({ toleratesMs: 500 })).toContain('short-polling');
  });

  it('what no browser reaches is ruled out with its reason, and a control is not even that', () => {
    const { ruledOut, places } = ranked({});
    expect(ruledOut.find(({ candidate }) => candidate.transport === 'grpc')?.reason).toMatch(
      /^no browser reaches it: /,
    );
    expect([...ruledOut, ...places].map(({ candidate }) => candidate.profile.group)).not.toContain('control');
    expect(order({ browser: false })).toContain('grpc');
  });

  it('facts for and against go by the answers', () => {
    const of = (transport: string, changes: Partial<Answers>) => {
      const answers = answered(changes);
      const row = candidatesFor(answers).find((one) => one.transport === transport) ?? expect.fail(transport);
      return { pro: factsFor(row, answers).join(), contra: factsAgainst(row, answers).join() };
    };
    expect(of('sse', { binary: true }).contra).toContain('base64');
    expect(of('sse', {}).contra).not.toContain('base64');
    expect(of('sse', { bidirectional: true }).contra).toContain('a request of its own');
    expect(of('websocket', { bidirectional: true }).pro).toContain('both ways over one connection');
    expect(of('short-polling', { toleratesMs: 5_000 }).contra).toContain('an interval of up to 5 s would have fewer');
  });

  it('says what would change the answer', () => {
    expect(changesOfFacts(ranked({}).places[0]?.candidate, ASSUMED, down)).toEqual([
      'If clients sent too: WebSocket (question 1: Use WebSockets).',
      'If 2 s were tolerated: Short polling (question 3: Use Long Polling or Short Polling).',
      'If it were binary data: WebSocket (question 4: Use WebSockets (SSE is text-only)).',
      'If it had to work through restrictive proxies: Long polling (question 5: Start with Long Polling, fall back from WebSockets if needed).',
    ]);
  });
});

it('for all answers: one of the questions decides, and nothing is named that cannot do it', () => {
  const any = fc.record({
    bidirectional: fc.boolean(),
    toleratesMs: fc.integer({ min: 1, max: 60_000 }),
    binary: fc.boolean(),
    restrictiveProxies: fc.boolean(),
    browser: fc.boolean(),
  });
  fc.assert(
    fc.property(any, (answers) => {
      const candidates = candidatesFor(answers);
      const { places, ruledOut } = rankByFacts(answers, guidanceByQuestions(answers), candidates);
      expect(guideAnswers(answers).length).toBeGreaterThan(0);
      for (const { candidate } of places) {
        expect(obstacleOf(candidate, answers)).toBeUndefined();
        expect(candidate.worstWaitMs).toBeLessThanOrEqual(answers.toleratesMs);
      }
      const techniques = candidates.filter(({ profile }) => profile.group !== 'control');
      expect(places.length + ruledOut.length).toBe(techniques.length);
    }),
  );
});

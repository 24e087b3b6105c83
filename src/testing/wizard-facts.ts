import type { Estimate, WizardFacts } from '../dashboard/wizard/state.js';

const VALUES = { clients: '100', rate: '120/s', size: '200B', duration: '2500ms', rounds: '3' };

/** Three scenarios and two techniques. */
export const EXAMPLE_FACTS: WizardFacts = {
  scenarios: [
    {
      name: 'chat',
      title: 'Chat in rooms',
      question: 'Which transport carries a chat?',
      takesMs: 100_000,
      transports: ['poll:every=1s', 'stream'],
      values: { ...VALUES, clients: '60' },
    },
    {
      name: 'default',
      title: 'Live feed',
      question: 'Which transport delivers a live feed to many clients in time, and at what cost?',
      takesMs: 85_000,
      transports: ['poll', 'stream'],
      values: VALUES,
    },
    {
      name: 'echo',
      title: 'Echo',
      question: 'How long is there and back?',
      takesMs: null,
      transports: ['poll', 'stream'],
      values: VALUES,
    },
  ],
  techniques: [
    {
      name: 'poll',
      title: 'Polling',
      summary: 'the client asks again and again',
      settings: [
        'every=500ms: time from one poll to the next (10ms to 1h)',
        'keep=true: keep the connection (true or false)',
      ],
    },
    { name: 'stream', title: 'Stream', summary: 'the server sends as it comes', settings: [] },
  ],
};

export const EXAMPLE_ESTIMATE: Estimate = {
  messagesPerSecond: 120,
  deliveriesPerSecond: 12_000,
  sockets: 100,
  runs: 9,
  takesMs: 85_000,
  notes: ['a window of 1 s holds fewer than 5 polls'],
};

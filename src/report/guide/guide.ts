/**
 * What the guide says, word for word: its table of features by techniques, its table of use cases and its five
 * questions. It is data to hold measurements against; nothing here is ours.
 *
 * Source: the page "WebSockets & Real-Time Communication", sections "Comprehensive Comparison Table", "When to Use
 * Each Technique" and "Decision framework".
 */

/** The guide's columns, each with the transport that is measured for it. */
export const GUIDE_TECHNIQUES = [
  { technique: 'Short Polling', transport: 'short-polling' },
  { technique: 'Long Polling', transport: 'long-polling' },
  { technique: 'SSE', transport: 'sse' },
  { technique: 'WebSockets', transport: 'websocket' },
] as const;

export type GuideTechnique = (typeof GUIDE_TECHNIQUES)[number]['technique'];

export interface GuideFeature {
  /** Stable, for claims and files. */
  readonly key: string;
  /** The row's name in the guide. */
  readonly name: string;
  /** What the guide says of each technique. */
  readonly says: Readonly<Record<GuideTechnique, string>>;
}

/** The guide's table, in its order. */
export const GUIDE_FEATURES = [
  feature('direction', 'Direction', ['Client to server', 'Client to server', 'Server to client', 'Bidirectional']),
  feature('protocol', 'Protocol', ['HTTP', 'HTTP', 'HTTP', 'WS (over TCP)']),
  feature('connection', 'Connection', [
    'New connection per request',
    'Held open, reconnect after response',
    'Single persistent HTTP',
    'Single persistent TCP',
  ]),
  feature('latency', 'Latency', [
    'Up to polling interval',
    'Low (near real-time)',
    'Low (near real-time)',
    'Very low (real-time)',
  ]),
  feature('server-overhead', 'Server overhead', [
    'High (frequent requests)',
    'Medium (held connections)',
    'Low (single connection)',
    'Low (single connection)',
  ]),
  feature('binary-data', 'Binary data', ['Yes (via HTTP)', 'Yes (via HTTP)', 'No (text only)', 'Yes']),
  feature('auto-reconnect', 'Auto-reconnect', [
    'Client manages',
    'Client manages',
    'Built-in (EventSource API)',
    'Manual implementation',
  ]),
  feature('browser-support', 'Browser support', [
    'Universal',
    'Universal',
    'All modern browsers',
    'All modern browsers',
  ]),
  feature('through-proxies', 'Through proxies/firewalls', [
    'Always works',
    'Usually works',
    'Usually works',
    'May need configuration',
  ]),
  feature('scalability', 'Scalability', ['Poor', 'Moderate', 'Good', 'Good']),
  feature('complexity', 'Complexity', ['Very low', 'Low', 'Low', 'Medium']),
  feature('best-for', 'Best for', [
    'Simple dashboards, low-frequency updates',
    'Chat, notifications (simple)',
    'Live feeds, notifications, logs',
    'Chat, gaming, collaboration, trading',
  ]),
] as const satisfies readonly GuideFeature[];

export interface GuideUseCase {
  /** Name of the shipped scenario that measures it. */
  readonly scenario: string;
  /** The use case in the guide's words. */
  readonly name: string;
  /** What the guide recommends; more than one where it says "or". */
  readonly recommends: readonly GuideTechnique[];
  readonly why: string;
}

/** The guide's table of use cases, in its order. */
export const GUIDE_USE_CASES: readonly GuideUseCase[] = [
  {
    scenario: 'live-sports-scores',
    name: 'Live sports scores',
    recommends: ['SSE'],
    why: 'Server-to-client updates, no client interaction needed',
  },
  {
    scenario: 'chat',
    name: 'Chat application',
    recommends: ['WebSockets'],
    why: 'Bidirectional messaging, low latency required',
  },
  {
    scenario: 'notification-feed',
    name: 'Notification feed',
    recommends: ['SSE', 'Long Polling'],
    why: 'Server-to-client, moderate update frequency',
  },
  {
    scenario: 'multiplayer-game',
    name: 'Multiplayer game',
    recommends: ['WebSockets'],
    why: 'Bidirectional, very low latency, binary data',
  },
  {
    scenario: 'stock-ticker',
    name: 'Stock ticker',
    recommends: ['WebSockets', 'SSE'],
    why: 'High-frequency updates, server-to-client dominant',
  },
  {
    scenario: 'collaborative-editing',
    name: 'Collaborative document editing',
    recommends: ['WebSockets'],
    why: 'Bidirectional, operational transforms or CRDTs',
  },
  {
    scenario: 'dashboard-refresh',
    name: 'Dashboard with 30s refresh',
    recommends: ['Short Polling'],
    why: 'Simple, low-frequency, tolerance for delay',
  },
  {
    scenario: 'log-streaming',
    name: 'Log streaming',
    recommends: ['SSE'],
    why: 'Server-to-client, text data, auto-reconnect',
  },
  {
    scenario: 'iot-commands',
    name: 'IoT device commands',
    recommends: ['WebSockets'],
    why: 'Bidirectional communication with devices',
  },
  {
    scenario: 'file-upload-progress',
    name: 'File upload progress',
    recommends: ['SSE', 'Short Polling'],
    why: 'Server-to-client progress updates',
  },
];

export interface GuideQuestion {
  /** Stable, for flags and rules. */
  readonly key: string;
  /** The question in the guide's words. */
  readonly question: string;
  /** What a yes leads to, in the guide's words. */
  readonly answer: string;
}

/** The guide's "Decision framework", in its order. */
export const GUIDE_QUESTIONS = [
  {
    key: 'bidirectional',
    question: 'Do you need bidirectional communication?',
    answer: 'Use WebSockets',
  },
  { key: 'server-to-client', question: 'Is it server-to-client only?', answer: 'Use SSE' },
  {
    key: 'seconds-of-delay',
    question: 'Can you tolerate seconds of delay?',
    answer: 'Use Long Polling or Short Polling',
  },
  { key: 'binary', question: 'Do you need binary data?', answer: 'Use WebSockets (SSE is text-only)' },
  {
    key: 'restrictive-proxies',
    question: 'Must it work through restrictive proxies?',
    answer: 'Start with Long Polling, fall back from WebSockets if needed',
  },
] as const satisfies readonly GuideQuestion[];

function feature<const Key extends string>(
  key: Key,
  name: string,
  [shortPolling, longPolling, sse, webSockets]: readonly [string, string, string, string],
): GuideFeature & { readonly key: Key } {
  return {
    key,
    name,
    says: { 'Short Polling': shortPolling, 'Long Polling': longPolling, SSE: sse, WebSockets: webSockets },
  };
}

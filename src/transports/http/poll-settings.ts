import type { Payload, SettingSpecs, Settings } from '../transport.js';
import { type AnswerFormat, answerFormat } from './poll-answer.js';

/** Settings of every technique that polls. */
export const pollSettings = {
  format: {
    kind: 'choice',
    default: 'json',
    choices: ['json', 'binary'],
    meaning: 'how an answer is written; json carries binary bodies as base64',
  },
  timeoutMs: {
    kind: 'durationMs',
    default: 30_000,
    min: 1,
    max: 600_000,
    scales: false,
    meaning: 'how long the client waits for an answer that is due (of a held request: that the hold is over)',
  },
  idleMs: {
    kind: 'durationMs',
    default: 0,
    min: 0,
    max: 3_600_000,
    meaning:
      'how long the server keeps a connection after an answer on it; shorter than the time between polls it cuts ' +
      'clients off; 0: for as long as the client does',
  },
} as const satisfies SettingSpecs;

/** The answer format that the settings ask for. */
export function formatOf(settings: Settings, payload: Payload): AnswerFormat {
  return answerFormat(settings.format === 'binary' ? 'binary' : 'json', payload);
}

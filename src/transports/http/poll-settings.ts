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
} as const satisfies SettingSpecs;

/** The answer format that the settings ask for. */
export function formatOf(settings: Settings, payload: Payload): AnswerFormat {
  return answerFormat(settings.format === 'binary' ? 'binary' : 'json', payload);
}

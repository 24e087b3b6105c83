import { expect, it } from 'vitest';
import { didYouMean } from './suggestion.js';

it.each([
  ['websocet', '; did you mean `websocket`? '],
  ['WebSocket', '; did you mean `websocket`? '],
  ['web', '; '],
  ['sse', '; did you mean `sse`? '],
  ['ses', '; '],
  ['', '; '],
  ['sss', '; did you mean `sse`? '],
  ['long-poling', '; did you mean `long-polling`? '],
])('%j suggests %j', (word, hint) => {
  expect(didYouMean(word, ['sse', 'websocket', 'long-polling', 'short-polling'])).toBe(hint);
});

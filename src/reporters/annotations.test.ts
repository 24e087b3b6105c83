import { expect, test } from 'vitest';
import type { Finding } from '../report/findings/findings.js';
import { renderAnnotations } from './annotations.js';

function of(list: readonly Finding[]): string {
  return renderAnnotations({ title: 'chat', startedAt: null, durationMs: null, list });
}

const failed = (name: string): Finding => ({ subject: 'SSE', name, outcome: 'failed', text: `SSE: ${name}` });

test('an error for what failed or was not measured, a warning for what cannot be told, nothing for what passed', () => {
  expect(
    of([
      { subject: 'SSE', name: 'measured', outcome: 'passed', text: 'SSE: valid' },
      { subject: 'SSE', name: 'CPU', outcome: 'undecided', text: 'too few pairs' },
      { subject: 'SSE', name: 'lost', outcome: 'failed', text: '3 lost' },
      { subject: 'gRPC', name: 'measured', outcome: 'not measured', text: 'failed' },
    ]),
  ).toBe(`::error title=rtbench%3A SSE%3A lost::3 lost
::error title=rtbench%3A gRPC%3A measured::failed
::warning title=rtbench%3A SSE%3A CPU::too few pairs
`);
});

test('no text ends its line or begins another command', () => {
  const text = of([
    { subject: 'a,b:c', name: 'x\r\n::stop-commands::y', outcome: 'failed', text: '100 %\n::error::z' },
  ]);
  expect(text).toBe('::error title=rtbench%3A a%2Cb%3Ac%3A x%0D%0A%3A%3Astop-commands%3A%3Ay::100 %25%0A::error::z\n');
});

test('of more than GitHub shows the last line says how many there are', () => {
  const names = Array.from({ length: 14 }, (_, index) => `figure ${index}`);
  const lines = of(names.map(failed)).trimEnd().split('\n');
  expect(lines).toHaveLength(10);
  expect(lines.at(-1)).toBe('::error title=rtbench%3A chat::and 5 more: the summary of the job has them all');
  expect(of(names.slice(0, 10).map(failed)).trimEnd().split('\n').at(-1)).toContain('figure 9');
});

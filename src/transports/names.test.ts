import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { builtInTransports } from './index.js';

const SRC = fileURLToPath(new URL('../', import.meta.url));

/** Data that belongs to a technique by its name, as a title belongs to it; nothing in it decides. */
const DATA = ['report/guide/guide.ts', 'report/guide/client-code-counts.ts'];

/** Sources of the core: neither a technique, nor a test or what tests are made of. */
function coreSources(): string[] {
  return readdirSync(SRC, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => /\.tsx?$/.test(path) && !/\.test\.tsx?$/.test(path))
    .filter((path) => !path.startsWith('transports/') && !path.startsWith('testing/') && !DATA.includes(path));
}

test('the core never asks for a technique by its name: what it needs to know is in the profile', () => {
  const names = builtInTransports.map(({ name }) => name).join('|');
  const quoted = new RegExp(`(['"\`])(?:${names})\\1`);
  const sources = coreSources();
  const found = sources.flatMap((path) => {
    const lines = readFileSync(join(SRC, path), 'utf8').split('\n');
    return lines.flatMap((line, index) => (quoted.test(line) ? [`${path}:${index + 1}: ${line.trim()}`] : []));
  });
  expect(found).toEqual([]);
  expect(sources).toContain('report/round.ts');
});

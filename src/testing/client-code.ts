import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ClientCode, CodeSize } from '../report/guide/client-code.js';

const TRANSPORTS = fileURLToPath(new URL('../transports/', import.meta.url));

/** By transport: how much code its clients are, counted in the sources as `report/guide/client-code.ts` says. */
export function countClientCode(): Record<string, ClientCode> {
  const names = readdirSync(TRANSPORTS).filter((name) => existsSync(join(TRANSPORTS, name, 'client.ts')));
  const counted = names.filter((name) => existsSync(join(TRANSPORTS, name, 'index.ts')));
  return Object.fromEntries(
    counted.sort().map((name): [string, ClientCode] => {
      const page = join(TRANSPORTS, name, 'page.ts');
      return [
        name,
        { node: sizeOf(join(TRANSPORTS, name, 'client.ts')), page: existsSync(page) ? sizeOf(page) : null },
      ];
    }),
  );
}

/** Of a file and of everything among the transports that it imports, each once. */
function sizeOf(entry: string): CodeSize {
  const found = new Set<string>();
  const visit = (file: string): void => {
    if (found.has(file) || relative(TRANSPORTS, file).startsWith('..')) return;
    found.add(file);
    for (const imported of importsOf(readFileSync(file, 'utf8'))) visit(resolve(dirname(file), imported));
  };
  visit(entry);
  const lines = [...found].flatMap((file) => codeLines(readFileSync(file, 'utf8')));
  return { lines: lines.length, states: lines.filter(isState).length };
}

/** Relative imports of values, as paths of sources. */
function importsOf(text: string): string[] {
  const statements = text.matchAll(/^(?:import|export)\s(?!type\b)[^;]*?from '(\.[^']+)\.js';/gm);
  return [...statements].map(([, path]) => `${path}.ts`);
}

/** Neither empty, nor a comment, nor an import. */
export function codeLines(text: string): string[] {
  const bare = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^(?:import|export)\s[^;=]*?from '[^']+';/gm, '');
  return bare
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('//'));
}

/** A variable or a private field that can change. */
function isState(line: string): boolean {
  return /^let\s/.test(line) || /^#\w+(?:[?!]?:|\s*=)/.test(line);
}

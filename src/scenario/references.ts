import { UsageError } from '../errors.js';

/** As much of a secret as is taken for it where the rest was cut off, characters. */
const MIN_KNOWN_CHARACTERS = 6;

/** `${NAME}`: what stands in the environment under this name. */
const REFERENCE = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

/** Names of what is to be read from the environment, in texts anywhere inside plain data, each once. */
export function referencesIn(value: unknown): readonly string[] {
  return [...new Set(textsIn(value).flatMap((text) => [...text.matchAll(REFERENCE)].map(([, name = '']) => name)))];
}

/** The same data with every reference replaced; one to what is not there becomes nothing. */
export function resolveReferences<Value>(value: Value, environment: Readonly<NodeJS.ProcessEnv>): Value {
  return replaceTexts(value, (text) => text.replace(REFERENCE, (_, name: string) => environment[name] ?? '')) as Value;
}

/**
 * @param where names what has the references: `target`, --header.
 * @throws UsageError with everything that is to be read from the environment and is not there.
 */
export function requireReferences(value: unknown, where: string, environment: Readonly<NodeJS.ProcessEnv>): void {
  const missing = referencesIn(value).filter((name) => environment[name] === undefined);
  if (missing.length === 0) return;
  throw new UsageError(
    missing.map((name) => `${where} takes \${${name}} from the environment, and it is not set there`),
  );
}

/**
 * Replaces in messages what came from the environment: it is not for people. What a message has of it may be quoted, in
 * JSON or in a URL, and cut off.
 */
export function redactor(value: unknown, environment: Readonly<NodeJS.ProcessEnv>): (text: string) => string {
  const secrets = referencesIn(value)
    .map((name) => ({ name, secret: environment[name] ?? '' }))
    .filter(({ secret }) => secret !== '')
    .sort((a, b) => b.secret.length - a.secret.length);
  return (text) =>
    secrets.reduce(
      (rest, { name, secret }) => spellings(secret).reduce((all, spelt) => hide(all, spelt, name), rest),
      text,
    );
}

function spellings(secret: string): readonly string[] {
  return [...new Set([secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)])];
}

function hide(text: string, secret: string, name: string): string {
  const begin = secret.slice(0, MIN_KNOWN_CHARACTERS);
  let hidden = '';
  let from = 0;
  for (let at = text.indexOf(begin); at >= 0; at = text.indexOf(begin, from)) {
    let end = at + begin.length;
    while (end - at < secret.length && text[end] === secret[end - at]) end++;
    hidden += `${text.slice(from, at)}\${${name}}`;
    from = end;
  }
  return hidden + text.slice(from);
}

function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

function replaceTexts(value: unknown, replace: (text: string) => string): unknown {
  if (typeof value === 'string') return replace(value);
  if (Array.isArray(value)) return value.map((item) => replaceTexts(item, replace));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replaceTexts(item, replace)]));
}

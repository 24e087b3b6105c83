import type { z } from 'zod';
import { SCENARIO_KEYS, scenarioFileSchema } from './schema.js';
import { didYouMean } from './suggestion.js';

/** What is wrong with one value, or with one key, of a scenario. */
export type Issue =
  | {
      readonly kind: 'value';
      readonly path: readonly PropertyKey[];
      readonly key: string;
      readonly value: unknown;
      /** What would be right, as in "must be …". */
      readonly accepted: string;
    }
  | { readonly kind: 'unknownKey'; readonly path: readonly PropertyKey[]; readonly text: string };

/** Everything wrong with a scenario's values, each key by itself; none: the schema parses them. */
export function issuesOf(values: Readonly<Record<string, unknown>>): readonly Issue[] {
  const { error } = scenarioFileSchema.safeParse(values);
  return (error?.issues ?? []).flatMap(insideOfUnion).flatMap((issue): Issue[] => {
    if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(key, issue.path));
    const value = issue.path.reduce<unknown>((whole, key) => (whole as Record<PropertyKey, unknown>)?.[key], values);
    const isSecret = issue.code === 'custom' && issue.params?.secret === true;
    return [
      {
        kind: 'value',
        path: issue.path,
        key: spellPath(issue.path),
        value: isSecret ? SECRET : value,
        accepted: issue.message,
      },
    ];
  });
}

/** Of a value that may be one of several things, what is wrong with the one that it is by its kind. */
function insideOfUnion(issue: z.core.$ZodIssue): readonly z.core.$ZodIssue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const meant = issue.errors.find((issues) =>
    issues.every(({ code, path }) => path.length > 0 || code === 'unrecognized_keys'),
  );
  if (meant === undefined) return [issue];
  return meant.flatMap((inner) => insideOfUnion({ ...inner, path: [...issue.path, ...inner.path] }));
}

/** Stands in messages for what is not for people. */
export const SECRET = Symbol('a text that is not shown');

/** `transports[1]`, `target.publish.path`. */
function spellPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text === '' ? String(key) : `${text}.${String(key)}`;
  }, '');
}

function unknownKey(key: string, inside: readonly PropertyKey[]): Issue {
  const name = spellPath([...inside, key]);
  if (inside.length > 0) {
    return {
      kind: 'unknownKey',
      path: [...inside, key],
      text: `unknown key \`${name}\`; docs/your-own-server.md lists those there are`,
    };
  }
  const known = `known keys: ${SCENARIO_KEYS.join(', ')}`;
  return { kind: 'unknownKey', path: [key], text: `unknown key \`${key}\`${didYouMean(key, SCENARIO_KEYS)}${known}` };
}

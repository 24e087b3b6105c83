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
  return (error?.issues ?? []).flatMap((issue): Issue[] => {
    if (issue.code === 'unrecognized_keys') return issue.keys.map(unknownKey);
    const [key, index] = issue.path;
    const whole = values[String(key)];
    const isItem = Array.isArray(whole) && typeof index === 'number';
    const name = isItem ? `${String(key)}[${index}]` : String(key);
    const value = isItem ? whole[index] : whole;
    return [{ kind: 'value', path: issue.path, key: name, value, accepted: issue.message }];
  });
}

function unknownKey(key: string): Issue {
  const known = `known keys: ${SCENARIO_KEYS.join(', ')}`;
  return { kind: 'unknownKey', path: [key], text: `unknown key \`${key}\`${didYouMean(key, SCENARIO_KEYS)}${known}` };
}

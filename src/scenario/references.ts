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

/** Replaces in messages what came from the environment: it is not for people. */
export function redactor(value: unknown, environment: Readonly<NodeJS.ProcessEnv>): (text: string) => string {
  const secrets = referencesIn(value)
    .map((name) => ({ name, secret: environment[name] ?? '' }))
    .filter(({ secret }) => secret !== '')
    .sort((a, b) => b.secret.length - a.secret.length);
  return (text) => secrets.reduce((rest, { name, secret }) => rest.replaceAll(secret, `\${${name}}`), text);
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

/**
 * What a run goes through. `browser`: the probes are pages of a headless Chromium. Else the proxy that stands between
 * clients and server.
 */
export type Via = 'browser' | ProxyVia;

export interface ProxyVia {
  readonly middlebox: MiddleboxName;
  /** `documented`: with the lines that the proxy's documentation names for the technique; else `default`, or a mode. */
  readonly configuration: string;
}

export type MiddleboxName = keyof typeof MIDDLEBOXES;
export type HostileModeName = (typeof MIDDLEBOXES)['hostile'][number];

/** What proxies are set up as. */
export const MIDDLEBOXES = {
  nginx: ['documented', 'default'],
  haproxy: ['documented', 'default'],
  hostile: ['buffer', 'gzip', 'strip-upgrade', 'http-1.0', 'idle-cut'],
} as const;

/** Of a proxy whose configuration is not named. */
const USUAL = 'documented';

const NAMES = Object.keys(MIDDLEBOXES) as MiddleboxName[];

/** Each way to write a `Via`, as `via` of a scenario and `--via` take it. */
export const VIA_SPELLINGS: readonly [string, ...string[]] = [
  'browser',
  ...NAMES.flatMap((name) => [
    ...(configurationsOf(name).includes(USUAL) ? [name] : []),
    ...configurationsOf(name).map((configuration) => `${name}:${configuration}`),
  ]),
];

/** What one of `VIA_SPELLINGS` stands for. Throws for another text. */
export function parseVia(text: string): Via {
  if (text === 'browser') return text;
  const [name = '', configuration = USUAL] = text.split(':');
  const middlebox = NAMES.find((known) => known === name);
  if (middlebox === undefined || !configurationsOf(middlebox).includes(configuration)) {
    throw new Error(`\`${text}\` is not one of ${VIA_SPELLINGS.join(', ')}`);
  }
  return { middlebox, configuration };
}

/** As `parseVia` reads it, with everything named. */
export function spellVia(via: Via): string {
  return via === 'browser' ? via : `${via.middlebox}:${via.configuration}`;
}

/** The proxy that stands between; `null`: none does. */
export function proxyOf({ via }: { readonly via: Via | null }): ProxyVia | null {
  return via === 'browser' ? null : via;
}

function configurationsOf(name: MiddleboxName): readonly string[] {
  return MIDDLEBOXES[name];
}

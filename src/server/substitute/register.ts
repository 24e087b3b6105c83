import { register } from 'node:module';

/*
 * Preloaded by `node --import` into a server process that is to use other versions of packages than those installed here.
 * The URL it is loaded from says which: `?root=<folder>&package=<name>&package=…`.
 */
const { searchParams } = new URL(import.meta.url);
register('./hooks.js', import.meta.url, {
  data: { root: searchParams.get('root') ?? '', packages: searchParams.getAll('package') } satisfies Substitution,
});

/** What the hooks are told. */
export interface Substitution {
  /** A folder with the packages in its `node_modules`. */
  readonly root: string;
  readonly packages: readonly string[];
}

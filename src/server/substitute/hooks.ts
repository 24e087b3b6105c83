import { writeFileSync } from 'node:fs';
import type { InitializeHook, ResolveHook } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { proofOfUse } from './proof.js';
import type { Substitution } from './register.js';

let substitution: Substitution = { root: '', packages: [] };
const proven = new Set<string>();

/** Called by Node with the data of `register`. */
export const initialize: InitializeHook<Substitution> = (data) => {
  substitution = data;
};

/** Has the packages found from the folder's root, whoever asks; that one was asked for is proven by a file there. */
export const resolve: ResolveHook = (specifier, context, nextResolve) => {
  const { root, packages } = substitution;
  const name = packages.find((each) => specifier === each || specifier.startsWith(`${each}/`));
  if (name === undefined) return nextResolve(specifier, context);
  if (!proven.has(name)) {
    proven.add(name);
    writeFileSync(join(root, proofOfUse(name)), '');
  }
  return nextResolve(specifier, { ...context, parentURL: pathToFileURL(join(root, 'package.json')).href });
};

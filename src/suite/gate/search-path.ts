import { realpathSync } from 'node:fs';
import { delimiter, isAbsolute, join, relative, resolve, sep } from 'node:path';

/**
 * PATH with what lies in one folder moved to where it lies in another: `npx` and a virtual environment put a project's own
 * tools first, and those of a checkout are others. Empty where there is no PATH.
 *
 * @param from the root of the working tree, without symbolic links
 * @param to that of the checkout
 */
export function rerootedPath(environment: NodeJS.ProcessEnv, from: string, to: string): Record<string, string> {
  // Windows calls it `Path`, and a copy of the environment has names as they are written.
  const name = Object.keys(environment).find((each) => each.toUpperCase() === 'PATH');
  const value = name === undefined ? undefined : environment[name];
  if (name === undefined || value === undefined) return {};
  const entries = value.split(delimiter).map((entry) => {
    const inside = placeIn(from, entry);
    return inside === undefined ? entry : join(to, inside);
  });
  return { [name]: entries.join(delimiter) };
}

/** `undefined`: it lies elsewhere. A relative one is looked up in the folder of whoever uses it, which is the checkout. */
function placeIn(root: string, entry: string): string | undefined {
  if (!isAbsolute(entry)) return undefined;
  // First as it is written: `node_modules` may be a link to elsewhere.
  for (const path of [resolve(entry), realPath(entry)]) {
    const inside = relative(root, path);
    if (inside !== '..' && !inside.startsWith(`..${sep}`) && !isAbsolute(inside)) return inside;
  }
  return undefined;
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
}

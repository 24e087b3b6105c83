// @ts-check
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/**
 * Load tools that poll, for comparison.
 *
 * @typedef {object} Tool
 * @property {string} name
 * @property {URL} entry of the process that runs it
 * @property {string | null} version null where it is not installed
 * @property {boolean} fixedRate whether it keeps a given rate
 */

/** @type {readonly Tool[]} */
export const TOOLS = [
  {
    name: 'autocannon',
    entry: new URL('./tools/autocannon.js', import.meta.url),
    version: packageVersion('autocannon'),
    fixedRate: true,
  },
  {
    name: 'wrk',
    entry: new URL('./tools/wrk.js', import.meta.url),
    version: wrkVersion(),
    fixedRate: false,
  },
];

/** @returns {Record<string, string>} */
export function toolVersions() {
  return Object.fromEntries(TOOLS.flatMap(({ name, version }) => (version === null ? [] : [[name, version]])));
}

/** @param {string} name */
function packageVersion(name) {
  const file = new URL(`../node_modules/${name}/package.json`, import.meta.url);
  return existsSync(file) ? String(JSON.parse(readFileSync(file, 'utf8')).version) : null;
}

/** wrk's CPU time is read from /proc. */
function wrkVersion() {
  if (!existsSync('/proc/self/schedstat')) return null;
  const { stdout, error } = spawnSync('wrk', ['-v'], { encoding: 'utf8' });
  return error ? null : (/^wrk (?:debian\/)?(\S+)/.exec(stdout)?.[1] ?? 'unknown');
}

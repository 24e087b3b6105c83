import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** What every page holds inline. */
export interface Assets {
  readonly styles: readonly string[];
  /** Classic scripts, in their order. */
  readonly scripts: readonly string[];
}

/** From `dist/` and from `src/` alike; the files are part of the package. */
const PAGE = new URL('../../../src/reporters/html/page/', import.meta.url);
const STYLES = ['style.css', 'charts.css'];
const SCRIPTS = ['theme.js', 'tooltip.js', 'charts.js', 'page.js'];

let loaded: Assets | undefined;

/** uPlot and the page's own files, read once. */
export function readAssets(): Assets {
  loaded ??= {
    styles: [readPackaged('uplot/dist/uPlot.min.css'), ...STYLES.map(readOwn)],
    scripts: [readPackaged('uplot/dist/uPlot.iife.min.js'), ...SCRIPTS.map(readOwn)],
  };
  return loaded;
}

/** As a Content-Security-Policy names an inline script that it allows. */
export function hashOf(script: string): string {
  return `'sha256-${createHash('sha256').update(script).digest('base64')}'`;
}

function readOwn(name: string): string {
  return readFileSync(new URL(name, PAGE), 'utf8');
}

function readPackaged(name: string): string {
  return readFileSync(createRequire(import.meta.url).resolve(name), 'utf8');
}

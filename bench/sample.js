// @ts-check
/**
 * Measures the default scenario and makes it the sample: reports/sample/ and the table in README.md.
 *
 *     npm run sample
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = new URL('../', import.meta.url);
const path = (/** @type {string} */ name) => fileURLToPath(new URL(name, root));
const BEGIN = '<!-- made by `npm run sample` -->\n```text\n';
const END = '```\n<!-- end -->';

const scratch = mkdtempSync(join(tmpdir(), 'rtbench-sample-'));
try {
  const command = ['run', '--out', join(scratch, 'out'), '--no-ui'];
  const { status, stdout } = spawnSync(process.execPath, [path('dist/cli.js'), ...command], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    // The command that the report names must not hold a folder of this machine.
    env: { ...process.env, CI: 'true' },
  });
  if (status !== 0) throw new Error(`rtbench run ended with ${status}: no sample was made\n${stdout}`);

  const text = readFileSync(join(scratch, 'out', 'result.json'), 'utf8').replace(
    /"command": ".*"/,
    '"command": "rtbench run"',
  );
  mkdirSync(path('reports/sample'), { recursive: true });
  replace(path('reports/sample/result.json'), text);
  const rendered = (/** @type {string} */ format) =>
    spawnSync(
      process.execPath,
      [path('dist/cli.js'), 'report', path('reports/sample/result.json'), '--format', format],
      {
        encoding: 'utf8',
      },
    ).stdout;
  replace(path('reports/sample/report.md'), rendered('markdown'));

  const readme = readFileSync(path('README.md'), 'utf8');
  const from = readme.indexOf(BEGIN);
  const to = readme.indexOf(END, from);
  if (from < 0 || to < 0) throw new Error('README.md has no place for the sample');
  const table = rendered('table').replace(/^\n+/, '');
  replace(path('README.md'), readme.slice(0, from) + BEGIN + table + readme.slice(to));
} finally {
  rmSync(scratch, { recursive: true });
}

/** @param {string} file @param {string} content */
function replace(file, content) {
  writeFileSync(`${file}.part`, content);
  renameSync(`${file}.part`, file);
}

// @ts-check
/**
 * Measures the default scenario and makes it the sample: reports/sample/ and the table in README.md.
 *
 *     npm run sample                  measures (on a machine with nothing else to do), and does what is below
 *     npm run sample -- --pictures    renders the sample that is there anew, and its pictures
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { recordLiveFrame, takePictures } from './pictures.js';

const root = new URL('../', import.meta.url);
const path = (/** @type {string} */ name) => fileURLToPath(new URL(name, root));
const BEGIN = '<!-- made by `npm run sample` -->\n```text\n';
const END = '```\n<!-- end -->';

const cli = path('dist/cli.js');
const sample = (/** @type {string} */ name) => path(`reports/sample/${name}`);

if (!process.argv.includes('--pictures')) {
  await measure();
  replace(sample('live.txt'), await recordLiveFrame(cli));
}
for (const [format, name] of [
  ['markdown', 'report.md'],
  ['html', 'report.html'],
]) {
  replace(sample(name ?? ''), rendered(format ?? ''));
}
replaceTable(rendered('table').replace(/^\n+/, ''));
await takePictures({ page: sample('report.html'), frame: sample('live.txt') }, (name, picture) =>
  replace(sample(name), picture),
);

/** The default scenario, once, into reports/sample/result.json. */
async function measure() {
  const scratch = mkdtempSync(join(tmpdir(), 'rtbench-sample-'));
  try {
    const command = ['run', '--out', join(scratch, 'out'), '--no-ui'];
    const { status, stdout } = spawnSync(process.execPath, [cli, ...command], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
      // The command that the report names must not hold a folder of this machine.
      env: { ...process.env, CI: 'true' },
    });
    if (status !== 0) throw new Error(`rtbench run ended with ${status}: no sample was made\n${stdout}`);
    const text = readFileSync(join(scratch, 'out', 'result.json'), 'utf8');
    mkdirSync(path('reports/sample'), { recursive: true });
    replace(sample('result.json'), text.replace(/"command": ".*"/, '"command": "rtbench run"'));
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

/** @param {string} format @returns {string} */
function rendered(format) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [cli, 'report', 'reports/sample/result.json', '--format', format],
    { encoding: 'utf8', cwd: path('.'), maxBuffer: 2 ** 26 },
  );
  if (status !== 0) throw new Error(`rtbench report --format ${format} ended with ${status}\n${stderr}`);
  return stdout;
}

/** @param {string} table */
function replaceTable(table) {
  const readme = readFileSync(path('README.md'), 'utf8');
  const from = readme.indexOf(BEGIN);
  const to = readme.indexOf(END, from);
  if (from < 0 || to < 0) throw new Error('README.md has no place for the sample');
  replace(path('README.md'), readme.slice(0, from) + BEGIN + table + readme.slice(to));
}

/** @param {string} file @param {string | Buffer} content */
function replace(file, content) {
  writeFileSync(`${file}.part`, content);
  renameSync(`${file}.part`, file);
}

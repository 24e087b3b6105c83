// @ts-check
/** The pictures of the sample: its page in both themes, and a frame of the live view. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { AnsiUp } from 'ansi_up';
import { chromium } from 'playwright-core';
import { findChromium } from '../dist/load/browser/chromium.js';

const COLUMNS = 100;
const ROWS = 34;
/** Rows that are done when the frame is taken. */
const DONE = 4;

/**
 * A run with its live view in a terminal of tmux, and what stands on the screen in the middle of it, colours included.
 *
 * @param {string} cli the built command
 * @returns {Promise<string>}
 */
export async function recordLiveFrame(cli) {
  const scratch = mkdtempSync(join(tmpdir(), 'rtbench-frame-'));
  const server = `rtbench-frame-${process.pid}`;
  const tmux = (/** @type {string[]} */ ...args) => {
    const { status, stdout, stderr } = spawnSync('tmux', ['-L', server, ...args], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`tmux ${args.join(' ')}: ${stderr}; install it with apt-get install tmux`);
    return stdout;
  };
  try {
    const env = `env -i PATH='${process.env.PATH}' HOME='${scratch}' TERM=screen-256color LANG=C.UTF-8`;
    const command = `${env} '${process.execPath}' '${cli}' run --rounds 1 --out result; exec cat`;
    const size = ['-x', String(COLUMNS), '-y', String(ROWS)];
    tmux('-f', '/dev/null', 'new-session', '-d', '-s', 'frame', ...size, '-c', scratch, 'sh', '-c', command);
    for (;;) {
      const text = tmux('capture-pane', '-p', '-t', 'frame');
      if (isInTheMiddle(text)) return tmux('capture-pane', '-e', '-p', '-t', 'frame');
      if (/Saved|rtbench:/.test(text)) throw new Error(`the run was over before the frame could be taken:\n${text}`);
      await delay(200);
    }
  } finally {
    spawnSync('tmux', ['-L', server, 'kill-server']);
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Some rows are done, and another has a latency of its own: half of what it has to deliver is there. @param {string} text */
function isInTheMiddle(text) {
  const rowsDone = text.split('\n').filter((line) => line.trimStart().startsWith('✓')).length;
  const [, delivered = '0', expected = '0'] = /delivered ([\d,]+) of ([\d,]+)/.exec(text) ?? [];
  const count = (/** @type {string} */ written) => Number(written.replaceAll(',', ''));
  return rowsDone >= DONE && text.includes('· measuring') && count(delivered) > count(expected) / 2;
}

/**
 * Pictures of a page and of a frame, as PNG: what a screen shows at first.
 *
 * @param {{ page: string, frame: string }} files
 * @param {(name: string, picture: Buffer) => void} save
 */
export async function takePictures({ page, frame }, save) {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error('pictures take a Chromium: apt-get install chromium');
  const browser = await chromium.launch({
    executablePath,
    chromiumSandbox: process.getuid?.() !== 0 && process.platform === 'linux',
  });
  try {
    for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
      const context = await browser.newContext({ colorScheme, viewport: { width: 1_200, height: 1_100 } });
      const opened = await context.newPage();
      await opened.goto(pathToFileURL(page).href);
      save(`report-${colorScheme}.png`, await opened.screenshot());
      await context.close();
    }
    if (!existsSync(frame)) return;
    const opened = await browser.newPage({ viewport: { width: 900, height: 400 } });
    await opened.setContent(terminalPage(readFileSync(frame, 'utf8')));
    save('live.png', await opened.locator('pre').screenshot());
  } finally {
    await browser.close();
  }
}

/** @param {string} ansi */
function terminalPage(ansi) {
  const converter = new AnsiUp();
  const lines = ansi.trimEnd().split('\n');
  return `<!doctype html><meta charset="utf-8"><style>
    body { margin: 0; background: #16181d }
    pre { display: inline-block; margin: 0; padding: 16px 20px; background: #16181d; color: #d7dae0;
      font: 14px/1.17 "DejaVu Sans Mono", monospace }
  </style><pre>${converter.ansi_to_html(lines.join('\n'))}</pre>`;
}

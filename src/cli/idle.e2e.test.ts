import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseIdleReport } from '../report/idle-file.js';
import { Cli, rtbench, withFolder } from '../testing/cli.js';

const QUICK = ['--interval', '200ms', '--watch', '2s', '--idle-timeouts', '100ms,1s', '--clients', '2'];

test('idle measures heartbeats, prints them, and prints them again', () =>
  withFolder(async (folder) => {
    const out = join(folder, 'out');
    const markdown = join(folder, 'idle.md');
    const args = ['idle', '-t', 'websocket', ...QUICK, '--out', out, '--markdown', markdown];
    const { code, stdout, stderr } = await rtbench(args);
    expect(code).toBe(0);
    const report = parseIdleReport(await readFile(join(out, 'idle.json'), 'utf8'), 'idle.json');
    expect(report?.transports.map(({ heartbeat, bytes }) => [heartbeat.everyMs, bytes?.up, bytes?.down])).toEqual([
      [200, 36, 12],
      [null, 0, 0],
    ]);
    expect(stdout).toMatch(/WebSocket, as/);
    expect(stderr).toMatch(/\[2\/2\] WebSocket · no heartbeat/);
    expect(await readFile(markdown, 'utf8')).toMatch(/\| WebSocket \| ping and pong \| 200 ms \|.*\| 19 \| 394 \|/);
    const again = await rtbench(['report', join(out, 'idle.json')]);
    expect([again.code, stdout.startsWith(again.stdout)]).toEqual([0, true]);
  }));

test('Ctrl-C ends it with 130 and keeps what was measured', () =>
  withFolder(async (folder) => {
    const out = join(folder, 'out');
    const cli = new Cli(['idle', '-t', 'tcp', '-t', 'websocket', ...QUICK, '--out', out]);
    await cli.shows(/\[1\/3\]/);
    cli.kill('SIGINT');
    const { code } = await cli.finished();
    expect(code).toBe(130);
    const report = parseIdleReport(await readFile(join(out, 'idle.json'), 'utf8'), 'idle.json');
    expect([report?.interrupted, report?.transports[0]?.transport]).toEqual([true, 'tcp']);
  }));

test('wrong input names the flag, the value and the accepted form, all at once', () =>
  withFolder(async (folder) => {
    const wrong = ['--interval', '5', '--idle-timeouts', '1s,soon', '--clients', '0'];
    const { code, stderr } = await rtbench(['idle', ...wrong], { cwd: folder });
    expect([code, await readdir(folder)]).toEqual([2, []]);
    expect(stderr).toMatch(/--interval: must be a time from 100 ms to 1 min with a unit such as 500ms, got `5`/);
    expect(stderr).toMatch(/--idle-timeouts: .* got `soon`/);
    expect(stderr).toMatch(/--clients: must be a whole number from 1 to 200, got `0`/);
  }));

import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openSubstitutes, parsePackageWish } from './substitutes.js';

describe('a package and its version', () => {
  it.each([
    ['ws=8.18.0', 'ws', '8.18.0'],
    ['@grpc/grpc-js=^1.12', '@grpc/grpc-js', '^1.12'],
    ['ws=./mine', 'ws', './mine'],
    ['ws=/opt/ws', 'ws', '/opt/ws'],
    ['ws=.', 'ws', '.'],
  ])('are read from %s', (text, name, from) => {
    expect(parsePackageWish(text, '--head-with')).toEqual({ name, from, flag: '--head-with' });
  });

  it.each(['ws', 'ws=', '=8', 'ws=8; rm -rf /', 'ws=$(id)', 'ws=a b'])('are refused where they are not: %s', (text) => {
    expect(() => parsePackageWish(text, '--head-with')).toThrow(/^--head-with: .* is not a package and its version/);
  });
});

describe('packages of a side', () => {
  it('are the folder that is asked for, and as installed here what is not', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'rtbench-test-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    await writeFile(join(folder, 'package.json'), '{ "name": "ws", "version": "99.0.0" }');
    const sides = await openSubstitutes([parsePackageWish(`ws=${folder}`, '--head-with')], ['ws', 'undici']);
    const root = fileURLToPath(sides.nodeFlags[0]?.slice('--import='.length) ?? '');
    expect(sides.versions).toMatchObject({
      ws: `99.0.0 (${folder})`,
      undici: expect.stringMatching(/^\d+\.\d+\.\d+$/),
    });
    expect(sides.nodeFlags).toEqual([
      expect.stringMatching(/^--import=file:.*register\.ts\?root=.*&package=ws&package=undici$/),
    ]);
    expect(existsSync(root)).toBe(true);
    await sides.close();
  });

  it('are refused where there is no such folder, or nothing is installed', async () => {
    const wish = parsePackageWish('ws=./no-such-folder', '--head-with');
    await expect(openSubstitutes([wish], ['ws'])).rejects.toThrow(/^--head-with: .* there is no package\.json in/);
    await expect(openSubstitutes([], ['no-such-package'])).rejects.toThrow(/no-such-package is not installed here/);
  });
});

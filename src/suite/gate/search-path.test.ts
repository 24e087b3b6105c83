import { mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { rerootedPath } from './search-path.js';

const FROM = '/home/me/project';
const TO = '/tmp/checkout';

const pathOf = (...entries: readonly string[]) => entries.join(delimiter);

it('moves what lies in the folder, and nothing else', () => {
  const path = pathOf(`${FROM}/node_modules/.bin`, FROM, `${FROM}-2/bin`, '/home/me/bin', './bin', '', '/usr/bin');
  expect(rerootedPath({ PATH: path }, FROM, TO)).toEqual({
    PATH: pathOf(`${TO}/node_modules/.bin`, TO, `${FROM}-2/bin`, '/home/me/bin', './bin', '', '/usr/bin'),
  });
});

it('knows it by the name that the system gives it', () => {
  expect(rerootedPath({ Path: `${FROM}/bin` }, FROM, TO)).toEqual({ Path: `${TO}/bin` });
  expect(rerootedPath({}, FROM, TO)).toEqual({});
});

it('moves what leads there by a link, and what is a link to elsewhere', () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'rtbench-test-')));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  symlinkSync('/usr', join(folder, 'modules'));
  symlinkSync(folder, join(folder, 'link'));
  const path = pathOf(join(folder, 'modules/bin'), join(folder, 'link'));
  expect(rerootedPath({ PATH: path }, folder, TO)).toEqual({ PATH: pathOf(join(TO, 'modules/bin'), join(TO, 'link')) });
  const outside = mkdtempSync(join(tmpdir(), 'rtbench-test-'));
  onTestFinished(() => rmSync(outside, { recursive: true }));
  symlinkSync(folder, join(outside, 'project'));
  expect(rerootedPath({ PATH: join(outside, 'project') }, folder, TO)).toEqual({ PATH: TO });
});

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listScenarios, loadScenario } from '../scenario/load.js';
import { withFolder } from '../testing/cli.js';
import { choiceAsYaml, saveChoice } from './wizard-file.js';

const AS_IS = { transports: [], values: {} };

describe('a choice that is saved', () => {
  it.each(listScenarios().map(({ name }) => name))(
    '%s as it stands is the same scenario, by another name',
    async (name) => {
      await withFolder(async (folder) => {
        const path = join(folder, 'mine.yaml');
        await saveChoice({ scenario: name, ...AS_IS }, path);
        const [saved, shipped] = [loadScenario(path), loadScenario(name)];
        expect(saved.scenario).toEqual({ ...shipped.scenario, name: 'mine' });
        expect(saved.transports.map(({ spec }) => spec)).toEqual(shipped.transports.map(({ spec }) => spec));
      });
    },
  );

  it('has what was changed, as flags would change it', async () => {
    await withFolder(async (folder) => {
      const path = join(folder, 'mine.yaml');
      const values = { clients: '3', rate: '50/s', duration: '1s', rounds: '1' };
      const transports = ['sse', 'short-polling:intervalMs=200ms'];
      await saveChoice({ scenario: 'default', transports, values }, path);
      const saved = loadScenario(path);
      expect(saved.scenario).toEqual({ ...loadScenario('default', values).scenario, name: 'mine' });
      expect(saved.transports.map(({ spec }) => spec)).toEqual(transports);
    });
  });

  it('never takes the place of a file, and is a YAML file', async () => {
    await withFolder(async (folder) => {
      const path = join(folder, 'mine.yaml');
      await writeFile(path, 'kept');
      await expect(saveChoice({ scenario: 'default', ...AS_IS }, path)).rejects.toThrow('there is a file');
      expect(await readFile(path, 'utf8')).toBe('kept');
      await expect(saveChoice({ scenario: 'default', ...AS_IS }, join(folder, 'mine.txt'))).rejects.toThrow('.yaml');
      await expect(saveChoice({ scenario: 'default', ...AS_IS }, join(folder, 'no', 'mine.yaml'))).rejects.toThrow(
        'cannot be written',
      );
    });
  });

  it('says where it comes from, and gives no reason for a value that is another now', () => {
    const text = choiceAsYaml({ scenario: 'default', transports: [], values: { clients: '7' } });
    expect(text).toMatch(/^# Made from the scenario "default"/);
    expect(text.match(/#/g)).toHaveLength(1);
  });
});

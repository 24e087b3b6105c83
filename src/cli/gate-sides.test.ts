import { expect, it } from 'vitest';
import { closeAll } from './gate-sides.js';

it('closes all, whatever goes wrong with one of them', async () => {
  const closed: string[] = [];
  const sideThat = (name: string, problem?: string) => ({
    async close() {
      closed.push(name);
      if (problem !== undefined) throw new Error(problem);
    },
  });
  await expect(closeAll([sideThat('base', 'busy'), sideThat('head', 'gone')])).rejects.toThrow('busy; gone');
  await closeAll([sideThat('base'), sideThat('head')]);
  expect(closed).toEqual(['base', 'head', 'base', 'head']);
});

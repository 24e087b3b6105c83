import { expect, it } from 'vitest';
import { scenarioJsonSchema } from './json-schema.js';

it('is what schemas/scenario.schema.json holds (vitest -u rewrites it)', async () => {
  const json = `${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`;
  await expect(json).toMatchFileSnapshot('../../schemas/scenario.schema.json');
});

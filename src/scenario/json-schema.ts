import { z } from 'zod';
import { scenarioFileSchema } from './schema.js';

/** JSON Schema of a scenario file as a user writes it, for editors. */
export function scenarioJsonSchema(): object {
  const { $schema, ...schema } = z.toJSONSchema(scenarioFileSchema, { io: 'input' });
  return { $schema, title: 'rtbench scenario', ...schema };
}

import { z } from 'zod';
import { reportSchema } from './schema.js';

/** The JSON Schema (draft 2020-12) of `result.json`. */
export function reportJsonSchema(): z.core.JSONSchema.BaseSchema {
  return z.toJSONSchema(reportSchema, { io: 'input' });
}

import { z } from 'zod';
import { adviceSchema } from './advice/schema.js';
import { baselineSchema } from './baseline/schema.js';
import { browserLimitsSchema } from './browser-limits-schema.js';
import { capacityReportSchema } from './capacity/schema.js';
import { comparisonReportSchema } from './compare/schema.js';
import { costReportSchema } from './cost-schema.js';
import { noiseReportSchema } from './gate/noise-schema.js';
import { gateReportSchema } from './gate/schema.js';
import { herdReportSchema } from './herd-schema.js';
import { idleReportSchema } from './idle-schema.js';
import { matrixReportSchema } from './matrix/schema.js';
import { proxiesReportSchema } from './proxies/schema.js';
import { reportSchema } from './schema.js';
import { sweepReportSchema } from './sweep/schema.js';

/** The JSON Schema (draft 2020-12) of `result.json`. */
export function reportJsonSchema(): z.core.JSONSchema.BaseSchema {
  return z.toJSONSchema(reportSchema, { io: 'input' });
}

/** The JSON Schema (draft 2020-12) of `cost.json`. */
export function costJsonSchema(): z.core.JSONSchema.BaseSchema {
  return z.toJSONSchema(costReportSchema, { io: 'input' });
}

/** The JSON Schema (draft 2020-12) of `herd.json`. */
export function herdJsonSchema(): z.core.JSONSchema.BaseSchema {
  return z.toJSONSchema(herdReportSchema, { io: 'input' });
}

/** The JSON Schema (draft 2020-12) of `proxies.json`. */
export function proxiesJsonSchema(): z.core.JSONSchema.BaseSchema {
  return z.toJSONSchema(proxiesReportSchema, { io: 'input' });
}

/** The JSON Schema (draft 2020-12) of `matrix.json`. */
export function matrixJsonSchema(): z.core.JSONSchema.BaseSchema {
  return z.toJSONSchema(matrixReportSchema, { io: 'input' });
}

/** The JSON Schema (draft 2020-12) of `idle.json`. */
export function idleJsonSchema(): z.core.JSONSchema.BaseSchema {
  return z.toJSONSchema(idleReportSchema, { io: 'input' });
}

/** The JSON Schema (draft 2020-12) of `browser.json`. */
export function browserJsonSchema(): z.core.JSONSchema.BaseSchema {
  return z.toJSONSchema(browserLimitsSchema, { io: 'input' });
}

/** The JSON Schema (draft 2020-12) of `sweep.json`. */
export function sweepJsonSchema(): z.core.JSONSchema.BaseSchema {
  return z.toJSONSchema(sweepReportSchema, { io: 'input' });
}

/** The JSON Schema (draft 2020-12) of `capacity.json`. */
export function capacityJsonSchema(): z.core.JSONSchema.BaseSchema {
  return z.toJSONSchema(capacityReportSchema, { io: 'input' });
}

/** The JSON Schema (draft 2020-12) of what `rtbench compare --json` writes. */
export function comparisonJsonSchema(): z.core.JSONSchema.BaseSchema {
  return z.toJSONSchema(comparisonReportSchema, { io: 'input' });
}

/** The JSON Schema (draft 2020-12) of what `rtbench advise --json` writes. */
export function adviceJsonSchema(): z.core.JSONSchema.BaseSchema {
  return z.toJSONSchema(adviceSchema, { io: 'input' });
}

/** The JSON Schema (draft 2020-12) of a baseline. */
export function baselineJsonSchema(): z.core.JSONSchema.BaseSchema {
  return z.toJSONSchema(baselineSchema, { io: 'input' });
}

/** The JSON Schema (draft 2020-12) of `gate.json`. */
export function gateJsonSchema(): z.core.JSONSchema.BaseSchema {
  return z.toJSONSchema(gateReportSchema, { io: 'input' });
}

/** The JSON Schema (draft 2020-12) of `noise.json`. */
export function noiseJsonSchema(): z.core.JSONSchema.BaseSchema {
  return z.toJSONSchema(noiseReportSchema, { io: 'input' });
}

import { describe, expect, it } from 'vitest';
import {
  adviceJsonSchema,
  baselineJsonSchema,
  browserJsonSchema,
  capacityJsonSchema,
  comparisonJsonSchema,
  costJsonSchema,
  gateJsonSchema,
  herdJsonSchema,
  idleJsonSchema,
  matrixJsonSchema,
  noiseJsonSchema,
  proxiesJsonSchema,
  reportJsonSchema,
  sweepJsonSchema,
} from './json-schema.js';
import { reportSchema } from './schema.js';

describe('reportJsonSchema', () => {
  it('describes every part of a report', () => {
    const schema = reportJsonSchema();
    expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema');
    expect(Object.keys(schema.properties ?? {})).toEqual(Object.keys(reportSchema.shape));
    // What results of earlier versions lack has a default, or may be absent.
    const added = ['unreachable', 'network', 'target', 'guide', 'expectations'];
    expect(schema.required).toEqual(Object.keys(reportSchema.shape).filter((key) => !added.includes(key)));
  });

  it('is what schemas/result.schema.json holds (vitest -u rewrites it)', async () => {
    const json = `${JSON.stringify(reportJsonSchema(), null, 2)}\n`;
    await expect(json).toMatchFileSnapshot('../../schemas/result.schema.json');
  });

  it('is plain JSON', () => {
    const schema = reportJsonSchema();
    expect(JSON.parse(JSON.stringify(schema))).toEqual(schema);
  });
});

describe('costJsonSchema', () => {
  it('is what schemas/cost.schema.json holds (vitest -u rewrites it)', async () => {
    const json = `${JSON.stringify(costJsonSchema(), null, 2)}\n`;
    await expect(json).toMatchFileSnapshot('../../schemas/cost.schema.json');
  });
});

describe('herdJsonSchema', () => {
  it('is what schemas/herd.schema.json holds (vitest -u rewrites it)', async () => {
    const json = `${JSON.stringify(herdJsonSchema(), null, 2)}\n`;
    await expect(json).toMatchFileSnapshot('../../schemas/herd.schema.json');
  });
});

describe('proxiesJsonSchema', () => {
  it('is what schemas/proxies.schema.json holds (vitest -u rewrites it)', async () => {
    const json = `${JSON.stringify(proxiesJsonSchema(), null, 2)}\n`;
    await expect(json).toMatchFileSnapshot('../../schemas/proxies.schema.json');
  });
});

describe('idleJsonSchema', () => {
  it('is what schemas/idle.schema.json holds (vitest -u rewrites it)', async () => {
    const json = `${JSON.stringify(idleJsonSchema(), null, 2)}\n`;
    await expect(json).toMatchFileSnapshot('../../schemas/idle.schema.json');
  });
});

describe('browserJsonSchema', () => {
  it('is what schemas/browser.schema.json holds (vitest -u rewrites it)', async () => {
    const json = `${JSON.stringify(browserJsonSchema(), null, 2)}\n`;
    await expect(json).toMatchFileSnapshot('../../schemas/browser.schema.json');
  });
});

describe('sweepJsonSchema', () => {
  it('is what schemas/sweep.schema.json holds (vitest -u rewrites it)', async () => {
    const json = `${JSON.stringify(sweepJsonSchema(), null, 2)}\n`;
    await expect(json).toMatchFileSnapshot('../../schemas/sweep.schema.json');
  });
});

describe('capacityJsonSchema', () => {
  it('is what schemas/capacity.schema.json holds (vitest -u rewrites it)', async () => {
    const json = `${JSON.stringify(capacityJsonSchema(), null, 2)}\n`;
    await expect(json).toMatchFileSnapshot('../../schemas/capacity.schema.json');
  });
});

describe('matrixJsonSchema', () => {
  it('is what schemas/matrix.schema.json holds (vitest -u rewrites it)', async () => {
    const json = `${JSON.stringify(matrixJsonSchema(), null, 2)}\n`;
    await expect(json).toMatchFileSnapshot('../../schemas/matrix.schema.json');
  });
});

describe('comparisonJsonSchema', () => {
  it('is what schemas/comparison.schema.json holds (vitest -u rewrites it)', async () => {
    const json = `${JSON.stringify(comparisonJsonSchema(), null, 2)}\n`;
    await expect(json).toMatchFileSnapshot('../../schemas/comparison.schema.json');
  });
});

describe('adviceJsonSchema', () => {
  it('is what schemas/advice.schema.json holds (vitest -u rewrites it)', async () => {
    const json = `${JSON.stringify(adviceJsonSchema(), null, 2)}\n`;
    await expect(json).toMatchFileSnapshot('../../schemas/advice.schema.json');
  });
});

describe('baselineJsonSchema', () => {
  it('is what schemas/baseline.schema.json holds (vitest -u rewrites it)', async () => {
    const json = `${JSON.stringify(baselineJsonSchema(), null, 2)}\n`;
    await expect(json).toMatchFileSnapshot('../../schemas/baseline.schema.json');
  });
});

describe('gateJsonSchema', () => {
  it('is what schemas/gate.schema.json holds (vitest -u rewrites it)', async () => {
    const json = `${JSON.stringify(gateJsonSchema(), null, 2)}\n`;
    await expect(json).toMatchFileSnapshot('../../schemas/gate.schema.json');
  });
});

describe('noiseJsonSchema', () => {
  it('is what schemas/noise.schema.json holds (vitest -u rewrites it)', async () => {
    const json = `${JSON.stringify(noiseJsonSchema(), null, 2)}\n`;
    await expect(json).toMatchFileSnapshot('../../schemas/noise.schema.json');
  });
});

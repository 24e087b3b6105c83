import { z } from 'zod';
import { MIDDLEBOXES, type MiddleboxName } from '../scenario/via.js';

const count = z.number().int().nonnegative();
const figure = z.number().nullable();
const names = Object.keys(MIDDLEBOXES) as MiddleboxName[];

/** What a run goes through, as it was asked for. */
export const viaSchema = z
  .union([
    z.literal('browser'),
    z.object({
      middlebox: z.enum(names),
      configuration: z.string().describe('documented: as its documentation says for the technique; default; or a mode'),
    }),
  ])
  .nullable()
  .default(null)
  .describe('browser: the probes are pages of a browser; else the proxy between clients and server');

/** The proxy that stood between clients and server. */
export const proxySoftwareSchema = z
  .object({ name: z.string(), title: z.string(), version: z.string().nullable().describe('null: bundled') })
  .nullable()
  .default(null)
  .describe('null: nothing of that kind stood between clients and server');

/** What a proxy did in a round, or in all rounds of a row. */
export const proxySchema = z
  .object({
    lines: z.array(z.string()).describe('of its configuration, for this technique; none: as it is by default'),
    connections: z.object({
      run: count.describe('that it opened to the server, from the first connect on'),
      window: count.describe('of these, in the window: more than none where it does not keep and reuse them'),
    }),
    cpuUsPerMessage: figure.describe('CPU of its processes in the window per delivery'),
    cpuShare: figure.describe('of one core'),
    memoryBytes: figure.describe('of its processes at the end of the window, what they share counted once (PSS)'),
  })
  .describe('with a proxy: bytes and connections of the server are those between it and the server');

export type ProxyFigures = z.infer<typeof proxySchema>;

import { z } from 'zod';
import { identityShape, madeShape, scenarioSchema, verdictSchema } from '../schema.js';

/** `matrix.json`, schema version 1. As in `result.json`, what was not measured is `null` with a reason. */
export const MATRIX_SCHEMA_VERSION = 1;

const count = z.number().int().nonnegative();
const figure = z.number().nullable();

const cellSchema = z.object({
  ...identityShape,
  state: z.enum(['completed', 'aborted', 'failed']),
  verdict: verdictSchema,
  reasons: z.array(z.string()),
  rounds: count.describe('that ran to their end'),
  tolerance: z
    .enum(['within', 'borderline', 'over', 'unknown'])
    .describe('p99 against the tolerated delay: within it in every round, in some, in none; unknown: no sound p99'),
  p99Us: z
    .object({ value: figure, low: figure, high: figure })
    .describe('with the range of the rounds, or its interval'),
  serverCpuUsPerDelivery: figure.describe('median of the rounds'),
  bytesPerDelivery: figure.describe('both directions, median of the rounds'),
  notMeasured: z.record(z.string(), z.string()).describe('path of a null → why it is null'),
});

const decidedBy = z.enum(['serverCpu', 'bytes', 'alone', 'tie']);

export const matrixReportSchema = z.object({
  schemaVersion: z.literal(MATRIX_SCHEMA_VERSION),
  kind: z.literal('matrix'),
  ...madeShape,
  rule: z.string().describe('what cheapest means here'),
  scenarios: z.array(
    z.object({
      scenario: scenarioSchema,
      guide: z.object({
        name: z.string().describe('the use case in the words of the guide'),
        recommends: z.array(z.string()),
        transports: z.array(z.string()).describe('the transports measured for what it recommends'),
        why: z.string(),
      }),
      state: z.enum(['measured', 'partly', 'notMeasured']).describe('partly: interrupted'),
      result: z.string().nullable().describe('its result.json, from the folder of the matrix; null: there is none'),
      verdict: verdictSchema.nullable().describe('of all its rows together; null: not measured'),
      cells: z.array(cellSchema).describe('in the order of the columns'),
      cheapest: z
        .object({
          by: decidedBy.describe(
            'alone: nothing else is within the tolerated delay; tie: nothing tells those within it apart',
          ),
          labels: z.array(z.string()).describe('more than one: the rounds do not tell them apart'),
        })
        .nullable()
        .describe('of the rows within tolerance that a browser reaches; null: none, or the rounds are too few'),
      agreement: z.object({
        kind: z
          .enum(['agrees', 'cheaper', 'misses', 'undecided'])
          .describe(
            'agrees: the choice of the guide is within tolerance and among the cheapest; cheaper: something else is; misses: it is not within tolerance',
          ),
        cheaper: z
          .object({ label: z.string(), than: z.string(), by: z.enum(['serverCpu', 'bytes']), ratio: z.number() })
          .nullable()
          .describe('ratio: what the choice of the guide costs over what this one does, within rounds'),
        misses: z
          .array(z.string())
          .describe('labels of choices of the guide that are not within tolerance in every round'),
        reason: z.string().nullable().describe('why undecided'),
      }),
    }),
  ),
});

export type MatrixReport = z.infer<typeof matrixReportSchema>;
export type MatrixScenario = MatrixReport['scenarios'][number];
export type MatrixCell = MatrixScenario['cells'][number];
export type Agreement = MatrixScenario['agreement'];

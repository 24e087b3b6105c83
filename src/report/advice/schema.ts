import { z } from 'zod';
import { VARIABLES } from '../../scenario/vary.js';
import { identityShape, madeShape } from '../schema.js';

/** What `rtbench advise --json` writes, schema version 1. What was not measured is `null`. */
export const ADVICE_SCHEMA_VERSION = 1;

const count = z.number().int().nonnegative();
const figure = z.number().nullable();
const { transport, label, settings } = identityShape;
const named = z.object({ transport, label, settings });
const { tool, startedAt, command } = madeShape;

const guideAnswer = z.object({
  key: z.string(),
  number: count.describe("from 1, in the guide's order"),
  question: z.string(),
  says: z.string().describe('what the guide says to a yes'),
});

const option = named.extend({
  place: count
    .nullable()
    .describe('from 1, the same for those that are not told apart; null: it cannot be chosen, and `reason` says why'),
  reason: z.string(),
  tolerance: z
    .enum(['within', 'borderline', 'over', 'unknown'])
    .nullable()
    .describe('p99 against the tolerated delay; null, as the figures: not measured, or not soundly'),
  p99Us: figure,
  serverCpuUsPerMessage: figure.describe('of a delivery'),
  bytesPerMessage: figure.describe('of a delivery, both directions'),
});

const loadDocument = z.object({
  kind: z.enum(['sweep', 'capacity']),
  about: z.enum(VARIABLES).describe('what was varied, or searched for'),
  file: z.string(),
  startedAt: z.string().describe('ISO 8601'),
  command: z.string().describe('the command that measures it again'),
  apart: z.array(z.string()).describe('what differs from `evidence`, beside what was varied'),
});

export const adviceSchema = z.object({
  schemaVersion: z.literal(ADVICE_SCHEMA_VERSION),
  kind: z.literal('advice'),
  tool,
  startedAt: startedAt.describe('when it was asked, ISO 8601'),
  command: command.describe('the command that asks again'),
  scenario: z
    .object({ name: z.string(), title: z.string() })
    .nullable()
    .describe('that answers come from; null: none was named'),
  toleratesMs: z.number().describe('as in life'),
  answers: z.array(
    z.object({
      key: z.string(),
      number: count.nullable().describe("the guide's; null: not one of its five"),
      question: z.string(),
      yes: z.boolean(),
      answer: z.string().describe('in words: `yes, 2 s`'),
      source: z.enum(['given', 'scenario', 'assumed']),
    }),
  ),
  guide: z.object({
    decides: guideAnswer.describe('the question that decides, and what the guide says to it'),
    others: z.array(guideAnswer).describe('the others that are answered with yes'),
    means: z
      .array(named)
      .describe(
        'what it means, of what ships: by its table of use cases where that has the scenario, else by `decides`',
      ),
    useCase: z
      .object({ name: z.string(), recommends: z.array(z.string()), why: z.string() })
      .nullable()
      .describe('what that table says; null: the scenario is not in it, or was changed by an answer'),
  }),
  basis: z.enum(['facts', 'measurement']),
  advised: z
    .array(named)
    .describe('several: not told apart; none: nothing that was measured is in time, or nothing can do it'),
  because: z.string(),
  agreement: z
    .object({
      state: z.enum(['agrees', 'contradicted', 'open']).describe('open: what was measured cannot say'),
      because: z.string().describe('with the figures'),
    })
    .nullable()
    .describe('how the measured advice stands to what the guide means; null: nothing was measured'),
  runnerUp: z
    .object({ transports: z.array(named), because: z.string() })
    .nullable()
    .describe('null: nothing else is in time'),
  inFavour: z.array(z.string()),
  against: z.array(z.string()),
  changes: z.array(z.string()).describe('what would change the answer, and what of that was not measured'),
  options: z.array(option).describe('in the order of the advice, those that cannot be chosen last'),
  evidence: z
    .object({
      file: z.string(),
      startedAt: z.string(),
      command: z.string().describe('the command that measures it again'),
      operatingPoint: z.string(),
      rounds: count,
      environment: z.object({ cpu: z.string(), cores: z.number(), node: z.string() }),
    })
    .nullable()
    .describe('the result it rests on; null: it rests on facts'),
  loads: z.array(loadDocument).describe('what was measured at other loads'),
  notes: z.array(z.string()),
  toMeasure: z.string().describe('the command that asks the same and measures it'),
});

/** Made, it changes no more. */
type Frozen<Value> = Value extends object ? { readonly [Key in keyof Value]: Frozen<Value[Key]> } : Value;

/** The answer, with everything it rests on. */
export type Advice = Frozen<z.infer<typeof adviceSchema>>;

/** A transport with its settings. */
export type Named = Frozen<z.infer<typeof named>>;

/** A transport that might have been advised. */
export type Option = Frozen<z.infer<typeof option>>;

/** A document that the advice has read about other loads. */
export type AdviceLoad = Frozen<z.infer<typeof loadDocument>>;

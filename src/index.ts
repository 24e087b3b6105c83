/** For programs that measure (docs/api.md), and for those that bring a transport of their own: the contract's types. */
export { type CompareOptions, compare } from './api/compare.js';
export { readReport } from './api/read-report.js';
export { type PlanKey, type PlanOptions, type RunControl, run } from './api/run.js';
export { UsageError } from './errors.js';
export type { Compared, ComparedVerdict, ComparisonReport } from './report/compare/schema.js';
export type { CompletedRow, Distribution, Report, ReportRow, RunResult, Verdict } from './report/schema.js';
export type { Plan, PlannedRun, Row, Scenario } from './scenario/scenario.js';
export type { TargetInput } from './scenario/target-schema.js';
export type { RunProgress, RunStep, SuiteEvent } from './suite/events.js';
export type * from './transports/transport.js';

/** Types for those who write a transport of their own or read a `result.json`. */
export type { CompletedRow, Distribution, Report, ReportRow, RunResult, Verdict } from './report/schema.js';
export type * from './transports/transport.js';

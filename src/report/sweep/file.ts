import { readerOf } from '../kind-file.js';
import { sweepReportSchema } from './schema.js';

/** Of the text of a `sweep.json`. */
export const parseSweepReport = readerOf('sweep', sweepReportSchema);

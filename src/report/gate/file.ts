import { readerOf } from '../kind-file.js';
import { gateReportSchema } from './schema.js';

/** Of the text of a `gate.json`. */
export const parseGateReport = readerOf('gate', gateReportSchema);

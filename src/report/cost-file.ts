import { costReportSchema } from './cost-schema.js';
import { readerOf } from './kind-file.js';

/** Of the text of a `cost.json`. */
export const parseCostReport = readerOf('cost', costReportSchema);

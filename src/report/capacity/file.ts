import { readerOf } from '../kind-file.js';
import { capacityReportSchema } from './schema.js';

/** Of the text of a `capacity.json`. */
export const parseCapacityReport = readerOf('capacity', capacityReportSchema);

import { idleReportSchema } from './idle-schema.js';
import { readerOf } from './kind-file.js';

/** Of the text of a `idle.json`. */
export const parseIdleReport = readerOf('idle', idleReportSchema);

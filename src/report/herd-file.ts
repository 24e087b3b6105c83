import { herdReportSchema } from './herd-schema.js';
import { readerOf } from './kind-file.js';

/** Of the text of a `herd.json`. */
export const parseHerdReport = readerOf('herd', herdReportSchema);

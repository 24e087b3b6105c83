import { readerOf } from '../kind-file.js';
import { matrixReportSchema } from './schema.js';

/** Of the text of a `matrix.json`. */
export const parseMatrixReport = readerOf('matrix', matrixReportSchema);

import { readerOf } from '../kind-file.js';
import { baselineSchema } from './schema.js';

/** Of the text of a baseline. */
export const parseBaseline = readerOf('baseline', baselineSchema);

import { readerOf } from '../kind-file.js';
import { adviceSchema } from './schema.js';

/** Of the text of what `rtbench advise --json` wrote. */
export const parseAdvice = readerOf('advice', adviceSchema);

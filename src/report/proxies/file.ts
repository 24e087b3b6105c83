import { readerOf } from '../kind-file.js';
import { proxiesReportSchema } from './schema.js';

/** Of the text of a `proxies.json`. */
export const parseProxiesReport = readerOf('proxies', proxiesReportSchema);

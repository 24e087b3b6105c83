import { browserLimitsSchema } from './browser-limits-schema.js';
import { readerOf } from './kind-file.js';

/** Of the text of a `browser.json`. */
export const parseBrowserLimits = readerOf('browser', browserLimitsSchema);

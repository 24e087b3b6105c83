// @ts-check
import { websocketWith } from './padded-websocket.js';

/** One byte more in each message. */
export default websocketWith(1);

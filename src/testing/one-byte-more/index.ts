import websocket from '../../transports/websocket/index.js';
import { oneByteMore } from './wrap.js';

export default oneByteMore(websocket);

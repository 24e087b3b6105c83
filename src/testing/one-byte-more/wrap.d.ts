import type { Transport } from '../../transports/transport.js';

export function oneByteMore(transport: Transport): Transport;

import type { TransportRegistry } from '../scenario/rows.js';
import { builtInTransports, loadTransport } from '../transports/index.js';

/** The transports that ship, by name. */
export const registry: TransportRegistry = {
  builtIn: new Map(builtInTransports.map(({ name, module }) => [name, module])),
  load: loadTransport,
};

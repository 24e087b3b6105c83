import type { TransportRegistry } from '../scenario/rows.js';
import { builtInTransports, harness, loadTransport } from '../transports/index.js';

/** The transports that ship, by name. */
export const registry: TransportRegistry = {
  builtIn: new Map(builtInTransports.map(({ name, module }) => [name, module])),
  load: loadTransport,
};

/** The instrument's own control, which is asked for by a flag and not by name. */
export const harnessRegistry: TransportRegistry = {
  builtIn: new Map([[harness.name, harness.module]]),
  load: loadTransport,
};

import { formatDurationMs } from '../units.js';
import { plainFigure } from './wording.js';

/** What says of itself how much faster than life it was carried out. */
export interface Scaled {
  readonly title: string;
  /** 1: as in life. */
  readonly scale: number;
}

/** The title of a scenario, which says so where its figures are scaled. */
export function titleOf({ title, scale }: Scaled): string {
  return scale === 1 ? title : `${title} (scaled: ${plainFigure(scale)} times as fast)`;
}

/** What a scaled second stands for, for a list of facts; empty where nothing is scaled. */
export function scaleFacts({ scale }: Pick<Scaled, 'scale'>): string[] {
  if (scale === 1) return [];
  return [
    `scaled: 1 s here stands for ${formatDurationMs(1_000 * scale)}, in rates, poll intervals and tolerated delay`,
  ];
}

/** What scaling does to the figures. */
export function scaleCaveats({ scale }: Pick<Scaled, 'scale'>): string[] {
  if (scale === 1) return [];
  const times = plainFigure(scale);
  return [
    `Scaled: the workload, the periods of transports and the tolerated delay are ${times} times as fast as in life; network, CPU and timeouts are not. So what they take weighs ${times} times as much against the tolerance, and CPU per delivery is that of a load ${times} times as high.`,
  ];
}

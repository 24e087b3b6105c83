/** The ends of a logarithmic axis, both above 0. */
export type Extent = readonly [low: number, high: number];

export function extentOf(values: readonly number[]): Extent {
  return [Math.min(...values), Math.max(...values)];
}

/** Of the way from the lower end to the upper one, in the logarithm; the middle where there is no way. */
export function shareOf(value: number, [low, high]: Extent): number {
  return high > low ? Math.log(value / low) / Math.log(high / low) : 0.5;
}

/** 1, 2 and 5 by powers of ten between the ends, powers of ten first: they are what such an axis is read by. */
export function roundValues([low, high]: Extent): number[] {
  const values: number[] = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++) {
    for (const digit of [1, 2, 5]) values.push(Number(`${digit}e${power}`));
  }
  return values.filter((value) => value > low && value < high).sort((a, b) => roundness(b) - roundness(a));
}

function roundness(value: number): number {
  return Number.isInteger(Number(Math.log10(value).toFixed(9))) ? 1 : 0;
}

/** The next of 1, 2 and 5 by powers of ten outside of each end, or the end itself where it is one. */
export function rounded([low, high]: Extent): Extent {
  const around = roundValues([low / 10, high * 10]);
  const below = around.filter((value) => value <= low);
  const above = around.filter((value) => value >= high);
  return [Math.max(...below), Math.min(...above)];
}

/**
 * Texts on one line, each in the middle of its column or as near as the line's end lets it. Earlier ones come first
 * where there is no room for all; every one has a space before it.
 */
export function placed(texts: readonly { readonly column: number; readonly text: string }[], width: number): string {
  const cells = Array.from({ length: width }, () => ' ');
  for (const { column, text } of texts) {
    const at = startOf(column, text, width);
    const free = cells.slice(Math.max(0, at - 1), at + text.length + 1).every((cell) => cell === ' ');
    if (free) cells.splice(at, text.length, ...text);
  }
  return cells.join('').trimEnd();
}

function startOf(column: number, text: string, width: number): number {
  return Math.max(0, Math.min(column - Math.floor(text.length / 2), width - text.length));
}

/** A latency in ms from µs, as short as a tick should be: `0.5`, `20`, `4.67`, `1,250`. */
export function tickMs(us: number): string {
  const ms = us / 1_000;
  return Number(ms.toPrecision(3)).toLocaleString('en-US', { maximumFractionDigits: 6 });
}

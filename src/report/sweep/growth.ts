import MultivariateLinearRegression from 'ml-regression-multivariate-linear';

/** How a figure grows: figure ∝ valueᵉ. 1: in proportion; 0: not at all; above 1: faster than in proportion. */
export interface Growth {
  readonly exponent: number;
  readonly standardError: number;
  readonly measurements: number;
}

/**
 * By ordinary least squares of the logarithms, because what is off by a share at a large value is so at a small one.
 *
 * @returns the reason where there is no exponent to be had.
 */
export function growthOf(
  points: readonly { readonly value: number; readonly figure: number | null }[],
): Growth | string {
  const known = points.flatMap(({ value, figure }) => (figure === null || figure <= 0 ? [] : [{ value, figure }]));
  const values = new Set(known.map(({ value }) => value)).size;
  if (values < 3) return `an exponent takes three different values with a figure above 0, there are ${values}`;
  const { weights, stdErrors } = new MultivariateLinearRegression(
    known.map(({ value }) => [Math.log(value)]),
    known.map(({ figure }) => [Math.log(figure)]),
  );
  return { exponent: weights[0]?.[0] ?? 0, standardError: stdErrors[0] ?? 0, measurements: known.length };
}

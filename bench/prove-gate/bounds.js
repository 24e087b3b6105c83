// @ts-check

/**
 * The share that so many of `of` do not exclude, one-sided at 95 % (Clopper and Pearson 1934): 0 of 60 is 4.9 %.
 *
 * @param {number} count
 * @param {number} of at least 1
 */
export function upperBound(count, of) {
  if (count >= of) return 1;
  let [low, high] = [count / of, 1];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (atMost(count, of, middle) > 0.05) low = middle;
    else high = middle;
  }
  return high;
}

/**
 * The same from below: 57 of 60 is 87.5 %.
 *
 * @param {number} count
 * @param {number} of at least 1
 */
export function lowerBound(count, of) {
  return 1 - upperBound(of - count, of);
}

/**
 * Probability of `count` or fewer.
 *
 * @param {number} count
 * @param {number} of
 * @param {number} share
 */
function atMost(count, of, share) {
  let term = (1 - share) ** of;
  let sum = term;
  for (let k = 1; k <= count; k++) {
    term *= ((of - k + 1) / k) * (share / (1 - share));
    sum += term;
  }
  return sum;
}

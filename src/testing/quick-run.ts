/** Flags of a run of seconds: 50 publishes, too few for a p99. */
export const QUICK = [
  '--rounds',
  '1',
  '--clients',
  '6',
  '--probes',
  '2',
  '--rate',
  '50/s',
  '--warmup',
  '200ms',
  '--duration',
  '1s',
];

import type { CompletedRow, CompletedRun } from './schema.js';

type Ip = NonNullable<CompletedRun['bytes']['ip']>;
type Volume = { bytes: number; packets: number };

/**
 * The IP layer of a row from its completed rounds: totals are summed, figures per message weighted by the deliveries of
 * their rounds. `null` where a round has none, or one of another source than the others.
 */
export function combineIp(runs: readonly CompletedRun[]): CompletedRow['bytes']['ip'] {
  const rounds = runs.flatMap(({ bytes: { ip }, delivery }) => (ip ? [{ ip, delivered: delivery.delivered }] : []));
  const source = rounds[0]?.ip.source;
  if (source === undefined || rounds.length < runs.length || rounds.some(({ ip }) => ip.source !== source)) return null;
  const total = (figure: (ip: Ip) => number | null) => sum(rounds.map(({ ip }) => figure(ip)));
  const perMessage = (figure: (ip: Ip) => number | null) => {
    const known = rounds.filter(({ ip }) => figure(ip) !== null);
    const delivered = known.reduce((all, round) => all + round.delivered, 0);
    return delivered > 0
      ? known.reduce((all, { ip, delivered: own }) => all + (figure(ip) ?? 0) * own, 0) / delivered
      : null;
  };
  return {
    source,
    bytes: total((ip) => ip.bytes),
    packets: total((ip) => ip.packets),
    retransmitted: total((ip) => ip.retransmitted),
    perMessage: {
      bytes: perMessage((ip) => ip.perMessage.bytes),
      packets: perMessage((ip) => ip.perMessage.packets),
    },
    phases: sumPhases(rounds.map(({ ip }) => ip.phases)),
  };
}

function sum(values: readonly (number | null)[]): number | null {
  return values.reduce<number | null>((all, value) => (all === null || value === null ? null : all + value), 0);
}

function sumPhases(rounds: readonly Ip['phases'][]): Ip['phases'] {
  const known = rounds.filter((phases) => phases !== null);
  if (known.length < rounds.length) return null;
  const phase = (name: keyof NonNullable<Ip['phases']>): Volume => ({
    bytes: known.reduce((all, phases) => all + phases[name].bytes, 0),
    packets: known.reduce((all, phases) => all + phases[name].packets, 0),
  });
  return {
    open: phase('open'),
    warmup: phase('warmup'),
    window: phase('window'),
    drain: phase('drain'),
    close: phase('close'),
  };
}

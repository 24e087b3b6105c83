import { middle, perDelivery, type Runs, total, totalOrNull, weighted } from './over-rounds.js';
import { combineIp } from './row-ip.js';
import type { CompletedRow } from './schema.js';

type Bytes = CompletedRow['bytes'];

/** A row's traffic from its rounds. */
export function combineBytes(runs: Runs): Bytes {
  const phase = (name: keyof Bytes['phases']) => ({
    up: total(runs, (run) => run.bytes.phases[name].up),
    down: total(runs, (run) => run.bytes.phases[name].down),
  });
  return {
    layer: runs[0].bytes.layer,
    side: runs[0].bytes.side,
    up: total(runs, (run) => run.bytes.up),
    down: total(runs, (run) => run.bytes.down),
    perMessage: {
      up: perDelivery(runs, (run) => run.bytes.perMessage.up),
      down: perDelivery(runs, (run) => run.bytes.perMessage.down),
    },
    perPublish: {
      up: weighted(
        runs,
        (run) => run.bytes.perPublish.up,
        (run) => run.delivery.published ?? 0,
      ),
      down: weighted(
        runs,
        (run) => run.bytes.perPublish.down,
        (run) => run.delivery.published ?? 0,
      ),
    },
    perUplink: {
      up: weighted(
        runs,
        (run) => run.bytes.perUplink.up,
        (run) => run.uplink?.sent ?? 0,
      ),
      down: weighted(
        runs,
        (run) => run.bytes.perUplink.down,
        (run) => run.uplink?.sent ?? 0,
      ),
    },
    phases: {
      open: phase('open'),
      warmup: phase('warmup'),
      window: phase('window'),
      drain: phase('drain'),
      close: phase('close'),
    },
    parts: sumParts(runs),
    projected: {
      gbPerMonth: medianTraffic(runs, 'gbPerMonth'),
      gbPerMonthPerClient: medianTraffic(runs, 'gbPerMonthPerClient'),
    },
    requests: {
      total: totalOrNull(runs, (run) => run.bytes.requests.total),
      empty: totalOrNull(runs, (run) => run.bytes.requests.empty),
    },
    messagesPerResponse: middle(runs, (run) => run.bytes.messagesPerResponse),
    frames: totalOrNull(runs, (run) => run.bytes.frames),
    ip: combineIp(runs),
  };
}

function sumParts(runs: Runs): Bytes['parts'] {
  if (runs.some((run) => run.bytes.parts === null)) return null;
  const part = (name: keyof NonNullable<Bytes['parts']>) => ({
    up: totalOrNull(runs, (run) => run.bytes.parts?.[name].up ?? null),
    down: totalOrNull(runs, (run) => run.bytes.parts?.[name].down ?? null),
  });
  return {
    payload: part('payload'),
    framing: part('framing'),
    headers: part('headers'),
    emptyPolls: part('emptyPolls'),
    heartbeats: part('heartbeats'),
    flowControl: part('flowControl'),
    opening: part('opening'),
  };
}

function medianTraffic(runs: Runs, key: keyof Bytes['projected']) {
  return {
    up: middle(runs, (run) => run.bytes.projected[key].up),
    down: middle(runs, (run) => run.bytes.projected[key].down),
  };
}

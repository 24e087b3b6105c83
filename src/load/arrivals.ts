import type { DeliveryTimes } from '../metrics/tally.js';
import type { Schedule } from './schedule.js';

/** Most cells that arrivals are kept for, 12 bytes each. */
export const MAX_ARRIVAL_CELLS = 4_000_000;

/**
 * When each message reached each client of this process and when it was due and sent: what a probe keeps so that
 * ages and the parts of latencies can be worked out when the run is over. Three stores a delivery.
 */
export class ArrivalLog {
  /** First cell of each client's slot, and one past its last: a cell for each message of its channel, in order. */
  readonly cellsFrom: Int32Array;
  readonly sequenceOfCell: Int32Array;
  /** By cell; NaN: it has not come. */
  readonly arrivedUs: Float64Array;
  /** By sequence number, as the message itself says; NaN: it has not come to any client. */
  readonly dueUs: Float64Array;
  /** By sequence number: how much later than due it was sent, as the message itself says. */
  readonly lagUs: Float64Array;

  constructor(schedule: Schedule, channelOfSlot: Int32Array, cellsFrom: Int32Array) {
    const cells = cellsFrom[channelOfSlot.length] ?? 0;
    this.cellsFrom = cellsFrom;
    this.sequenceOfCell = new Int32Array(cells);
    this.arrivedUs = new Float64Array(cells).fill(Number.NaN);
    this.dueUs = new Float64Array(schedule.channel.length).fill(Number.NaN);
    this.lagUs = new Float64Array(schedule.channel.length).fill(Number.NaN);
    const sequences = sequencesByChannel(schedule);
    for (const [slot, channel] of channelOfSlot.entries()) {
      this.sequenceOfCell.set(sequences.get(channel) ?? [], cellsFrom[slot]);
    }
  }

  /** The deliveries of the window, in whole µs. */
  deliveriesIn({ warmupCount, windowCount }: Schedule): DeliveryTimes {
    const slots = this.cellsFrom.length - 1;
    const arrivedUs = Array.from({ length: slots }, () => new Array<number | null>(windowCount).fill(null));
    for (const [slot, ofSlot] of arrivedUs.entries()) {
      for (let cell = this.cellsFrom[slot] ?? 0; cell < (this.cellsFrom[slot + 1] ?? 0); cell++) {
        const index = (this.sequenceOfCell[cell] ?? 0) - warmupCount;
        if (index >= 0) ofSlot[index] = wholeUs(this.arrivedUs[cell]);
      }
    }
    const dueUs = Array.from(this.dueUs.subarray(warmupCount), wholeUs);
    const sentUs = Array.from(this.lagUs.subarray(warmupCount), (lagUs, index) => wholeUs(lagUs + (dueUs[index] ?? 0)));
    return { dueUs, sentUs, arrivedUs };
  }
}

function wholeUs(us = Number.NaN): number | null {
  return Number.isNaN(us) ? null : Math.round(us);
}

function sequencesByChannel({ channel }: Schedule): Map<number, number[]> {
  const sequences = new Map<number, number[]>();
  for (const [sequence, index] of channel.entries()) {
    const of = sequences.get(index);
    if (of) of.push(sequence);
    else sequences.set(index, [sequence]);
  }
  return sequences;
}

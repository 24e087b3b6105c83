// @ts-check
import { channelName } from '../../dist/load/schedule.js';

/**
 * The URL of a poll that finds nothing new, as a client of the generator sends it.
 *
 * @param {Pick<import('../stand-in.js').Prepare, 'urls'>} prepare
 */
export async function pollUrl({ urls }) {
  const url = `${urls[0]}/messages?channel=${channelName(0)}`;
  const response = await fetch(url);
  const { last } = /** @type {{ last: number }} */ (await response.json());
  return `${url}&since=${last}`;
}

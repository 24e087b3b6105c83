/** A request that cannot be served as it is asked; the message goes to the client with status 400. */
export class BadQuery extends Error {}

/** What a request means that names no channel, as in `GET /messages?since=100`. */
export const DEFAULT_CHANNEL = 'news';

/** The channels to read from. */
export function channelsOf(url: URL): string[] {
  const channels = url.searchParams.getAll('channel');
  return channels.length === 0 ? [DEFAULT_CHANNEL] : channels;
}

/** The one channel to publish to. Throws `BadQuery`. */
export function channelOf(url: URL): string {
  const [channel, ...others] = channelsOf(url);
  if (channel === undefined || others.length > 0) throw new BadQuery('publish to one "channel" at a time');
  return channel;
}

/** A whole number of at least 0, or `null` where the value is absent. Throws `BadQuery`. */
export function wholeNumber(name: string, value: string | null | undefined): number | null {
  if (value === null || value === undefined) return null;
  const number = Number(value);
  if (!/^\d+$/.test(value) || !Number.isSafeInteger(number)) {
    throw new BadQuery(`"${name}" must be a whole number, got "${value.slice(0, 40)}"`);
  }
  return number;
}

import { UsageError } from '../errors.js';
import { isLoopback } from '../scenario/target.js';

/**
 * Base URL of a server elsewhere, without a slash at the end.
 *
 * @throws UsageError where it is none, or is of another machine and nobody said that it may be loaded.
 */
export function foreignUrl(text: string, mayLoad: boolean): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || url.hostname === '' || url.port === '0' || !/^(?:http|https|ws|wss|tcp|tls):$/.test(url.protocol)) {
    throw new UsageError(`\`${text}\` is no URL such as http://127.0.0.1:8080`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new UsageError('the URL has a user name or a password, which would be shown: leave them out');
  }
  if (!isLoopback(url.hostname) && !mayLoad) {
    throw new UsageError(`${url.hostname} is not this machine; if it is yours to load, say so: --i-may-load-this-host`);
  }
  return `${url.protocol.replace(/^ws/, 'http')}//${url.host}`;
}

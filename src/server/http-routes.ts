import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { type Credentials, isAuthorized } from '../transports/credentials.js';
import { refuse } from '../transports/http/refusal.js';
import type { Http2Mount, HttpMount, HttpRequest, HttpResponse } from '../transports/transport.js';

/** A mount of either version. */
type AnyMount = HttpMount | Http2Mount;

/** Hands requests to the mount that has the route, and counts them. */
export class HttpRoutes {
  readonly #mounts: readonly AnyMount[];
  requests = 0;

  readonly #credentials: Credentials | null;

  /** `credentials`: what a request has to show, or else gets 401 before anything else happens. */
  constructor(mounts: readonly AnyMount[], credentials: Credentials | null = null) {
    this.#mounts = mounts;
    this.#credentials = credentials;
  }

  onRequest(request: HttpRequest & RequestLine, response: HttpResponse): void {
    this.requests++;
    const url = urlOf(request);
    const handle = url && this.#find((mount) => mount.routes[`${request.method} ${url.pathname}`]);
    if (url && this.#credentials !== null && !isAuthorized(this.#credentials, request.headers, url)) {
      response.setHeader('WWW-Authenticate', 'Bearer');
      refuse(response, 401, 'no valid token', true);
      return;
    }
    if (handle) {
      handle(request, response, url);
      return;
    }
    const type = { 'Content-Type': 'text/plain' };
    const close = request.httpVersionMajor === 1 ? { Connection: 'close' } : {};
    response.writeHead(url ? 404 : 400, { ...type, ...close });
    response.end(`nothing at ${request.method} ${url?.pathname ?? request.url}\n`);
  }

  onUpgrade(request: IncomingMessage, socket: Socket, head: Buffer): void {
    this.requests++;
    const url = urlOf(request);
    const upgrade =
      url && this.#find((mount) => (mount.accept === 'http1' ? mount.upgrades?.[url.pathname] : undefined));
    const credentials = this.#credentials;
    // A first message comes after the upgrade, and is the mount's to check.
    if (url && credentials !== null && credentials.way !== 'first-message') {
      if (!isAuthorized(credentials, request.headers, url)) {
        socket.end(UNAUTHORIZED);
        return;
      }
    }
    if (upgrade) upgrade(request, socket, head, url);
    else socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
  }

  #find<T>(pick: (mount: AnyMount) => T | undefined): T | undefined {
    for (const mount of this.#mounts) {
      const found = pick(mount);
      if (found) return found;
    }
    return undefined;
  }
}

const UNAUTHORIZED =
  'HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Bearer\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';

interface RequestLine {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
}

/** `undefined` where the target of a request is none, such as `//`. */
function urlOf({ url = '/' }: RequestLine): URL | undefined {
  return URL.canParse(url, 'http://localhost') ? new URL(url, 'http://localhost') : undefined;
}

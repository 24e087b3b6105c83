import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { type Credentials, isAuthorized } from '../transports/credentials.js';
import { refuse } from '../transports/http/refusal.js';
import type {
  Http2Mount,
  HttpMount,
  HttpRequest,
  HttpResponse,
  Mounted,
  UpgradeHandler,
} from '../transports/transport.js';

/** A mount of either version. */
type AnyMount = HttpMount | Http2Mount;

/** Hands requests to the mount that has the route, and counts them. */
export class HttpRoutes {
  readonly #mounts: readonly AnyMount[];
  readonly #credentials: ReadonlyMap<Mounted, Credentials>;
  requests = 0;

  /** `credentials`: what requests to a mount have to show, or else get 401 before anything else happens. */
  constructor(mounts: readonly AnyMount[], credentials: ReadonlyMap<Mounted, Credentials> = new Map()) {
    this.#mounts = mounts;
    this.#credentials = credentials;
  }

  onRequest(request: HttpRequest & RequestLine, response: HttpResponse): void {
    this.requests++;
    const url = urlOf(request);
    const route = `${request.method} ${url?.pathname}`;
    const mount = url && this.#mounts.find(({ routes }) => routes[route]);
    if (url && !this.#isAuthorized(mount, request, url)) {
      response.setHeader('WWW-Authenticate', 'Bearer');
      refuse(response, 401, 'no valid token', true);
      return;
    }
    const handle = mount?.routes[route];
    if (url && handle) {
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
    const mount = url && this.#mounts.find((each) => upgradeOf(each, url));
    // A first message comes after the upgrade, and is the mount's to check.
    const isLater = mount && this.#credentials.get(mount)?.way === 'first-message';
    if (url && !isLater && !this.#isAuthorized(mount, request, url)) {
      socket.end(UNAUTHORIZED);
      return;
    }
    const upgrade = url && mount && upgradeOf(mount, url);
    if (upgrade) upgrade(request, socket, head, url);
    else socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
  }

  /** Where nothing is, whoever may go anywhere may know it. */
  #isAuthorized(mount: AnyMount | undefined, { headers }: Pick<HttpRequest, 'headers'>, url: URL): boolean {
    const asked = mount ? this.#credentials.get(mount) : undefined;
    const any = mount ? (asked ? [asked] : []) : this.#mounts.flatMap((each) => this.#credentials.get(each) ?? []);
    return any.length === 0 || any.some((credentials) => isAuthorized(credentials, headers, url));
  }
}

function upgradeOf(mount: AnyMount, { pathname }: URL): UpgradeHandler | undefined {
  return mount.accept === 'http1' ? mount.upgrades?.[pathname] : undefined;
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

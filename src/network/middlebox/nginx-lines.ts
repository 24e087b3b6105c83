import type { Mend } from './middlebox.js';

const PROXY_MODULE = 'https://nginx.org/en/docs/http/ngx_http_proxy_module.html';
const GRPC_MODULE = 'https://nginx.org/en/docs/http/ngx_http_grpc_module.html';
const WEBSOCKET = 'https://nginx.org/en/docs/http/websocket.html';

/** What nginx's documentation says for techniques that `proxy_pass` alone does not carry. */
export const NGINX_MENDS: readonly Mend[] = [
  {
    name: 'streaming',
    speech: 'http/1.1',
    lines: [
      {
        at: 'location',
        text: 'proxy_buffering off;',
        reason: 'passes on what the server writes as it comes, not when a buffer of one memory page is full',
        source: `${PROXY_MODULE}#proxy_buffering`,
      },
    ],
  },
  {
    name: 'upgrade',
    speech: 'http/1.1',
    lines: [
      {
        at: 'http',
        text: "map $http_upgrade $connection_upgrade { default upgrade; '' close; }",
        reason: 'says "Connection: upgrade" only where the client asked for an upgrade',
        source: WEBSOCKET,
      },
      {
        at: 'location',
        text: 'proxy_http_version 1.1;',
        reason: 'nginx speaks HTTP/1.0 to servers, which knows no upgrade',
        source: `${PROXY_MODULE}#proxy_http_version`,
      },
      {
        at: 'location',
        text: 'proxy_set_header Upgrade $http_upgrade;',
        reason: 'Upgrade is a hop-by-hop header, which a proxy does not pass on by itself',
        source: WEBSOCKET,
      },
      {
        at: 'location',
        text: 'proxy_set_header Connection $connection_upgrade;',
        reason: 'Connection is a hop-by-hop header too',
        source: WEBSOCKET,
      },
    ],
  },
  {
    name: 'timeouts',
    speech: 'http/1.1',
    lines: [
      {
        at: 'location',
        text: 'proxy_read_timeout 1h;',
        reason: 'a server that says nothing for 60 s is given up: longer than any hold or any silence of a stream',
        source: `${PROXY_MODULE}#proxy_read_timeout`,
      },
      {
        at: 'location',
        text: 'proxy_send_timeout 1h;',
        reason: 'the same for the way up of an upgraded connection',
        source: `${PROXY_MODULE}#proxy_send_timeout`,
      },
    ],
  },
  {
    name: 'http2',
    speech: 'h2',
    lines: [
      {
        at: 'listen',
        text: 'http2',
        whole: 'listen <address> http2;',
        reason: 'gRPC is HTTP/2, and in the clear nothing negotiates it',
        source: 'https://nginx.org/en/docs/http/ngx_http_v2_module.html',
      },
      {
        at: 'pass',
        text: 'grpc_pass grpc://UPSTREAM;',
        whole: 'grpc_pass grpc://<server>;',
        reason: 'proxy_pass speaks HTTP/1 to the server',
        source: `${GRPC_MODULE}#grpc_pass`,
      },
      {
        at: 'location',
        text: 'grpc_read_timeout 1h;',
        reason: 'a call in which the server says nothing for 60 s is given up',
        source: `${GRPC_MODULE}#grpc_read_timeout`,
      },
      {
        at: 'location',
        text: 'grpc_send_timeout 1h;',
        reason: 'a call that stays open and sends nothing up for 60 s is given up',
        source: `${GRPC_MODULE}#grpc_send_timeout`,
      },
      {
        at: 'location',
        text: 'client_body_timeout 1h;',
        reason: 'in a call that stays open the request has no end either',
        source: 'https://nginx.org/en/docs/http/ngx_http_core_module.html#client_body_timeout',
      },
    ],
  },
];

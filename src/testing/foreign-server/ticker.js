// A server that sends what it sends: a tick every so often to whoever listens, over SSE and WebSocket, with the time at
// which it was made, which is a while ago, and a number of the listener's own. Its port is its argument.
import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';

const EVERY_MS = 20;
const OLD_MS = 50;
/** Of each ten numbers these two are left out, and this one is sent twice. */
const LEFT_OUT = [7, 8];
const TWICE = 5;
const port = Number(process.argv[2]);

const server = createServer((request, response) => {
  const url = new URL(request.url, 'http://localhost');
  if (url.pathname === '/silent') {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
    return;
  }
  if (url.pathname !== '/ticks') return response.writeHead(404).end();
  response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
  const stop = tick((text) => response.write(`data: ${text}\n\n`));
  response.on('close', stop);
});

new WebSocketServer({ server, path: '/ticks' }).on('connection', (socket) => {
  socket.send('welcome');
  const stop = tick((text) => socket.send(text));
  socket.on('close', stop);
});

function tick(send) {
  let number = 0;
  const timer = setInterval(() => {
    number++;
    const at = Date.now() - OLD_MS;
    const made = { ms: at, s: at / 1_000, iso: new Date(at).toISOString() };
    const text = JSON.stringify({ text: '"ms":1', made, number, body: 'x'.repeat(100) });
    if (LEFT_OUT.includes(number % 10)) return;
    send(text);
    if (number % 10 === TWICE) send(text);
  }, EVERY_MS);
  return () => clearInterval(timer);
}

server.listen(port, '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));

// A chat server as somebody might have it: it knows nothing of rtbench. Rooms over WebSocket, a feed over SSE, a REST
// endpoint that publishes. Its port is its argument.
import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';

const port = Number(process.argv[2]);
const token = process.env.CHAT_TOKEN;
const feeds = new Set();
const members = new Set();

const server = createServer((request, response) => {
  if (request.headers.authorization !== `Bearer ${token}`)
    return response.writeHead(401).end(`no ${request.headers.authorization}`);
  if (request.method === 'GET' && request.url === '/feed') {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write('event: welcome\ndata: {"hello":"you"}\n\n');
    feeds.add(response);
    response.on('close', () => feeds.delete(response));
    return;
  }
  if (request.method === 'POST' && request.url === '/api/say') {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      say(JSON.parse(body).text);
      response.writeHead(201, { 'content-type': 'application/json' }).end('{"ok":true}');
    });
    return;
  }
  response.writeHead(404).end();
});

const sockets = new WebSocketServer({ noServer: true });
server.on('upgrade', (request, socket, head) => {
  if (request.headers.authorization !== `Bearer ${token}`) return socket.end('HTTP/1.1 401 No\r\n\r\n');
  sockets.handleUpgrade(request, socket, head, (client) => {
    client.send('{"type":"welcome"}');
    client.on('message', (data) => {
      const { type, text } = JSON.parse(String(data));
      if (type === 'join') members.add(client);
      else if (members.has(client)) say(text);
    });
    client.on('close', () => members.delete(client));
  });
});

function say(text) {
  const message = JSON.stringify({ type: 'message', at: Date.now(), text });
  for (const feed of feeds) feed.write(`event: chat\ndata: ${message}\n\n`);
  for (const member of members) member.send(message);
}

server.listen(port, '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));

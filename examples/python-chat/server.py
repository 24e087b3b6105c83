#!/usr/bin/env python3
"""A chat room by Python's own library, a thread for each connection. It knows nothing of rtbench: its paths and its
messages are its own.

    GET  /feed    Server-Sent Events: everything that is said, as `event: said`
    GET  /socket  WebSocket: {"do": "join"}, then {"do": "say", "text": "..."}; everything that is said comes back
    POST /say     {"text": "..."}

python3 server.py [port]    prints its URL in the first line
"""

import contextlib
import json
import queue
import struct
import sys
import threading
import time
from base64 import b64encode
from hashlib import sha1
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

MAX_BODY_BYTES = 1024 * 1024
MAX_WAITING_LINES = 10_000  # of a member that does not keep up, and is told no more then
KEEP_ALIVE_SECONDS = 15
MAGIC = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455, 1.3
TEXT, CLOSE, PING, PONG = 1, 8, 9, 10


class Room:
    """Who is there, each with a queue of what they have not yet been told."""

    def __init__(self):
        self._lock = threading.Lock()
        self._members = set()
        self._said = 0

    def join(self):
        member = queue.Queue(MAX_WAITING_LINES)
        with self._lock:
            self._members.add(member)
        return member

    def leave(self, member):
        with self._lock:
            self._members.discard(member)

    def say(self, text):
        with self._lock:
            self._said += 1
            line = json.dumps({"number": self._said, "at": time.time(), "text": text})
            for member in list(self._members):
                try:
                    member.put_nowait(line)
                except queue.Full:
                    self._members.discard(member)


ROOM = Room()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def do_GET(self):
        if self.path == "/feed":
            self.feed()
        elif self.path == "/socket" and "Sec-WebSocket-Key" in self.headers:
            self.socket()
        else:
            self.answer(404, {"error": "there is /feed, /socket and /say"})

    def do_POST(self):
        size = self.headers.get("Content-Length", "")
        if self.path != "/say" or not size.isdigit() or int(size) > MAX_BODY_BYTES:
            self.close_connection = True  # the body is not read
            self.answer(404 if self.path != "/say" else 413, {"error": "no such path, or too long"})
            return
        try:
            ROOM.say(json.loads(self.rfile.read(int(size)))["text"])
        except (ValueError, KeyError, TypeError):
            self.answer(400, {"error": 'say {"text": "..."}'})
            return
        self.answer(201, {"ok": True})

    def answer(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def feed(self):
        member = ROOM.join()
        self.close_connection = True  # its end is the end of the stream
        try:
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Cache-Control", "no-cache")
            self.end_headers()
            self.wfile.write(b'event: welcome\ndata: {"topic": "anything"}\n\n')
            self.wfile.flush()
            while True:
                try:
                    line = member.get(timeout=KEEP_ALIVE_SECONDS)
                    self.wfile.write(f"event: said\ndata: {line}\n\n".encode())
                except queue.Empty:
                    self.wfile.write(b":\n\n")
                self.wfile.flush()
        finally:
            ROOM.leave(member)

    def socket(self):
        self.close_connection = True
        key = self.headers["Sec-WebSocket-Key"].encode()
        self.send_response(101)
        self.send_header("Upgrade", "websocket")
        self.send_header("Connection", "Upgrade")
        self.send_header("Sec-WebSocket-Accept", b64encode(sha1(key + MAGIC).digest()).decode())
        self.end_headers()
        writing = threading.Lock()
        self.send_frame(writing, TEXT, b'{"topic": "anything"}')
        member = None
        try:
            for opcode, payload in self.frames():
                if opcode == PING:
                    self.send_frame(writing, PONG, payload)
                elif opcode == CLOSE:
                    self.send_frame(writing, CLOSE, payload[:2])
                    return
                elif opcode == TEXT:
                    request = json.loads(payload)
                    if request["do"] == "join" and member is None:
                        member = ROOM.join()
                        threading.Thread(target=self.tell, args=(writing, member), daemon=True).start()
                    elif request["do"] == "say":
                        ROOM.say(request["text"])
        finally:
            if member is not None:
                ROOM.leave(member)
                with contextlib.suppress(queue.Full):  # then it has stopped listening
                    member.put_nowait(None)

    def tell(self, writing, member):
        try:
            for line in iter(member.get, None):
                self.send_frame(writing, TEXT, line.encode())
        except OSError:
            pass  # the member is gone, and the thread that reads knows it too

    def send_frame(self, writing, opcode, payload):
        size = len(payload)
        if size < 126:
            head = struct.pack("!BB", 0x80 | opcode, size)
        elif size < 65_536:
            head = struct.pack("!BBH", 0x80 | opcode, 126, size)
        else:
            head = struct.pack("!BBQ", 0x80 | opcode, 127, size)
        with writing:
            self.wfile.write(head + payload)
            self.wfile.flush()

    def frames(self):
        """Opcode and payload of each frame; messages in fragments are not taken."""
        while True:
            head = self.rfile.read(2)
            if len(head) < 2:
                return
            opcode, size = head[0] & 15, head[1] & 127
            if head[0] & 0x80 == 0 or head[1] & 0x80 == 0:
                return
            if size == 126:
                (size,) = struct.unpack("!H", self.rfile.read(2))
            elif size == 127:
                (size,) = struct.unpack("!Q", self.rfile.read(8))
            if size > MAX_BODY_BYTES:
                return
            mask = self.rfile.read(4)
            payload = self.rfile.read(size)
            yield opcode, bytes(byte ^ mask[index % 4] for index, byte in enumerate(payload))

    def log_message(self, *_):
        pass  # a line for each request would be most of the work


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 1024

    def handle_error(self, request, client_address):
        if not isinstance(sys.exc_info()[1], OSError):  # members come and go
            super().handle_error(request, client_address)


if __name__ == "__main__":
    with Server(("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 5000), Handler) as server:
        print(f"http://127.0.0.1:{server.server_port}", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            pass

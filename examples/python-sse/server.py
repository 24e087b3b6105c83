#!/usr/bin/env python3
"""A server that rtbench can measure as it is: polling, long polling and SSE with nothing but Python's own library.

    python3 server.py [port] [seconds between two comments on an idle stream]

It implements docs/server-contract.md. A thread serves each connection, which is simple and not fast: that is what a
measurement is there to show.
"""

import json
import sys
import threading
from base64 import b64encode
from collections import deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import monotonic
from urllib.parse import parse_qs, urlsplit

HISTORY_MESSAGES = 1_000
MAX_BODY_BYTES = 1024 * 1024
MAX_ANSWER_MESSAGES = 1_000
MAX_HOLD_SECONDS = 600
KEEP_ALIVE_SECONDS = float(sys.argv[2]) if len(sys.argv) > 2 else 15


class Hub:
    """A log with cursors: one counter of ids over all channels, and a bounded history."""

    def __init__(self):
        self._changed = threading.Condition()
        self._messages = deque(maxlen=HISTORY_MESSAGES)
        self.last_id = 0

    def publish(self, channel, body):
        with self._changed:
            self.last_id += 1
            self._messages.append((self.last_id, channel, body))
            self._changed.notify_all()

    def oldest_id(self):
        """Id of the oldest message that is kept."""
        return self.last_id - len(self._messages) + 1

    def read(self, channels, since, wait_seconds=0.0):
        """What came after `since`, and the cursor behind it; None where the cursor is lost. Waits for something to come."""
        until = monotonic() + wait_seconds
        with self._changed:
            while True:
                if since < self.oldest_id() - 1:
                    return None
                # The deque is in the order of ids, and each is one more than the one before.
                start = max(0, since - self.oldest_id() + 1)
                found = [m for m in list(self._messages)[start:] if m[1] in channels]
                left = until - monotonic()
                if found or left <= 0:
                    some = found[:MAX_ANSWER_MESSAGES]
                    more = len(found) > len(some)
                    return some, (some[-1][0] if more else self.last_id), more
                self._changed.wait(left)


HUB = Hub()


class BadRequest(Exception):
    """Answered with 400 and its text."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"  # connections are kept
    disable_nagle_algorithm = True
    wbufsize = -1  # an answer leaves in one piece, when it is flushed

    def do_GET(self):
        url = urlsplit(self.path)
        query = parse_qs(url.query)
        try:
            if url.path == "/messages":
                self.poll(query)
            elif url.path == "/events":
                self.stream(query)
            else:
                self.answer(404, f"nothing at {url.path}\n")
        except BadRequest as error:
            self.answer(400, f"{error}\n")

    def do_POST(self):
        url = urlsplit(self.path)
        size = self.headers.get("Content-Length", "")
        if url.path != "/messages" or not size.isdigit() or int(size) > MAX_BODY_BYTES:
            self.close_connection = True  # the body is not read
            status = 404 if url.path != "/messages" else 413 if size.isdigit() else 411
            self.answer(status, "the body is too large, or of no known length\n")
            return
        body = self.rfile.read(int(size))
        HUB.publish(parse_qs(url.query).get("channel", ["news"])[0], body)
        self.answer(202)

    def poll(self, query):
        channels = query.get("channel", ["news"])
        since = whole("since", query.get("since", [None])[0])
        hold_seconds = min((whole("hold", query.get("hold", [None])[0]) or 0) / 1000, MAX_HOLD_SECONDS)
        if since is None:
            self.answer_json(200, {"last": HUB.last_id, "more": False, "messages": []})
            return
        found = HUB.read(channels, since, hold_seconds)
        if found is None:
            self.answer_json(410, {"oldest": HUB.oldest_id()})
            return
        messages, last, more = found
        texts = [{"id": id_, "text": body.decode(errors="replace")} for id_, _, body in messages]
        self.answer_json(200, {"last": last, "more": more, "messages": texts})

    def stream(self, query):
        channels = query.get("channel", ["news"])
        cursor = whole("Last-Event-ID", self.headers.get("Last-Event-ID"))
        if cursor is None:
            cursor = whole("since", query.get("since", [None])[0])
        if cursor is None:
            # Before the answer: whoever has seen it misses nothing from then on.
            cursor = HUB.last_id
        self.close_connection = True  # its end is the end of the stream
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-cache")
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.flush()
        while True:
            found = HUB.read(channels, cursor, KEEP_ALIVE_SECONDS)
            if found is None:
                self.wfile.write(f"event: gap\ndata: {HUB.oldest_id()}\n\n".encode())
                return
            messages, cursor, _ = found
            self.wfile.write(b"".join(event(id_, body) for id_, _, body in messages) or b":\n\n")
            self.wfile.flush()

    def answer_json(self, status, value):
        self.answer(status, json.dumps(value, separators=(",", ":")), "application/json")

    def answer(self, status, text="", content_type="text/plain; charset=utf-8"):
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def log_message(self, *_):
        pass  # a line for each request would be most of the work


def event(id_, body):
    try:
        text = body.decode()
    except UnicodeDecodeError:
        text = None
    if text is None or "\r" in text:
        return f"id: {id_}\nevent: base64\ndata: {b64encode(body).decode()}\n\n".encode()
    lines = "\n".join(f"data: {line}" for line in text.split("\n"))
    return f"id: {id_}\n{lines}\n\n".encode()


def whole(name, text):
    """A whole number of at least 0, or None where there is none."""
    if text is None:
        return None
    if not (text.isascii() and text.isdigit()):
        raise BadRequest(f"{name} must be a whole number")
    return int(text)


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 1024

    def handle_error(self, request, client_address):
        if not isinstance(sys.exc_info()[1], ConnectionError):  # clients come and go
            super().handle_error(request, client_address)


if __name__ == "__main__":
    with Server(("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 8090), Handler) as server:
        print(f"http://127.0.0.1:{server.server_port}", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            pass

"""What the scripts that measure log-ins share: a client on one kept connection, and accounts."""

import itertools
import json
import random
import re
import socket
import sys

# The log-ins come from here, as through a proxy; everything else comes from 127.0.0.1, which is trusted.
PROXY = "127.0.0.2"
OPTIONS = ["--set", f"server.trusted_proxies={PROXY}"]


class Connection:
    """One connection that is kept, on which a request is answered before the next is sent."""

    def __init__(self, port, source="127.0.0.1"):
        self.socket = socket.create_connection(("127.0.0.1", port), 30, source_address=(source, 0))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = b""

    def send(self, text):
        self.buffer = b""
        self.socket.sendall(text)

    def receive(self):
        """The answer's head and body, or nothing if it is not yet complete."""
        received = self.socket.recv(65536)
        if not received:
            raise ConnectionError("the server closed the connection")
        self.buffer += received
        head, found, body = self.buffer.partition(b"\r\n\r\n")
        if not found:
            return None
        length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
        return (head, body) if len(body) >= int(length[1]) else None

    def exchange(self, text):
        """Sends a request, and waits for its answer."""
        self.send(text)
        while True:
            if (answer := self.receive()) is not None:
                return answer


def post(path, address=None, **members):
    """A request's bytes; through the proxy for a client at that address."""
    body = json.dumps(members)
    forwarded = f"X-Forwarded-For: {address}\r\n" if address else ""
    return (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n{forwarded}"
        f"Content-Length: {len(body)}\r\n\r\n{body}"
    ).encode()


def addresses():
    """Clients' addresses, each another one, of the network that is kept for measuring (RFC 2544)."""
    numbers = list(range(1 << 17))
    random.shuffle(numbers)
    for number in itertools.cycle(numbers):
        yield f"198.{18 + (number >> 16)}.{number >> 8 & 255}.{number & 255}"


def email():
    """An address that nobody else has; all are of one length."""
    return f"user-{random.getrandbits(64):016x}@example.org"


def create(connection, **members):
    """Creates an account."""
    head, body = connection.exchange(post("/v2/accounts", **members))
    if not head.startswith(b"HTTP/1.1 201"):
        sys.exit(f"measure: creating an account failed: {body.decode(errors='replace')}")

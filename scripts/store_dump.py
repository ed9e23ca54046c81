"""Writes all that a shared store's database holds as lines of text, for whoever looks for what must not be there.

    scripts/store-servers dump ADDRESS

One line for each name, key and value; what is no text comes as it is, with escapes, and once more in hexadecimal
digits. Of PostgreSQL, that is what pg_dump(1) writes.
"""

import pathlib
import socket
import subprocess
import sys
import urllib.parse


def lines(value):
    """A value, and what it is made of, as lines."""
    if isinstance(value, dict):
        for name, member in value.items():
            yield from lines(name)
            yield from lines(member)
    elif isinstance(value, (list, tuple)):
        for member in value:
            yield from lines(member)
    elif isinstance(value, bytes):
        try:
            yield value.decode()
        except UnicodeDecodeError:
            yield value.decode("ascii", "backslashreplace")
            yield value.hex()
    elif value is not None:
        yield str(value)


def postgresql(address):
    programs = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/pg_dump"), key=lambda path: float(path.parts[4]))
    command = [programs[-1] if programs else "pg_dump", f"--dbname={address}"]
    yield subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout.decode()


def mongodb(address):
    import pymongo

    with pymongo.MongoClient(address) as client:
        for name in client.list_database_names():
            for collection in client[name].list_collection_names():
                yield collection
                for document in client[name][collection].find():
                    yield from lines(document)


class Redis:
    """A connection to one server (https://redis.io/docs/latest/develop/reference/protocol-spec/)."""

    READS = {
        b"string": ("GET",), b"hash": ("HGETALL",), b"list": ("LRANGE", 0, -1), b"set": ("SMEMBERS",),
        b"zset": ("ZRANGE", 0, -1, "WITHSCORES"), b"stream": ("XRANGE", "-", "+")}

    def __init__(self, place):
        host, port = place.rsplit(":", 1)
        self.file = socket.create_connection((host, int(port)), timeout=60).makefile("rwb")

    def ask(self, *words):
        words = [word if isinstance(word, bytes) else str(word).encode() for word in words]
        self.file.write(b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%s\r\n" % (len(word), word) for word in words))
        self.file.flush()
        return self.answer()

    def answer(self):
        line = self.file.readline()
        kind, rest = line[:1], line[1:-2]
        if kind == b"$":
            return self.file.read(int(rest) + 2)[:-2] if int(rest) >= 0 else None
        if kind == b"*":
            return [self.answer() for _ in range(int(rest))]
        if kind in (b"+", b":"):
            return rest
        raise ValueError(f"the server says {line!r}")

    def everything(self):
        place = b"0"
        while True:
            place, keys = self.ask("SCAN", place, "COUNT", 1000)
            for key in keys:
                yield key
                kind = self.ask("TYPE", key)
                # One that has expired since has none.
                if kind != b"none":
                    read = self.READS[kind]
                    yield self.ask(read[0], key, *read[1:])
            if place == b"0":
                return


def redis(places):
    for place in places:
        server = Redis(place)
        # A replica of a Cluster answers for itself only when it is told to.
        if b"cluster_enabled:1" in server.ask("INFO", "cluster"):
            server.ask("READONLY")
        for value in server.everything():
            yield from lines(value)


def everything(address):
    kind, places = address.split("://", 1)
    if kind == "postgres":
        return postgresql(address)
    if kind == "mongodb":
        return mongodb(address)
    return redis(urllib.parse.unquote(places).strip("/").split(","))


def main():
    for line in everything(sys.argv[1]):
        sys.stdout.buffer.write(line.encode() + b"\n")


if __name__ == "__main__":
    main()

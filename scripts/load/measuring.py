"""What the scripts that measure share: a server pinned to one core, sessions for it, and wrk on another core."""

import contextlib
import json
import os
import pathlib
import selectors
import signal
import socket
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
# The load scripts: those of `sesame benchmark`, and those for other servers.
LOADS = [ROOT / "Sources" / "Service" / "Benchmarking" / "Lua", ROOT / "scripts" / "load"]
CONNECTIONS = 64
LIVE_SESSIONS = 10_000


def free_port():
    """A port that nothing listens on, as far as one can know."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def cpu_seconds(pids):
    """The CPU time of processes so far, all their threads."""
    ticks = 0
    for pid in pids:
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


@contextlib.contextmanager
def running(command, **options):
    """A process, ended at the end."""
    process = subprocess.Popen(command, **options)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextlib.contextmanager
def server(program, core, folder, *options):
    """A server on a new data folder: its port, and a function that names its process."""
    command = [
        "taskset", "-c", str(core), program, "serve", "--listen", "127.0.0.1:0", "--threads", "1", "--data",
        str(folder / "data"), *options,
    ]
    # A name that begins like a setting's and is none is refused.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SESAME_")}
    with open(folder / "server.log", "wb") as log, \
            running(command, stdout=subprocess.PIPE, stderr=log, text=True, cwd=folder, env=environment) as process:
        line = process.stdout.readline()
        if not line.startswith("ready http://"):
            sys.exit(f"measuring: the server does not start:\n{(folder / 'server.log').read_text(errors='replace')}")
        yield int(line.strip().rpartition(":")[2]), lambda: [process.pid]


def open_sessions(port, count):
    """Opens sessions over 64 connections at once, and answers (id, token, user) of each."""
    sessions, sent, buffers = [], 0, {}

    def text():
        body = f'{{"user_id":"load-{sent % 50_000:06d}"}}'
        return (
            f"POST /v2/sessions HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n{body}"
        ).encode()

    with selectors.DefaultSelector() as selector:
        for _ in range(min(CONNECTIONS, count)):
            connection = socket.create_connection(("127.0.0.1", port), 10)
            selector.register(connection, selectors.EVENT_READ)
            buffers[connection] = b""
            connection.sendall(text())
            sent += 1
        while len(sessions) < count:
            events = selector.select(10)
            if not events:
                sys.exit("measuring: the server does not answer")
            for key, _ in events:
                connection = key.fileobj
                received = connection.recv(65536)
                if not received:
                    sys.exit("measuring: the server closes connections")
                buffers[connection] += received
                head, found, body = buffers[connection].partition(b"\r\n\r\n")
                if not found:
                    continue
                fields = head.lower().split(b"\r\n")
                length = next(int(field[15:]) for field in fields if field.startswith(b"content-length:"))
                if len(body) < length:
                    continue
                if not head.startswith(b"HTTP/1.1 201"):
                    sys.exit(f"measuring: opening a session failed: {(head + found + body).decode(errors='replace')}")
                answer = json.loads(body)
                sessions.append((answer["session"]["id"], answer["token"], answer["session"]["user_id"]))
                buffers[connection] = b""
                if sent < count:
                    connection.sendall(text())
                    sent += 1
        for connection in buffers:
            connection.close()
    return sessions


def write_sessions(sessions, path):
    """Writes sessions as the load scripts read them, one a line: id, token, user."""
    path.write_text("".join(" ".join(session) + "\n" for session in sessions))


def load(core, port, pids, seconds, script, *arguments):
    """One run of wrk: requests per second, CPU µs for each, latencies, errors."""
    place = next(folder / script for folder in LOADS if (folder / script).exists())
    command = [
        "taskset", "-c", str(core), "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "-s", str(place),
        f"http://127.0.0.1:{port}", "--", *map(str, arguments),
    ]
    before = cpu_seconds(pids())
    finished = subprocess.run(command, capture_output=True, text=True)
    used = cpu_seconds(pids()) - before
    try:
        result = json.loads(finished.stdout.strip().splitlines()[-1])
    except (IndexError, ValueError):
        sys.exit(f"measuring: wrk failed:\n{finished.stdout}{finished.stderr}")
    result["rate"] = result["requests"] / result["seconds"]
    result["cpu_us"] = used / max(result["requests"], 1) * 1e6
    return result


def release():
    """A release build of the program."""
    build = ["swift", "build", "--package-path", str(ROOT), "-c", "release", "--product", "sesame"]
    subprocess.run(build, check=True, stdout=sys.stderr)
    shown = subprocess.run([*build[:-2], "--show-bin-path"], check=True, capture_output=True, text=True)
    return str(pathlib.Path(shown.stdout.strip()) / "sesame")

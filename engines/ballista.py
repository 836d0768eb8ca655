"""Ballista, compiled from engines/ballista: a scheduler and executors on 127.0.0.1."""

import csv
import io
import json
import shutil
import subprocess
import tomllib
import urllib.request
import uuid

from common import ROOT, TARGET, fail, say
from servers import free_port

SOURCE = ROOT / "engines/ballista/Cargo.toml"
TASKS = 16  # that a query is cut into
LONGEST = 600  # seconds that a query may take
# An executor says every 2 s that it lives; after 6 s of silence it is taken for dead. (Ballista's own are
# 60 and 180.) Until then nobody knows that what it has been given will not come.
HEARTBEAT = {"--executor-heartbeat-interval-seconds": 2}
PATIENCE = {"--executor-timeout-seconds": 6, "--expire-dead-executor-interval-seconds": 1}


class Failed(Exception):
    """What the client says of a query that has failed."""


class BallistaCluster:
    """A scheduler, and two executors of one core each, as processes on 127.0.0.1."""

    name = "ballista"
    workers = ("executor of Ballista 0", "executor of Ballista 1")
    mixture = None  # of normals: it has none of its own

    def __init__(self, servers):
        source = tomllib.loads(SOURCE.read_text())
        self.version = source["dependencies"]["ballista"]["version"].lstrip("=")
        self.program = TARGET / "ballista/release" / source["package"]["name"]
        if not self.program.exists():
            say(f"compiling Ballista {self.version}: twenty to forty minutes of a processor, once")
        build = ["cargo", "build", "--quiet", "--release", "--locked", "--manifest-path", SOURCE]
        if subprocess.run([*build, "--target-dir", TARGET / "ballista"]).returncode:
            fail(f"Ballista {self.version} could not be compiled", 1)
        self.servers, self.port, self.ids = servers, free_port(), {}
        self.start("scheduler of Ballista", "scheduler", self.port, PATIENCE)
        servers.until_answers("scheduler of Ballista", self.port)
        for worker in self.workers:
            self.start_worker(worker)
        self.ready()

    def start(self, name, program, port, flags):
        place = {"--bind-host": "127.0.0.1", "--external-host": "127.0.0.1", "--bind-port": port}
        flags = [str(word) for flag in {**place, **flags}.items() for word in flag]
        self.servers.start(name, [self.program, program, *flags])

    def start_worker(self, name):
        folder = self.servers.folder / name.replace(" ", "-")
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        self.ids[name] = str(uuid.uuid4())
        flags = {"--id": self.ids[name], "--vcores": 1, "--work-dir": folder}
        flags |= {"--scheduler-host": "127.0.0.1", "--scheduler-port": self.port}
        flags |= {"--bind-grpc-port": free_port(), **HEARTBEAT}
        self.start(name, "executor", free_port(), flags)

    def ask(self, what):
        """The scheduler, over HTTP."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/api/{what}", timeout=5) as told:
            return json.load(told)

    def ready(self):
        """Waits until the scheduler knows every executor."""
        known = lambda: {executor["id"] for executor in self.ask("executors")}  # noqa: E731
        joined = lambda: known() >= set(self.ids.values())  # noqa: E731
        self.servers.until("every executor of Ballista has joined", joined)

    def see(self, path):
        """The samples of a folder of Parquet files are the table samples from now on."""
        self.path = path

    def query(self, text):
        command = [self.program, "query", f"df://127.0.0.1:{self.port}", self.path, str(TASKS)]
        options = {"input": text, "capture_output": True, "text": True, "timeout": LONGEST}
        try:
            told = subprocess.run(command, **options)
        except subprocess.TimeoutExpired:
            raise Failed(f"the query has not ended after {LONGEST} s") from None
        if told.returncode:
            raise Failed(told.stderr)
        names, *rows = csv.reader(io.StringIO(told.stdout))
        return names, [[cell or None for cell in row] for row in rows]

    def half_way(self):
        """Whether half of the tasks of a query's first stage are done, and not all."""
        running = [job["job_id"] for job in self.ask("jobs") if job["status"] == "Running"]
        stages = [stage for job in running for stage in self.ask(f"job/{job}/stages")["stages"]]
        done = [sum(task["status"] == "Successful" for task in stage["tasks"]) for stage in stages]
        return any(TASKS <= 2 * n < 2 * TASKS for n in done)

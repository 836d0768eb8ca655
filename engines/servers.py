"""Processes that a command starts, and that are stopped whatever happens."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time

from common import TARGET, fail, need


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def ended(*_):
    """Whoever ends the command ends what it has started, too."""
    sys.exit(143)


class Servers:
    """Processes by name. Each has a log, and is the head of a group: what it starts goes with it."""

    def __init__(self, name):
        need("psutil")
        self.folder = TARGET / name
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        self.running, self.lost, self.folders = {}, 0.0, []

    def __enter__(self):
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, ended)
        return self

    def __exit__(self, *_):
        import psutil

        below = psutil.Process().children(recursive=True)
        for process in self.running.values():
            process.terminate()
        psutil.wait_procs([p for p in below if p.pid in self.heads()], timeout=10)
        for head in self.heads():  # what it has started may outlive it
            try:
                os.killpg(head, signal.SIGKILL)
            except ProcessLookupError:
                pass
        for process in below:
            try:
                process.kill()
            except psutil.NoSuchProcess:
                pass
        psutil.wait_procs(below, timeout=10)
        for folder in self.folders:
            shutil.rmtree(folder, ignore_errors=True)

    def heads(self):
        return [process.pid for process in self.running.values()]

    def log(self, name):
        return self.folder / f"{name.replace(' ', '-')}.log"

    def start(self, name, command, **options):
        streams = {"stdin": subprocess.DEVNULL, "stderr": subprocess.STDOUT}
        try:
            with open(self.log(name), "w") as log:
                options = {**streams, "stdout": log, "start_new_session": True, **options}
                self.running[name] = subprocess.Popen(command, **options)
        except OSError as error:
            fail(f"the {name} cannot be started: {error}", 1)

    def check(self):
        """Fails if one of them has ended."""
        for name, process in self.running.items():
            if process.poll() is not None:
                lines = self.log(name).read_text(errors="replace").split("\n")
                last = next((line for line in reversed(lines) if line.strip()), "it is empty")
                end = f"the {name}, process {process.pid}, has ended with {process.returncode}"
                fail(f"{end}; its log {self.log(name)}: {last}", 1)

    def until(self, what, is_so, seconds=60):
        """Waits until something is so."""
        end = time.monotonic() + seconds
        while not is_so():
            self.check()
            if time.monotonic() > end:
                fail(f"{what}: not within {seconds} s; the logs are in {self.folder}", 1)
            time.sleep(0.1)

    def until_answers(self, name, port):
        def is_so():
            with socket.socket() as tried:
                return tried.connect_ex(("127.0.0.1", port)) == 0

        self.until(f"the {name} answers at 127.0.0.1:{port}", is_so)

    def kill(self, name):
        """As when a machine fails: the process and all that it has started, at once (kill -9)."""
        import psutil

        process = self.running.pop(name)
        below = psutil.Process(process.pid).children(recursive=True)
        self.lost += sum(seconds(p) for p in below)  # those of the process itself come to us
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def cpu(self):
        """Seconds of processors so far: of this command and of everything below it."""
        import psutil

        this = psutil.Process()
        return self.lost + sum(seconds(p) for p in [this, *this.children(recursive=True)])


def seconds(process):
    """Seconds of processors of a process, and of its children that it has waited for."""
    import psutil

    try:
        return sum(process.cpu_times()[:4])
    except psutil.NoSuchProcess:
        return 0.0

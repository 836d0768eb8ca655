"""What the commands of engines/run share."""

import argparse
import csv
import datetime
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time
from importlib import metadata

ROOT = pathlib.Path(__file__).resolve().parent.parent
TARGET = ROOT / "target/engines"
FROM = pathlib.Path(os.environ.get("FROM", "."))  # where engines/run was called

COLUMNS = ["width", "bin", "m0", "filled", "m1", "m2", "m3", "m4", "m5", "m6", "m7"]


def say(message):
    print(f"engines: {message}", file=sys.stderr, flush=True)


def fail(message, code=2):
    """Ends with one line."""
    say(" ".join(str(message).split()))
    sys.exit(code)


class Parser(argparse.ArgumentParser):
    """Of the arguments of a command: what is wrong with them is said in one line."""

    def __init__(self, command):
        super().__init__(prog=f"bash engines/run {command}", allow_abbrev=False)

    def error(self, message):
        fail(f"{message} (see {self.prog} --help)")


def count(text):
    """A number of rows: 100, or 1e8."""
    number = float(text)
    if not (number >= 1 and number.is_integer()):
        raise ValueError
    return int(number)


def need(*packages):
    """Installs packages into the virtual environment, in the versions of requirements.txt."""
    pinned = dict(
        line.split("==") for line in (ROOT / "engines/requirements.txt").read_text().split()
    )
    for package in packages:
        try:
            if metadata.version(package) == pinned[package]:
                continue
        except metadata.PackageNotFoundError:
            pass
        say(f"installing {package} {pinned[package]}")
        pip = [sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check"]
        if subprocess.run([*pip, f"{package}=={pinned[package]}"]).returncode:
            fail(f"{package} {pinned[package]} could not be installed", 1)


def need_program(name, package, places=None):
    """Has a package of Debian's installed if a program is in none of the places, or not in PATH."""
    if shutil.which(name, path=places):
        return
    say(f"there is no program {name}: installing {package}")
    root = [] if os.geteuid() == 0 else ["sudo"]
    for command in (["update", "-q"], ["install", "-qy", "--no-install-recommends", package]):
        command = [*root, "apt-get", *command]
        if not shutil.which(command[0]) or subprocess.run(command, stdout=sys.stderr).returncode:
            fail(f"{' '.join(command)} failed: {name} is missing", 1)


def emfit(*arguments, **options):
    """Runs the book's own command."""
    return subprocess.run([os.environ["EMFIT"], *map(str, arguments)], **options)


def sql(*arguments):
    """The text of a query, as `emfit sql` prints it. The table is called samples."""
    answer = emfit("sql", "--table", "samples", *arguments, capture_output=True, text=True)
    if answer.returncode:
        fail(answer.stderr)
    return answer.stdout


def cell(value):
    """A number in as many digits as tell it from all others; NULL is empty."""
    return "" if value is None else str(value)


def write_table(path, names, rows):
    """Saves what a query has answered as CSV, as any client of an engine would."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(names)
        writer.writerows([cell(value) for value in row] for row in rows)


def samples(what, path):
    """Has samples written to a .npy file by this repository's generator: `notebook`, the 10 000
    of the book, or as many as `what` says, of the same mixture. Made once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        command = ["cargo", "run", "--quiet", "--release", "--locked", "--package", "query"]
        command += ["--example", "samples", "--", str(what), str(path)]
        subprocess.run(command, check=True, cwd=ROOT)
    return path


def parquet(rows, files=16):
    """A folder of Parquet files with so many samples in the column x: not compressible, in row
    groups of a million. Made once."""
    need("numpy", "pyarrow")
    import numpy
    import pyarrow
    import pyarrow.parquet

    folder = TARGET / f"samples-{rows:.0e}".replace("+0", "")
    if (folder / "done").exists():
        return folder
    data = numpy.load(samples(rows, folder.with_suffix(".npy")), mmap_mode="r")
    folder.mkdir(exist_ok=True)
    for i, part in enumerate(numpy.array_split(data, files)):
        table = pyarrow.table({"x": pyarrow.array(part)})
        options = {"use_dictionary": False, "row_group_size": 1 << 20, "compression": "snappy"}
        pyarrow.parquet.write_table(table, folder / f"part-{i:03}.parquet", **options)
    folder.with_suffix(".npy").unlink()
    (folder / "done").touch()
    return folder


def used():
    """Seconds of processors so far, of this process and of its children that have ended."""
    return sum(os.times()[:4])


def most_memory():
    """The most memory that this process has had, in megabytes: what was resident, with the pages of
    files that were mapped. (ru_maxrss would begin with what the parent process had.)"""
    told = re.search(r"VmHWM:\s*(\d+) kB", pathlib.Path("/proc/self/status").read_text())
    return int(told[1]) / 1024


class Meter:
    """Seconds on the clock and of processors while a block runs."""

    def __init__(self, used=used):
        self.used = used

    def __enter__(self):
        self.begin = time.perf_counter(), self.used()
        return self

    def __exit__(self, *_):
        clock, used = self.begin
        self.seconds, self.cpu = time.perf_counter() - clock, self.used() - used


# What data/query.csv says of each run. Tasks: `moments`, the query; `killed`, the same while a
# worker is killed; `step`, one exact step of EM by SQL; `fit`, EM on the table that came back;
# `mixture`, an engine's own mixture of normals, with `steps` iterations.
RECORD = "task engine version rows steps seconds cpu megabytes machine cores date command".split()


def record(rows):
    """Rows of RECORD, as dictionaries, take the place of those with the same task, engine and
    number of rows in data/query.csv; the others stay."""
    file = ROOT / "data/query.csv"
    old = list(csv.DictReader(open(file))) if file.exists() else []
    info = re.search(r"model name\s*:\s*(.*)", pathlib.Path("/proc/cpuinfo").read_text())
    run = {
        "machine": info[1] if info else os.uname().machine,
        "cores": os.cpu_count(),
        "date": datetime.date.today().isoformat(),
        "command": os.environ.get("COMMAND", ""),
    }
    key = lambda row: (row["task"], row["engine"], int(row["rows"]))  # noqa: E731
    kept = {key(row): row for row in old}
    for row in rows:
        row = {**run, **row}
        for name in ("seconds", "cpu"):
            row[name] = f"{row[name]:.4f}"
        row["megabytes"] = f"{row['megabytes']:.0f}" if "megabytes" in row else ""
        kept[key(row)] = row
    with open(file, "w", newline="") as out:
        writer = csv.DictWriter(out, RECORD, lineterminator="\n")
        writer.writeheader()
        writer.writerows(kept[key] for key in sorted(kept))


# What every engine is asked about the notebook's samples. Bins an eighth of the least deviation wide.
ASKED = {
    "range": [],
    "moments": ["--width=0.125"],
    "step": ["--step=0.5:0:1,0.5:1:1"],
}


def notebook():
    """The 10 000 samples of the book as one Parquet file, column x."""
    need("numpy", "pyarrow")
    import numpy
    import pyarrow
    import pyarrow.parquet

    file = TARGET / "notebook.parquet"
    if not file.exists():
        data = numpy.load(samples("notebook", TARGET / "notebook.npy"))
        pyarrow.parquet.write_table(pyarrow.table({"x": data}), file)
    return file


def keep(engine, query):
    """Records the answers of an engine in data/query/ENGINE. `query` takes a text, in which the
    notebook's samples are the column x of the table samples, and gives names and rows."""
    for what, arguments in ASKED.items():
        names, rows = query(sql("--column", "x", *arguments))
        write_table(ROOT / f"data/query/{engine}/{what}.csv", names, rows)
        say(f"data/query/{engine}/{what}.csv: {len(rows)} rows")

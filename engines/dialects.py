"""One text by seven engines, and whether they answer alike: on a column with all in it that is no
sample, on a grid where no sum is rounded, and on the samples of the book.

dialects [ENGINE]...    all of them, or some; what they say of the samples of the book is recorded in
                        data/query/ENGINE
"""

import collections
import csv
import glob
import io
import math
import os
import pathlib
import shutil
import sqlite3
import statistics
import subprocess
import tempfile

from common import ROOT, TARGET, Parser, fail, keep, need, need_program, notebook, samples, say, sql
from common import write_table
from local import DataFusion, DuckDb
from servers import Servers
from spark import Spark


WIDTH = 0.125


def column(path):
    import pyarrow.parquet

    return pyarrow.parquet.read_table(path)["x"].to_pylist()


def read(text):
    """CSV as a client of an engine prints it: names and rows."""
    names, *rows = csv.reader(io.StringIO(text))
    return names, [[None if cell in ("", "\\N") else cell for cell in row] for row in rows]


class Sqlite:
    """Python has it. Two functions it lacks; the moments need neither."""

    name, version, error = "sqlite", sqlite3.sqlite_version, sqlite3.Error

    class Deviation:
        def __init__(self):
            self.values = []

        def step(self, value):
            if value is not None:
                self.values.append(value)

        def finalize(self):
            return statistics.stdev(self.values)

    def __init__(self):
        self.db = sqlite3.connect(":memory:")
        self.db.create_function("greatest", -1, max)
        self.db.create_aggregate("stddev_samp", 1, self.Deviation)

    def see(self, path):
        self.db.executescript("DROP TABLE IF EXISTS samples; CREATE TABLE samples (x DOUBLE)")
        self.db.executemany("INSERT INTO samples VALUES (?)", ([x] for x in column(path)))

    def query(self, text):
        answer = self.db.execute(text)
        return [name for name, *_ in answer.description], answer.fetchall()


class Polars:
    name = "polars"

    def __init__(self):
        need("polars")
        import polars

        self.polars, self.version, self.error = polars, polars.__version__, Exception

    def see(self, path):
        self.db = self.polars.SQLContext(samples=self.polars.scan_parquet(path))

    def query(self, text):
        answer = self.db.execute(text, eager=True)
        return answer.columns, answer.rows()


class ClickHouse:
    """Inside this process: chDB."""

    name, error = "clickhouse", Exception  # it raises nothing narrower

    def __init__(self):
        need("chdb")
        import chdb.session

        self.db = chdb.session.Session()
        self.version = self.db.query("SELECT version()", "TSV").data().strip()

    def see(self, path):
        file = str(path).replace("'", "\\'")
        self.db.query("DROP VIEW IF EXISTS samples")
        self.db.query(f"CREATE VIEW samples AS SELECT * FROM file('{file}', Parquet)")

    def query(self, text):
        return read(self.db.query(text, "CSVWithNames").data())


class Postgres:
    """A server of our own, whose socket lies among its files."""

    name, error = "postgres", subprocess.CalledProcessError

    def __init__(self, servers):
        places = os.pathsep.join([*glob.glob("/usr/lib/postgresql/*/bin"), os.environ["PATH"]])
        need_program("initdb", "postgresql", places)
        initdb, server, self.client = (
            shutil.which(name, path=places) for name in ("initdb", "postgres", "psql")
        )
        self.folder = tempfile.mkdtemp(prefix="emfit-")
        servers.folders.append(self.folder)
        self.options = {"cwd": self.folder}
        if os.geteuid() == 0:  # as which it does not run
            self.options |= {"user": "postgres", "group": "postgres", "extra_groups": []}
            shutil.chown(self.folder, "postgres", "postgres")
        self.run([initdb, "--auth=trust", "--pgdata", self.folder])
        options = ["-D", self.folder, "-k", self.folder, "-c", "listen_addresses="]
        servers.start("server of postgres", [server, *options], **self.options)
        socket = pathlib.Path(self.folder, ".s.PGSQL.5432")
        servers.until("the server of postgres answers", socket.exists)
        self.version = self.query("SHOW server_version")[1][0][0].split()[0]

    def run(self, command, text=None):
        options = {"capture_output": True, "text": True, "check": True, "input": text}
        return subprocess.run(command, **options, **self.options).stdout

    def psql(self, *arguments, text=None):
        options = ["--no-psqlrc", "--csv", "-q", "-v", "ON_ERROR_STOP=1", "-d", "postgres"]
        return self.run([self.client, "-h", self.folder, *options, *arguments], text)

    def see(self, path):
        table = "DROP TABLE IF EXISTS samples; CREATE TABLE samples (x DOUBLE PRECISION)"
        values = ("\\N" if x is None else repr(x) for x in column(path))
        self.psql("-c", table)
        self.psql("-c", "COPY samples FROM STDIN", text="\n".join(values))

    def query(self, text):
        return read(self.psql("-c", text))


DENORMAL, LARGEST = 5e-324, 1.7976931348623157e308
NO_SAMPLES = [None, None, math.nan, -math.nan, math.inf, -math.inf, 1e17, 1e300, -1e300, LARGEST]
GOOD = [-0.0, 0.0, DENORMAL, -DENORMAL, 1e-310, -1e-310, 1e-300, -1e-300, 0.1, 0.2, 2.5, -2.5,
        2.4999999999999996, 3.0, 1e14, -1e14]  # fmt: skip


def everything():
    """What a column may have, as Parquet."""
    import pyarrow
    import pyarrow.parquet

    file = TARGET / "everything.parquet"
    table = pyarrow.table({"x": pyarrow.array(NO_SAMPLES + GOOD, pyarrow.float64())})
    pyarrow.parquet.write_table(table, file)
    return file


def grid(rows=10**6):
    """Samples that are multiples of 1/128, as Parquet: in bins of an eighth, no sum is rounded."""
    import numpy
    import pyarrow
    import pyarrow.parquet

    file = TARGET / "grid.parquet"
    data = numpy.floor(numpy.load(samples(rows, TARGET / "grid.npy")) * 128) / 128
    pyarrow.parquet.write_table(pyarrow.table({"x": data}), file, row_group_size=100_000)
    return file


def table(answer):
    """The moments of each bin, by its number; None is the bin of what has none."""
    _, rows = answer
    number = lambda cell: None if cell is None else float(cell)  # noqa: E731
    return {number(bin): [number(cell) for cell in cells] for _, bin, *cells in rows}


def expected(path):
    """The same from the samples, without an engine. Sums of more than a few are exact on a grid only."""
    found = collections.defaultdict(lambda: [0.0] * 9)
    for x in column(path):
        place = math.nan if x is None else x * 8.0
        bin = math.floor(place) if abs(place) <= 1e15 else None
        t = None if bin is None else 2.0 * (place - bin) - 1.0
        powers = [None] * 7 if bin is None else [t**p for p in range(1, 8)]
        row = found[bin]
        for i, more in enumerate([1.0, float(x is not None), *powers]):
            row[i] = None if more is None else row[i] + more
    return dict(found)


def differences(found, wanted):
    """In which bins other samples are counted, and the largest difference of a moment as a share of
    the samples of its bin."""
    counts = [{bin: row[0] for bin, row in rows.items()} for rows in (found, wanted)]
    if counts[0] != counts[1]:
        return sorted((counts[0].items() ^ counts[1].items()), key=str), math.nan
    pairs = ((row, wanted[bin]) for bin, row in found.items() if bin is not None)
    return [], max(abs(a - b) / row[0] for row, want in pairs for a, b in zip(row, want))


def trial(engine, text, all_of, on_grid, sums):
    """A line of what an engine says, and what of it is wrong."""
    engine.see(all_of)
    found = table(engine.query(text))
    wrong, off = differences(found, expected(all_of))
    rows, filled = found[None][:2]
    nulls = NO_SAMPLES.count(None)
    if engine.name == "sqlite":  # which stores NaN as NULL
        nulls += sum(x is not None and math.isnan(x) for x in NO_SAMPLES)
    if rows - filled != nulls:
        wrong.append(f"{rows - filled} rows are NULL, not {nulls}")
    if not off < 1e-15:
        wrong.append(f"moments are off by {off}")
    engine.see(on_grid)
    same = table(engine.query(text)) == sums
    wrong += [] if same else ["other bits on a grid"]
    line = [f"{engine.version:9}", f"{len(found) - 1:4}", f"{rows:8.0f}", f"{rows - filled:4.0f}"]
    return "  ".join([*line, "the same" if same else "others"]), wrong


def main():
    kinds = [ClickHouse, DataFusion, DuckDb, Polars, Postgres, Spark, Sqlite]
    kinds = {kind.name: kind for kind in kinds}
    parser = Parser("dialects")
    parser.add_argument("engines", nargs="*", metavar="ENGINE", help=", ".join(kinds))
    names = parser.parse_args().engines or list(kinds)
    for name in names:
        if name not in kinds:
            fail(f"there is no engine {name}: there are {', '.join(kinds)}")
    need("numpy", "pyarrow")
    text = sql("--column", "x", "--width", WIDTH)
    files = everything(), grid()
    sums = expected(files[1])
    differ = []
    print("engine      version    bins  left out  NULL  bits on a grid")
    with Servers("dialects") as servers:
        for name in names:
            engine = kinds[name](servers) if name == "postgres" else kinds[name]()
            try:
                line, wrong = trial(engine, text, *files, sums)
                engine.see(notebook())
                keep(name, engine.query)
            except engine.error as error:
                told = getattr(error, "stderr", None) or error  # of a client, or of the engine
                line, wrong = engine.version, [told]
            print(f"{name:10}  {line}", flush=True)
            for what in wrong:
                say(f"{name}: {' '.join(str(what).split())}")
            differ += [name] if wrong else []
    if "duckdb" in names:
        counts = (ROOT / "engines/counts.sql").read_text()
        duckdb = DuckDb()
        duckdb.see(notebook())
        write_table(ROOT / "data/query/counts.csv", *duckdb.query(counts))
    if differ:
        fail(f"{', '.join(differ)}: not what the samples say", 1)


if __name__ == "__main__":
    main()

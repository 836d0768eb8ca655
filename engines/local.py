"""The engines that run inside this process: DuckDB and DataFusion, by their wheels.

local.py ENGINE PATH SQL REPEATS    runs a query so often, and prints what the best took as JSON
"""

import json
import pathlib
import sys

from common import Meter, fail, most_memory, need

# Words that a type of numbers begins with, in either engine.
NUMBERS = ("tinyint", "smallint", "integer", "bigint", "hugeint", "utinyint", "usmallint",
           "uinteger", "ubigint", "uhugeint", "float", "double", "decimal",
           "int", "uint", "halffloat")  # fmt: skip


def files(path):
    """The files of a path that are read together, and their kind: parquet or csv."""
    path = pathlib.Path(path)
    if not path.exists():
        fail(f"{path}: there is no such file or folder")
    found = [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.is_file())
    kinds = {
        kind: [p for p in found if p.suffix.lower() == f".{kind}"] for kind in ("parquet", "csv")
    }
    kinds = {kind: paths for kind, paths in kinds.items() if paths}
    if len(kinds) != 1:
        neither = "is no file that ends in .parquet or .csv"
        fail(f"{path}: there {'are both Parquet and CSV files' if kinds else neither}")
    return next(iter(kinds.items()))


class DuckDb:
    name = "duckdb"

    def __init__(self):
        need("duckdb")
        import duckdb

        self.version, self.error = duckdb.__version__, duckdb.Error
        self.db = duckdb.connect()
        self.db.execute("SET enable_external_file_cache = false")  # each file is read once
        self.db.execute("SET preserve_insertion_order = false")
        self.db.execute("SET memory_limit = '400MB'")

    def see(self, path):
        """The samples of a path are the table samples from now on."""
        kind, paths = files(path)
        names = ", ".join("'" + str(p).replace("'", "''") + "'" for p in paths)
        self.db.execute(f"CREATE OR REPLACE VIEW samples AS SELECT * FROM read_{kind}([{names}])")

    def types(self):
        """Column names and their types."""
        return {row[0]: row[1] for row in self.db.execute("DESCRIBE samples").fetchall()}

    def query(self, text):
        """The names of the columns of an answer, and its rows."""
        answer = self.db.execute(text)
        return [column[0] for column in answer.description], answer.fetchall()


class DataFusion:
    name = "datafusion"
    error = Exception  # it raises nothing narrower

    def __init__(self):
        need("datafusion", "pyarrow")
        import datafusion

        self.datafusion, self.version = datafusion, datafusion.__version__

    def see(self, path):
        self.db = self.datafusion.SessionContext()
        kind, paths = files(path)
        read = self.db.read_parquet if kind == "parquet" else self.db.read_csv
        frame = read(str(paths[0]))
        for other in paths[1:]:
            frame = frame.union(read(str(other)))
        self.db.register_view("samples", frame)

    def types(self):
        return {field.name: str(field.type) for field in self.db.table("samples").schema()}

    def query(self, text):
        frame = self.db.sql(text)
        names = [field.name for field in frame.schema()]
        return names, [tuple(row[name] for name in names) for row in frame.to_pylist()]


ENGINES = {engine.name: engine for engine in (DuckDb, DataFusion)}


def is_number(kind):
    return kind.lower().startswith(NUMBERS) and "[" not in kind


def open_column(engine, path, column):
    """An engine that sees the column of a path, and the column as SQL says it."""
    engine = ENGINES[engine]()
    try:
        engine.see(path)
        types = engine.types()
    except engine.error as error:
        fail(f"{path}: {error}")
    if column is None and len(types) == 1:
        column = next(iter(types))
    if not types:
        fail(f"{path}: there are no columns")
    if column not in types:
        named = f"there is no column {column!r}" if column else "--column says which"
        fail(f"{path}: {named}; there are {', '.join(types)}")
    if not is_number(types[column]):
        fail(f"{path}, column {column}: it is {types[column]}, and no column of numbers")
    return engine, '"' + column.replace('"', '""') + '"'


def main(name, path, text, repeats):
    engine = ENGINES[name]()
    engine.see(path)
    best = None
    for _ in range(int(repeats)):
        with Meter() as meter:
            engine.query(text)
        if best is None or meter.seconds < best.seconds:
            best = meter
    told = {"engine": name, "version": engine.version, "seconds": best.seconds, "cpu": best.cpu}
    print(json.dumps({**told, "megabytes": most_memory()}))


if __name__ == "__main__":
    main(*sys.argv[1:])

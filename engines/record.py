"""What the query costs on DuckDB and DataFusion, and EM on its table: rows of data/query.csv.

record [--most ROWS]
"""

import json
import pathlib
import subprocess
import sys

from common import TARGET, Meter, Parser, count, emfit, parquet, record, say, sql, write_table
from local import ENGINES

SIZES = [10**6, 10**7, 10**8]
REPEATS = 3
FINE = "--width=0.015625"
TASKS = {"moments": ["--width=0.125"], "step": ["--step=0.5:0:1,0.5:1:1"]}


def cost(engine, folder, text):
    """In a process of its own, whose memory is that of this query."""
    command = [sys.executable, pathlib.Path(__file__).with_name("local.py")]
    command += [engine, folder, text, str(REPEATS)]
    return json.loads(subprocess.check_output(command))


def fit(rows):
    """EM on a table of a thousand rows, as a command: reading it, twenty starts, standard errors."""
    engine = ENGINES["duckdb"]()
    engine.see(parquet(rows))
    table = TARGET / "record.csv"
    write_table(table, *engine.query(sql("--column", "x", FINE)))
    best = None
    for _ in range(10):
        with Meter() as meter:
            emfit("moments", table, "-k", "2", capture_output=True, check=True)
        if best is None or meter.seconds < best.seconds:
            best = meter
    version = emfit("--version", capture_output=True, text=True).stdout.split()[-1]
    return {"engine": "emfit", "version": version, "seconds": best.seconds, "cpu": best.cpu}


def main():
    parser = Parser("record")
    parser.add_argument("--most", type=count, default=max(SIZES), help="no more rows than this")
    most = parser.parse_args().most
    found = []
    for rows in (size for size in SIZES if size <= most):
        folder = parquet(rows)
        for name in ENGINES:
            for task, arguments in TASKS.items():
                say(f"{name}, {rows} rows, {task}")
                steps = 1 if task == "step" else ""
                told = cost(name, folder, sql("--column", "x", *arguments))
                found.append({"task": task, "rows": rows, "steps": steps, **told})
        found.append({"task": "fit", "rows": rows, "steps": "", **fit(rows)})
    record(found)


if __name__ == "__main__":
    main()

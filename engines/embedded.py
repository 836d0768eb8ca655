"""A reader's own file: one pass by DuckDB or DataFusion inside this process, then EM by emfit.

embedded FILE|FOLDER --column NAME [--engine duckdb|datafusion] [--width W] [--table FILE.csv] ...
What else there is goes to `emfit moments`: -k 2, --interval 0.95, --plot fit.svg and the rest.
"""

import os
import re
import sys

from common import FROM, TARGET, Parser, emfit, fail, say, sql, write_table
from local import ENGINES, open_column


def arguments():
    parser = Parser("embedded")
    parser.add_argument("path", metavar="FILE|FOLDER", help="Parquet or CSV")
    parser.add_argument("--column", help="its name; of one column, none is needed")
    parser.add_argument("--engine", choices=ENGINES, default="duckdb")
    parser.add_argument("--width", help="of a bin, a power of two; without it, a query finds it")
    parser.add_argument("--table", help="where the table of moments is kept")
    return parser.parse_known_args()


def around(engine, column, path):
    """What the first query tells of the width: mean and deviation, for `emfit sql --around`."""
    _, rows = engine.query(sql("--column", column))
    row = dict(zip(["m0", "numbers", "low", "high", "mean", "deviation"], rows[0]))
    if not row["numbers"]:
        fail(f"{path}: there are no samples in {row['m0']} rows")
    say("{numbers} samples in {m0} rows, from {low:.7g} to {high:.7g}".format(**row))
    deviation = row["deviation"] or 0.0  # NULL, of one sample
    return f"--around={row['mean']!r},{deviation!r}"


def moments(engine, column, path, width, table):
    """The pass over the data."""
    width = f"--width={width}" if width else around(engine, column, path)
    names, rows = engine.query(sql("--column", column, width))
    write_table(table, names, rows)
    say(f"{len(rows)} rows came back: {table}")


def main():
    own, rest = arguments()
    os.chdir(FROM)
    engine, column = open_column(own.engine, own.path, own.column)
    table = FROM / own.table if own.table else TARGET / "embedded.csv"
    width = own.width
    for _ in range(3):
        try:
            moments(engine, column, own.path, width, table)
        except engine.error as error:
            fail(f"{own.path}: {error}", 1)
        answer = emfit("moments", table, *rest, capture_output=True, text=True)
        # A component may be too narrow for the first width, which an outlier can spoil.
        asked = re.search(r"a table with the width (\S+)", answer.stderr)
        if not asked or own.width:
            break
        width = asked[1]
        say(f"a component is too narrow for this width; once more with {width}")
    sys.stdout.write(answer.stdout)
    sys.stderr.write(answer.stderr)
    sys.exit(answer.returncode)


if __name__ == "__main__":
    main()

"""A cluster that is really one: a master and two workers on 127.0.0.1. The query, the query while a
worker is killed, and the cluster's own mixture of normals; all stopped again at the end.

cluster [--with spark|ballista] [--rows ROWS] [--mixture ROWS]
"""

import json
import logging
import queue
import threading
import time

from ballista import BallistaCluster
from common import TARGET, Meter, Parser, count, emfit, fail, need, parquet, record, say, sql, used
from common import write_table
from dialects import differences, table
from local import ENGINES
from servers import Servers
from spark import SparkCluster

CLUSTERS = {cluster.name: cluster for cluster in (SparkCluster, BallistaCluster)}
ROWS, MIXTURE, STEPS = 10**8, 10**7, 20
COLUMNS = {
    "x": "x",
    # The same to the multiples of 1/128 below: in bins of an eighth, no sum is rounded.
    "x on a grid": "floor(x * 128e0) / 128e0",
}
SIZES = [10**6, 10**7]  # and of the query, fewer rows


def watched(servers, work, kill=None, due=None):
    """What `work` gives, while all servers are watched; one of them is killed when it is due."""
    given = queue.Queue()

    def run():
        try:
            given.put((work(), None))
        except Exception as error:  # engines raise what they like
            given.put((None, error))

    threading.Thread(target=run, daemon=True).start()
    while given.empty():
        servers.check()
        if kill and due():
            servers.kill(kill)
            say(f"killed: the {kill}")
            kill = None
        time.sleep(0.01)
    answer, error = given.get()
    if error:
        raise error
    if kill:
        fail(f"the {kill} was to be killed half-way, and the query had ended: more --rows", 1)
    return answer


def fit(answer):
    """EM on a table: weight, mean and variance of each component, in ten digits."""
    file = TARGET / "cluster.csv"
    write_table(file, *answer)
    told = emfit("moments", file, "-k", "2", "--format", "json", capture_output=True, text=True)
    if told.returncode:
        fail(told.stderr, 1)
    names = ("weight", "mean", "variance")
    return [f"{c[name]:.9e}" for c in json.loads(told.stdout)["components"] for name in names]


def show(what, took, answer, first):
    """A line that compares an answer with the first one: counts and fit must be the same."""
    wrong, off = differences(table(answer), table(first))
    if wrong:
        fail(f"{what}: other counts in the bins {wrong[:6]}", 1)
    if (found := fit(answer)) != (wanted := fit(first)):
        fail(f"{what}: another fit, {found} for {wanted}", 1)
    bits = "the same" if off == 0 else f"{off:.0e}"
    print(f"{what:44} {took.seconds:8.2f} {took.cpu:8.2f}  {bits}", flush=True)
    return off


def best(used, work):
    """What `work` gives, and what the shortest of three times took."""
    took = None
    for _ in range(3):
        with Meter(used) as meter:
            answer = work()
        took = meter if took is None or meter.seconds < took.seconds else took
    return answer, took


def trial(cluster, servers, rows):
    """The query on x and on x on a grid: undisturbed, while a worker is killed, and by the engines that
    run in this process. Gives what is recorded."""
    costs = []
    cluster.see(parquet(rows))
    for name, column in COLUMNS.items():
        text = sql("--column", column, "--width=0.125")
        whole, took = best(servers.cpu, lambda: watched(servers, lambda: cluster.query(text)))
        show(f"{name}, {cluster.name}", took, whole, whole)
        worker = cluster.workers[-1]
        with Meter(servers.cpu) as killed:
            answer = watched(servers, lambda: cluster.query(text), worker, cluster.half_way)
        off = show(f"{name}, {cluster.name}, a worker killed", killed, answer, whole)
        cluster.start_worker(worker)
        cluster.ready()
        costs += [("moments", took), ("killed", killed)] if column == "x" else []
        for engine in (kind() for kind in ENGINES.values()):
            engine.see(parquet(rows))
            answer, took = best(used, lambda: engine.query(text))
            off = max(off, show(f"{name}, {engine.name}", took, answer, whole))
        if column != "x" and off > 0:
            fail(f"{name}: other bits", 1)
    return [cost(cluster, task, rows, meter) for task, meter in costs]


def cost(cluster, task, rows, meter, steps=""):
    told = {"task": task, "engine": cluster.name, "version": cluster.version, "rows": rows}
    return {**told, "steps": steps, "seconds": meter.seconds, "cpu": meter.cpu}


def smaller(cluster, servers, rows):
    """The query on fewer rows, for the curve."""
    cluster.see(parquet(rows))
    text = sql("--column", "x", "--width=0.125")
    answer, took = best(servers.cpu, lambda: watched(servers, lambda: cluster.query(text)))
    show(f"{rows:.0e} rows, {cluster.name}", took, answer, answer)
    return cost(cluster, "moments", rows, took)


def own_mixture(cluster, servers, rows, query):
    """The cluster's own mixture of normals, and how many times the query's time of processors it takes."""
    cluster.see(parquet(rows))
    with Meter(servers.cpu) as took:
        watched(servers, lambda: cluster.mixture(STEPS))
    what = f"{rows:.0e} rows, {cluster.name}, its own mixture, {STEPS} steps"
    print(f"{what:44} {took.seconds:8.2f} {took.cpu:8.2f}  {took.cpu / query:.0f} times the query")
    return cost(cluster, "mixture", rows, took, STEPS)


def everything(cluster, servers, rows, most):
    costs = [smaller(cluster, servers, size) for size in SIZES if size < rows]
    costs += trial(cluster, servers, rows)
    most = most if cluster.mixture else 0
    queries = [c for c in costs if c["task"] == "moments" and c["rows"] <= most]
    return costs + [own_mixture(cluster, servers, c["rows"], c["cpu"]) for c in queries]


def main():
    parser = Parser("cluster")
    parser.add_argument("--with", dest="name", choices=CLUSTERS, default="spark")
    parser.add_argument("--rows", type=count, default=ROWS, help="for the query, 1e8")
    parser.add_argument("--mixture", type=count, default=MIXTURE, help="for Spark's own, 1e7")
    own = parser.parse_args()
    logging.disable()  # of the libraries: what goes wrong is said here, in a line
    rows, most = own.rows, own.mixture
    need("numpy", "pyarrow")
    print(f"{'samples and engine':44}  seconds    CPU s  largest difference of a moment")
    with Servers(f"cluster-{own.name}") as servers:
        try:
            costs = everything(CLUSTERS[own.name](servers), servers, rows, most)
        except Exception as error:  # of the cluster, or of its connection
            time.sleep(1)
            servers.check()  # of which it may be the consequence
            fail(f"{own.name}: {error}".split("\n")[0], 1)
    if (rows, most) == (ROWS, MIXTURE):
        record(costs)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        fail("stopped by hand; nothing is left running", 130)

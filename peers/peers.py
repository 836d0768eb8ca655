"""numpy and scikit-learn, and the table of all peers.

peers.py speed PEER FILE.npy SHORT LONG REPEATS
peers.py fits PEER FILE.csv K
peers.py data FOLDER            one column a file, from the book's data
peers.py report TASK LINES CSV  reads what the peers printed, checks it, prints it, records it
"""

import csv
import datetime
import json
import math
import os
import pathlib
import statistics
import subprocess
import sys
import time
import warnings

ROOT = pathlib.Path(__file__).parent.parent
START = [(0.5, 0.0, 1.0), (0.5, 1.0, 1.0)]  # weight, mean, variance: the notebook's guess
CLOSE = 1e-8  # what rounding may do to a parameter in so many steps


def show(mixture):
    return ",".join(":".join(repr(float(number)) for number in c) for c in mixture)


def memberships(x, w, mu, var):
    import numpy as np

    y = w * np.exp(-((x - mu) ** 2) / (2 * var)) / np.sqrt(2 * np.pi * var)
    y /= y.sum(axis=0)
    return y, y.sum(axis=1, keepdims=True)


def numpy_steps(x, steps, ecm=False):
    """The notebook's loop, in whole arrays: one row a component.

    With `ecm`, as mixtools does it: a second E-step before the variances and the weights.
    """
    import numpy as np

    begin = time.perf_counter()
    w, mu, var = (np.array(column)[:, None] for column in zip(*START))
    for _ in range(steps):
        y, n_k = memberships(x, w, mu, var)
        w = n_k / len(x)
        mu = (y * x).sum(axis=1, keepdims=True) / n_k
        if ecm:
            y, n_k = memberships(x, w, mu, var)
            w = n_k / len(x)
            var = (y * (x - mu) ** 2).sum(axis=1, keepdims=True) / n_k
        else:
            var = (y * x**2).sum(axis=1, keepdims=True) / n_k - mu**2
    seconds = time.perf_counter() - begin
    return seconds, zip(w.ravel(), mu.ravel(), var.ravel())


def scikit_learn(x, k, **settings):
    from sklearn.mixture import GaussianMixture

    model = GaussianMixture(k, **settings)
    begin = time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that it has not converged, where steps are counted
        model.fit(x[:, None])
    seconds = time.perf_counter() - begin
    return seconds, zip(model.weights_, model.means_.ravel(), model.covariances_.ravel())


def scikit_learn_steps(x, steps):
    import numpy as np

    w, mu, var = map(np.array, zip(*START))
    start = {"weights_init": w, "means_init": mu[:, None]}
    start["precisions_init"] = 1 / var[:, None, None]
    return scikit_learn(x, 2, tol=0, reg_covar=0, max_iter=steps, **start)


def speed(peer, file, short, long, repeats):
    import numpy as np

    x, short, long = np.load(file), int(short), int(long)
    if peer == "numpy":
        version, steps = np.__version__, numpy_steps
        print_speed("mixtools' step", version, x, 0, 0.0, numpy_steps(x, long, True))
    else:
        import sklearn

        version, steps = sklearn.__version__, scikit_learn_steps
    for _ in range(int(repeats)):
        shorter, _ = steps(x, short)
        print_speed(peer, version, x, long - short, shorter, steps(x, long))


def print_speed(name, version, x, more, shorter, longer):
    seconds, mixture = longer
    print("speed", name, version, len(x), more, shorter, seconds, show(mixture), sep="\t")


def fits(peer, file, k):
    if peer == "emfit":
        return emfit(file, k)
    import numpy as np
    import sklearn

    x = np.loadtxt(file, skiprows=1)
    for _ in range(5):
        seconds, mixture = scikit_learn(x, int(k), random_state=0)
        print("fits", peer, sklearn.__version__, file, k, seconds, show(mixture), sep="\t")


def emfit(file, k):
    """Here this repository's own command joins: with its defaults, as the peers."""
    command = [os.environ["EMFIT"]]
    version = subprocess.check_output([*command, "--version"], text=True).split()[-1]
    arguments = [file, "--components", k, "--format", "json", "--timings"]
    for _ in range(5):
        answer = json.loads(subprocess.check_output(command + arguments))
        mixture = [(c["weight"], c["mean"], c["variance"]) for c in answer["components"]]
        seconds = answer["timings"]["fit"]
        print("fits", "emfit", version, file, k, seconds, show(mixture), sep="\t")


def data(folder):
    """Old Faithful in minutes, the galaxies in 1000 km/s, and the crabs at the midpoints of their classes."""

    def column(name, of):
        file = ROOT / "data" / f"{name}.csv"
        if not file.exists():
            print(f"peers: {file} is not there: left out", file=sys.stderr)
            return
        numbers = [x for row in csv.DictReader(open(file)) for x in of(row)]
        lines = "\n".join(["x", *map(repr, numbers)])
        pathlib.Path(folder, f"{name}.csv").write_text(lines + "\n")

    def midpoint(row):
        low, high = float(row["lower"]), float(row["upper"])
        middle = (low + high) / 2
        if math.isinf(middle):  # an open class: as wide as the others
            middle = high - 0.002 if math.isinf(low) else low + 0.002
        return [middle] * int(row["count"])

    column("old_faithful", lambda row: [float(row["waiting_minutes"])])
    column("galaxies", lambda row: [float(row["velocity_km_per_s"]) / 1000])
    column("pearson_crabs", midpoint)


def parsed(mixture):
    return [tuple(map(float, c.split(":"))) for c in mixture.split(",")]


def distance(a, b):
    """The largest difference of two parameters, relative where they are above 1."""
    pairs = ((p, q) for c, d in zip(parsed(a), parsed(b)) for p, q in zip(c, d))
    return max(abs(p - q) / max(1, abs(q)) for p, q in pairs)


def log_likelihood(x, mixture):
    """The sum over the samples of ln p(x); one judge for all."""

    def ln_p(x):
        logs = [
            math.log(w) - 0.5 * ((x - mu) ** 2 / var + math.log(2 * math.pi * var))
            for w, mu, var in mixture
        ]
        top = max(logs)
        return top + math.log(sum(math.exp(log - top) for log in logs))

    return math.fsum(map(ln_p, x))


def report_speed(lines):
    runs = {}  # (samples, peer): version, seconds an iteration, iterations timed, mixture
    for peer, version, n, more, shorter, longer, mixture in lines:
        run = runs.setdefault((int(n), peer), (version, [], int(more), mixture))
        if more != "0":
            run[1].append((float(longer) - float(shorter)) / int(more))
    wrong = []
    for (n, peer), (_, _, _, mixture) in runs.items():
        like = "mixtools' step" if (n, "mixtools' step") in runs and peer == "mixtools" else "ours"
        off = distance(mixture, runs[n, like][3])
        if peer == "mixtools" and like == "ours":
            print("mixtools: its step is checked only beside numpy")
        elif peer != "mixtools' step":
            print(f"{peer}, {n} samples: within {off:.0e} of {like}")
            if not off <= CLOSE:
                wrong.append(f"{peer}, {n} samples: {mixture}, not {runs[n, like][3]}")
    if wrong:
        sys.exit("peers: not the same work, so no times:\n" + "\n".join(wrong))
    print(f"\n{'plain EM, K = 2, one thread':28}{'samples':>10}{'ns':>9}{'/ ours':>9}"
          f"{'100 iterations':>17}")
    for (n, peer), (version, seconds, more, _) in sorted(runs.items(), key=lambda run: run[0][0]):
        if peer == "mixtools' step":
            continue
        second = statistics.median(seconds)
        ns = second / (2 * n) * 1e9
        ratio = second / statistics.median(runs[n, "ours"][1])
        print(f"{peer + ' ' + version:28}{n:10}{ns:9.2f}{ratio:9.1f}{100 * second:15.3f} s")
        yield {
            "data": "simulated", "samples": n, "components": 2, "peer": peer, "version": version,
            "iterations": more, "repeats": len(seconds), "nanoseconds": f"{ns:.3f}",
            "times_ours": f"{ratio:.2f}", "seconds": f"{100 * second:.6f}",
        }


def report_fits(lines):
    runs = {}
    for peer, version, file, k, seconds, mixture in lines:
        run = runs.setdefault((pathlib.Path(file), k, peer), (version, [], mixture))
        run[1].append(float(seconds))
    print(f"\n{'defaults':28}{'data':>16}{'K':>3}{'log-likelihood':>18}{'ms':>10}")
    for (file, k, peer), (version, seconds, mixture) in runs.items():
        x = [float(line) for line in file.read_text().split()[1:]]
        failed = mixture.startswith("failed")
        likelihood = "" if failed else f"{log_likelihood(x, parsed(mixture)):.6f}"
        second = statistics.median(seconds)
        print(f"{peer + ' ' + version:28}{file.stem:>16}{k:>3}{likelihood:>18}{second * 1e3:10.2f}"
              + (f"  {mixture}" if failed else ""))
        yield {
            "data": file.stem, "samples": len(x), "components": k, "peer": peer,
            "version": version, "repeats": len(seconds), "log_likelihood": likelihood,
            "seconds": f"{second:.6f}",
        }


def report(task, lines, file):
    """The rows of the task take the place of its old ones; those of the other task stay."""
    lines = [line.rstrip("\n").split("\t") for line in open(lines)]
    rows = {"speed": report_speed, "fits": report_fits}[task](line[1:] for line in lines)
    names = ("task data samples components peer version iterations repeats nanoseconds times_ours"
             " log_likelihood seconds machine cores date command").split()
    info = [line.split(":")[1].strip() for line in open("/proc/cpuinfo") if "model name" in line]
    run = {"task": task, "machine": info[0] if info else os.uname().machine,
           "cores": os.cpu_count(), "date": datetime.date.today().isoformat(),
           "command": os.environ.get("COMMAND", "")}
    rows = [{**run, **row} for row in rows]
    file = pathlib.Path(file)
    old = list(csv.DictReader(open(file))) if file.exists() else []
    rows += [row for row in old if row["task"] != task]
    with open(file, "w", newline="") as out:
        writer = csv.DictWriter(out, names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(sorted(rows, key=lambda row: row["task"], reverse=True))


if __name__ == "__main__":
    {"speed": speed, "fits": fits, "data": data, "report": report}[sys.argv[1]](*sys.argv[2:])

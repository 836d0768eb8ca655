#!/usr/bin/env python3
"""Maxima of the log-likelihood to forty digits, and what the log-likelihood bends there: the oracle of
crates/fit/tests/maxima.rs.

    pip install mpmath==1.3.0 && python3 peers/maximum.py

Nothing here is shared with the book: densities and normal probabilities in sixty digits by mpmath,
slopes and bends by differences with h = 1e-18, whose error is about 1e-36, and Newton's method from a
rough fit until a step is below 1e-30. Prints the constants that the test has, in twenty digits.
"""

import csv
from mpmath import mp, mpf, log, exp, sqrt, pi, ncdf, matrix, lu_solve, inverse, nstr

mp.dps = 60
H = mpf(10) ** -18


def column(file, index, scale="1"):
    with open(f"data/{file}.csv") as lines:
        rows = [line for line in csv.reader(lines) if line and not line[0].startswith("#")]
    return [mpf(row[index]) / mpf(scale) for row in rows[1:]]


def classes():
    with open("data/pearson_crabs.csv") as lines:
        rows = [line for line in csv.reader(lines) if line and not line[0].startswith("#")]
    return [tuple(mpf(cell) for cell in row) for row in rows[1:]]


def mixture(theta, tied):
    """Weights, means and variances from the free parameters."""
    k = (len(theta) if tied else len(theta) + 1) // (2 if tied else 3)
    weights = list(theta[: k - 1])
    weights.append(1 - sum(weights))
    variances = [theta[2 * k - 1]] * k if tied else list(theta[2 * k - 1 :])
    return weights, list(theta[k - 1 : 2 * k - 1]), variances


def of_samples(data, tied=False, prior=None):
    whole = sum(data) / len(data)
    spread = sum((x - whole) ** 2 for x in data) / len(data)

    def value(theta):
        parts = list(zip(*mixture(theta, tied)))
        heights = [(w / sqrt(2 * pi * v), m, 2 * v) for w, m, v in parts]
        total = sum(log(sum(h * exp(-((x - m) ** 2) / v) for h, m, v in heights)) for x in data)
        if prior:
            strength, scale = prior
            total -= sum(strength * (log(v) + scale * spread / v) / 2 for _, _, v in parts)
        return total

    return value


def of_classes(rows):
    def value(theta):
        parts = [(w, m, sqrt(v)) for w, m, v in zip(*mixture(theta, False))]
        p = lambda a, b: sum(w * (ncdf((b - m) / s) - ncdf((a - m) / s)) for w, m, s in parts)
        return sum(n * log(p(a, b)) for a, b, n in rows if n > 0)

    return value


def bends(value, theta):
    """Slopes and second derivatives."""
    d, units = len(theta), [max(abs(t), mpf("1e-3")) * H for t in theta]

    def at(*moves):
        moved = list(theta)
        for p, by in moves:
            moved[p] += by * units[p]
        return value(moved)

    here = at()
    ups, downs = [at((p, 1)) for p in range(d)], [at((p, -1)) for p in range(d)]
    slopes = matrix([(ups[p] - downs[p]) / (2 * units[p]) for p in range(d)])
    second = matrix(d, d)
    for p in range(d):
        second[p, p] = (ups[p] - 2 * here + downs[p]) / units[p] ** 2
        for q in range(p):
            corner = at((p, 1), (q, 1)) - at((p, 1), (q, -1)) - at((p, -1), (q, 1)) + at((p, -1), (q, -1))
            second[p, q] = second[q, p] = corner / (4 * units[p] * units[q])
    return here, slopes, second


def maximum(name, value, start, tied=False, penalty=None):
    theta = [mpf(t) for t in start]
    for _ in range(60):
        here, slopes, second = bends(value, theta)
        step = lu_solve(-second, slopes)
        size = max(abs(s) / max(abs(t), mpf("1e-3")) for s, t in zip(step, theta))
        share = min(1, mpf("0.05") / size)
        theta = [t + share * s for t, s in zip(theta, step)]
        if size < mpf(10) ** -30:
            break
    else:
        raise SystemExit(f"{name}: Newton's method does not come to rest")
    here, _, second = bends(value, theta)
    covariance = inverse(-second)
    k = len(mixture(theta, tied)[0])
    errors = [sqrt(covariance[p, p]) for p in range(len(theta))]
    last = sqrt(sum(covariance[p, q] for p in range(k - 1) for q in range(k - 1)))
    errors = (errors[: k - 1] + [last], errors[k - 1 : 2 * k - 1], errors[2 * k - 1 :] * (k if tied else 1))
    print(f"{name}: {nstr(penalty(theta) if penalty else here, 20)}")
    for row, wrong in zip(zip(*mixture(theta, tied)), zip(*errors)):
        print("    [" + ", ".join(nstr(x, 20) for x in row) + "], [" + ", ".join(nstr(x, 12) for x in wrong) + "],")


waits = column("old_faithful", 1)
galaxies = column("galaxies", 0, "1000")
maximum("old_faithful 2", of_samples(waits), ["0.361", "54.61", "80.09", "34.5", "34.4"])
maximum("old_faithful 2 tied", of_samples(waits, tied=True), ["0.361", "54.61", "80.09", "34.4"], tied=True)
maximum(
    "old_faithful 2 prior 2:0.1",
    of_samples(waits, prior=(2, mpf("0.1"))),
    ["0.361", "54.61", "80.09", "34.3", "34.2"],
    penalty=of_samples(waits),
)
three = ["0.085", "0.878", "9.71", "21.40", "33.044", "0.1785", "4.816", "0.8496"]
maximum("galaxies 3", of_samples(galaxies), three)
four = ["0.085", "0.208", "0.670", "9.71", "19.747", "21.9126", "33.0445", "0.1785", "0.18914", "5.1416", "0.8496"]
maximum("galaxies 4", of_samples(galaxies), four)
crabs = ["0.4528", "0.63262", "0.65469", "0.0003467", "0.00015575"]
maximum("crabs 2", of_classes(classes()), crabs)

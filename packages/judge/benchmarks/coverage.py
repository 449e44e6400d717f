"""How often the 95% interval holds the truth, over simulated evaluations: `python benchmarks/coverage.py [SIMULATIONS]`.

Requests have a mean quality of their own and one to three rows each; scores are 0 to 5, skewed, and a tenth are stopped
at 0. The naive percentile bootstrap over rows, which ignores requests, is the peer.
"""

from __future__ import annotations

import sys

import numpy as np

from namewright.judge._statistics import mean_interval, paired_interval

TRUTH_SAMPLE = 400_000


def draw(generator: np.random.Generator, requests: int) -> tuple[list[float], list[int]]:
    values, clusters = [], []
    for request in range(requests):
        level = generator.beta(5, 2)
        for _ in range(generator.integers(1, 4)):
            stopped = generator.random() < 0.1
            values.append(0.0 if stopped else float(np.clip(5 * level + generator.normal(0, 0.4), 0, 5)))
            clusters.append(request)
    return values, clusters


def naive(values: list[float], generator: np.random.Generator) -> tuple[float, float]:
    table = np.array(values)
    draws = table[generator.integers(0, len(table), (1_000, len(table)))].mean(axis=1)
    low, high = np.quantile(draws, [0.025, 0.975])
    return float(low), float(high)


def main(simulations: int) -> None:
    generator = np.random.default_rng(1)
    truth = float(np.mean(draw(generator, TRUTH_SAMPLE // 2)[0]))
    print(f"truth {truth:.4f}; {simulations} simulations each\n")
    print("| requests | BCa by request | paired difference | percentile by row |\n|---|---|---|---|")
    for requests in (20, 50, 150, 500):
        hits = np.zeros(3)
        for _ in range(simulations):
            values, clusters = draw(generator, requests)
            shift = [v + 0.2 + generator.normal(0, 0.5) for v in values]
            found = mean_interval(values, clusters)
            difference = paired_interval(values, shift, clusters)
            low, high = naive(values, generator)
            hits += [found.low <= truth <= found.high, difference.low <= 0.2 <= difference.high, low <= truth <= high]
        print(f"| {requests} | " + " | ".join(f"{share:.1%}" for share in hits / simulations) + " |", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000)

"""How many examples a second, in how much memory, and whether workers change the bytes.

    python benchmarks/throughput.py speed 5000 20000        examples a second on one core, with near-duplicate removal
    python benchmarks/throughput.py workers 1000            the same sha256 for 1, 2 and 4 workers
    python benchmarks/throughput.py memory 1000000          memory of near-duplicate removal alone, beside datasketch's

`speed` reports both wall time and the process's own time: on a shared machine only the second is the code's.
"""

import hashlib
import random
import sys
import time

import numpy as np

from namewright.shared import dump_row
from namewright.shared.manifest import peak_memory_mb
from namewright.synth._dedupe import BANDS, ROWS, Seen, bands
from namewright.synth._rows import split_rows

PART = 100_000
"""A long run prints how far it is."""


def speed(sizes: list[int]) -> None:
    print("| examples | wall s | examples/s | CPU s | examples/CPU s | peak MB |\n|---:|---:|---:|---:|---:|---:|")
    for size in sizes:
        wall, own, count = time.monotonic(), time.process_time(), 0
        for _, row in split_rows(42, size, 0.12):
            count += bool(dump_row(row))
            if count % PART == 0 or count == size:
                took, spent = time.monotonic() - wall, time.process_time() - own
                of = f"{count:,}" if count == size else f"{count:,} of {size:,}"
                print(
                    f"| {of} | {took:.1f} | {count / took:.0f} | {spent:.1f} | {count / spent:.0f} | {peak_memory_mb():.0f} |",
                    flush=True,
                )


def workers(size: int) -> None:
    print("| workers | wall s | sha256 |\n|---:|---:|---|")
    for number in (1, 2, 4):
        digest, start = hashlib.sha256(), time.monotonic()
        for split, row in split_rows(42, size, 0.12, workers=number):
            digest.update(f"{split} {dump_row(row)}\n".encode())
        print(f"| {number} | {time.monotonic() - start:.1f} | {digest.hexdigest()[:16]} |", flush=True)


def memory(size: int) -> None:
    """Fill the set with as many texts' bands as a dataset has; the bands are drawn at random, since only they take memory."""
    before = peak_memory_mb()
    seen, rng = Seen(size), np.random.Generator(np.random.PCG64(1))
    start = time.monotonic()
    for _ in range(size):
        seen.add(rng.integers(1, 2**63, BANDS, dtype=np.uint64))
    took = time.monotonic() - start
    words = random.Random(1).sample(range(10**6), 60)
    text = " ".join(map(str, words))
    start = time.monotonic()
    for _ in range(200):
        bands(text)
    a_text = (time.monotonic() - start) / 200
    print(f"{size:,} texts: {peak_memory_mb():.0f} MB at the most ({before:.0f} before), {took / size * 1e6:.0f} us to add one, "
          f"{a_text * 1e6:.0f} us to reduce one to {BANDS} bands of {ROWS} rows")  # fmt: skip


def main() -> None:
    mode, *numbers = sys.argv[1:]
    sizes = list(map(int, numbers))
    {"speed": speed, "workers": lambda n: workers(n[0]), "memory": lambda n: memory(n[0])}[mode](sizes)


if __name__ == "__main__":
    main()

"""Look for nearly repeated requests in a dataset with another method than the one that kept them out.

    python benchmarks/near_duplicates.py artifacts/datasets/v2

Candidates come from 40 bands of 3 rows (a pair of similarity .7 is found with probability .9999999, of .5 with .995),
and each is measured exactly: Jaccard similarity over 4-grams of characters, and over words.
"""

import sys
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np

from namewright.shared import DatasetRow, read_rows
from namewright.synth._dedupe import jaccard, normalise, shingles

BANDS, ROWS = 40, 3


def main() -> None:
    folder = Path(sys.argv[1])
    rows = [row for path in sorted(folder.glob("*.jsonl")) for row in read_rows(path, DatasetRow.model_validate)]
    texts = [normalise(row.request.description) for row in rows]
    odd = np.random.Generator(np.random.PCG64(7)).integers(1, 2**63, BANDS * ROWS, dtype=np.uint64) * np.uint64(
        2
    ) + np.uint64(1)
    buckets: defaultdict[bytes, list[int]] = defaultdict(list)
    for number, text in enumerate(texts):
        least = (odd[:, None] * shingles(text)[None, :] >> np.uint64(16)).min(axis=1).reshape(BANDS, ROWS)
        for band in range(BANDS):
            buckets[bytes([band]) + least[band].tobytes()].append(number)
    pairs = {
        (a, b)
        for members in buckets.values()
        if len(members) < 400
        for i, a in enumerate(members)
        for b in members[i + 1 :]
    }
    found = Counter()
    worst = []
    for a, b in pairs:
        words_a, words_b = set(texts[a].split()), set(texts[b].split())
        by_words = len(words_a & words_b) / len(words_a | words_b)
        alike = jaccard(texts[a], texts[b])
        for limit in (0.5, 0.6, 0.7, 0.8, 0.9):
            found[f"characters {limit}"] += alike >= limit
            found[f"words {limit}"] += by_words >= limit
        worst.append((alike, by_words, texts[a], texts[b]))
    print(f"{len(rows):,} rows, {len(texts) - len(set(texts))} repeated, {len(pairs):,} pairs measured")
    for key in sorted(found):
        print(f"| {key} | {found[key]} |")
    for alike, by_words, a, b in sorted(worst, reverse=True)[:8]:
        print(f"{alike:.2f} {by_words:.2f}\n   {a[:150]}\n   {b[:150]}")


if __name__ == "__main__":
    main()

"""The offline judge over 1,000 answers of eight names: `python benchmarks/offline.py [ANSWERS]`.

Descriptions of some thirty-five words and names of one to three are drawn from the frequent words of English, so that
nothing is read twice from a cache.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the command line sets it

import random
import sys
import time

from namewright.judge import OfflineJudge, Prediction, evaluate, load_rubric
from namewright.shared import Request
from namewright.shared.names import word_ranks

NAMES = 8


def predictions(count: int) -> list[Prediction]:
    chance = random.Random(1)
    words = [word for word, rank in word_ranks().items() if 200 < rank < 12_000 and 3 < len(word) < 9]
    found = []
    for number in range(count):
        sentences = [" ".join(chance.choices(words, k=chance.randint(8, 14))).capitalize() + "." for _ in range(3)]
        labels = {"".join(chance.choices(words, k=chance.randint(1, 3))) for _ in range(NAMES)}
        answer = {
            "status": "success",
            "suggestions": [{"domain": f"{label}.com", "confidence": 0.5} for label in sorted(labels)],
        }
        found.append(Prediction(number, answer, Request(description=" ".join(sentences), count=NAMES), "success"))
    return found


def main(count: int) -> None:
    rows = predictions(count)
    start, used = time.monotonic(), time.process_time()
    judge = OfflineJudge(load_rubric())
    done = evaluate(rows, judge, judge.rubric)
    seconds, used = time.monotonic() - start, time.process_time() - used
    names = sum(len(row.names) for row in done.rows)
    print("| answers | names | seconds | CPU seconds | CPU ms an answer | load |\n|---|---|---|---|---|---|")
    load = os.getloadavg()[0]
    print(f"| {count} | {names} | {seconds:.1f} | {used:.1f} | {1000 * used / count:.1f} | {load:.1f} |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000)

"""Processor time (so that a busy machine does not blur it) of cold start, latency, throughput and hostile texts of the guard, on one core.

`python benchmarks/speed.py [texts.jsonl]`: the texts are the first sentences of this folder's firms.txt and
contrasts.tsv, or of the descriptions of a file. peers.py has the peers' times beside the guard's.
"""

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from statistics import median, quantiles

from texts import benchmark_groups, lines

from namewright.guard import Guard
from namewright.guard._words import ranks

OWN = {"firms, many near to unsafe topics: safe", "contrasts: safe", "contrasts: unsafe"}
COLD = "import time; t = time.process_time(); from namewright.guard import Guard; Guard().check('guns for kids'); print(time.process_time() - t)"
HOSTILE = {"letters": "a" * 200_000, "dotted": "g.u.n.s." * 25_000, "base64": "QUFB" * 50_000, "leet": "4b0mb " * 33_000,
           "words": "the quick brown fox " * 10_000, "marks": "\u0336a" * 100_000, "escapes": "%41" * 66_000, "vocabulary": " ".join(ranks())[:200_000]}  # fmt: skip


def main() -> None:
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    cold = [float(subprocess.check_output([sys.executable, "-c", COLD])) for _ in range(9)]
    print(f"cold import + first check, median of 9   {median(cold) * 1e3:8.1f} ms   best {min(cold) * 1e3:.1f} ms")
    if len(sys.argv) > 1:
        texts = [json.loads(line)["description"] for line in lines(Path(sys.argv[1]))]
    else:
        texts = [text for name, group in benchmark_groups().items() if name in OWN for text in group]
    texts = [re.split(r"(?<=[.!?]) ", text)[0] for text in texts]
    guard = Guard()
    guard.check_many(texts)
    times = []
    for _ in range(max(1, 8_000 // len(texts))):
        for text in texts:
            started = time.process_time()
            guard.check(text)
            times.append(time.process_time() - started)
    cuts = quantiles(times, n=100)
    words = sum(len(text.split()) for text in texts) / len(texts)
    print(f"{len(texts):,} different sentences of {words:.1f} words")
    print(f"check, {len(times):,} calls                      p50 {cuts[49] * 1e3:.3f} ms   p99 {cuts[98] * 1e3:.3f} ms")
    many = (texts * (10_000 // len(texts) + 1))[:10_000]
    started = time.process_time()
    guard.check_many(many)
    print(
        f"check_many                               {len(many) / (time.process_time() - started):8,.0f} texts a second"
    )
    for name, text in HOSTILE.items():
        started = time.process_time()
        guard.check(text)
        print(f"hostile, {len(text):,} characters of {name:<10} {(time.process_time() - started) * 1e3:8.1f} ms")


if __name__ == "__main__":
    main()

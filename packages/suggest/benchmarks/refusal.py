"""How well a model itself tells unsafe requests: its probability of beginning to say BLOCKED.

    python packages/suggest/benchmarks/refusal.py --model baseline --dataset v1 [--safe briefs.jsonl]

Prints quantiles of that probability and the area under the ROC curve (0.5 is chance; Hanley & McNeil 1982) over the
validation and test rows of a dataset; `--safe` adds real descriptions (JSON lines with `description`).
"""

from __future__ import annotations

import argparse
import json
import random
from pathlib import Path

import numpy as np

from namewright.shared import ArtifactStore, DatasetRow, Request, read_rows
from namewright.suggest.candidates import ModelSource, SamplingSettings
from namewright.suggest.models import find_model, load

_QUANTILES = (0, 0.05, 0.5, 0.95, 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="baseline")
    parser.add_argument("--dataset", default="v1")
    parser.add_argument("--artifacts", type=Path, default=Path("artifacts"))
    parser.add_argument("--safe", type=Path)
    parser.add_argument("--limit", type=int, default=250, help="how many of --safe, drawn with seed 0")
    options = parser.parse_args()
    store = ArtifactStore(options.artifacts)
    groups: dict[str, list[Request]] = {"safe requests": [], "unsafe requests": []}
    dataset = store.open(f"datasets/{options.dataset}")
    for split in ("val", "test"):
        for row in read_rows(dataset.file(f"{split}.jsonl"), DatasetRow.model_validate):
            groups["unsafe requests" if row.expected == "blocked" else "safe requests"].append(row.request)
    if options.safe:
        lines = options.safe.read_text(encoding="utf-8").splitlines()
        drawn = random.Random(0).sample(lines, min(options.limit, len(lines)))
        groups["real companies"] = [Request(description=json.loads(line)["description"]) for line in drawn]
    source = ModelSource(load(find_model(options.model, store)), SamplingSettings())
    scores = {name: np.array([source.refusal(request) for request in requests]) for name, requests in groups.items()}
    print("| | n | " + " | ".join(f"q{q:g}" for q in _QUANTILES) + " | AUC of the unsafe against them |")
    print("|---|" + "---:|" * (len(_QUANTILES) + 2))
    for name, values in scores.items():
        quantiles = " | ".join(f"{value:.3f}" for value in np.quantile(values, _QUANTILES))
        area = "" if name == "unsafe requests" else f"{auc(scores['unsafe requests'], values):.3f}"
        print(f"| {name} | {len(values)} | {quantiles} | {area} |")


def auc(above: np.ndarray, below: np.ndarray) -> float:
    """Give how often one of `above` is greater than one of `below`; a tie counts half."""
    difference = above[:, None] - below[None, :]
    return float((difference > 0).mean() + (difference == 0).mean() / 2)


if __name__ == "__main__":
    main()

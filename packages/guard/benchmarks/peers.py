"""The guard beside its peers on the same texts, in one run: `python benchmarks/peers.py prompts.jsonl descriptions.jsonl`.

Needs `pip install better-profanity alt-profanity-check securevector-guardian`; a peer that is not there is said to be.
"""

import json
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path

from namewright.guard import Guard

MOST = 200
"""Texts a group: better-profanity takes tens of milliseconds for each."""
Judge = Callable[[str], bool]


def peers() -> dict[str, Judge | str]:
    found: dict[str, Judge | str] = {}
    guard = Guard()
    found["namewright-guard"] = lambda text: guard.check(text).blocked
    try:
        from better_profanity import profanity

        found["better-profanity"] = profanity.contains_profanity
    except ImportError as error:
        found["better-profanity"] = f"not installed ({error})"
    try:
        from profanity_check import predict

        found["alt-profanity-check"] = lambda text: bool(predict([text])[0])
    except ImportError as error:
        found["alt-profanity-check"] = f"not installed ({error})"
    try:
        from securevector import SecureVectorClient

        client = SecureVectorClient()
        found["securevector-guardian"] = lambda text: bool(client.analyze(text).is_threat)
    except ImportError as error:
        found["securevector-guardian"] = f"not installed ({error})"
    return found


def main() -> None:
    prompts = [json.loads(line) for line in Path(sys.argv[1]).read_text(encoding="utf-8").strip().split("\n")]
    companies = [
        json.loads(line)["description"] for line in Path(sys.argv[2]).read_text(encoding="utf-8").strip().split("\n")
    ]
    groups = {"companies (false blocks)": companies}
    for row in prompts:
        kind = "recall" if row["label"] == "unsafe" else "false blocks"
        groups.setdefault(f"{row['source']} ({kind})", []).append(row["text"])
    for name, judge in peers().items():
        if isinstance(judge, str):
            print(f"{name:<22} {judge}")
            continue
        for group, everything in groups.items():
            texts = random.Random(0).sample(everything, min(MOST, len(everything)))
            started = time.process_time()
            blocked = sum(judge(text) for text in texts)
            each = (time.process_time() - started) / len(texts)
            print(f"{name:<22} {group:<34} {blocked / len(texts):6.3f}  {each * 1e3:8.3f} ms a text")


if __name__ == "__main__":
    main()

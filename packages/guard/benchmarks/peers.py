"""The guard beside its peers, in one run on the same texts and one core: `python benchmarks/peers.py [--data FOLDER]`.

Needs `pip install better-profanity alt-profanity-check securevector-guardian-model`; a peer that is not there is said to be. FOLDER is
quality.py's. Times are processor time; "cold" is a new process that imports the peer and judges one text.
"""

import argparse
import os
import random
import subprocess
import sys
import time
from importlib import metadata
from pathlib import Path
from statistics import median, quantiles

from texts import Groups, benchmark_groups, public_groups

MOST = 200
"""Texts a group: better-profanity takes tens of milliseconds for each."""
SHOWN = {
    "red team, our categories: unsafe": "red team blocked (goal: all)",
    "requests as testers write them: unsafe": "requests as testers write them blocked (goal: all)",
    "requests as testers write them: safe": "harmless requests blocked (goal: none)",
    "contrasts: unsafe": "unsafe twins blocked",
    "contrasts: safe": "their safe twins blocked",
    "company descriptions: safe": "company descriptions blocked (goal: none)",
    "harmless names (Scunthorpe list): safe": "harmless names blocked",
    "notinject: safe": "harmless prompts blocked (notinject)",
}
SPEED = "company descriptions: safe"
PEERS = {
    "namewright-guard": "from namewright.guard import Guard; guard = Guard(); judge = lambda text: guard.check(text).blocked",
    "better-profanity": "from better_profanity import profanity; judge = profanity.contains_profanity",
    "alt-profanity-check": "from profanity_check import predict; judge = lambda text: bool(predict([text])[0])",
    "securevector-guardian-model": "from svguardian import resolve_runtime; from svguardian.model.pure_infer import PureGuardian; from svguardian.serve import analyze; "
    "model = PureGuardian.load(resolve_runtime()); judge = lambda text: bool(analyze(text, model)['is_threat'])",
}  # fmt: skip
"""How each is imported and asked, run as it stands here, in this process and in new ones."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path)
    options = parser.parse_args()
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    groups = benchmark_groups() | (public_groups(options.data) if options.data else {})
    if not options.data:
        print("public sets: left out (--data FOLDER)")
    columns = {f"{name} {version}": measured(PEERS[name], groups) for name, version in installed().items()}
    own, *_ = columns.values()
    print("| | " + " | ".join(columns) + " |\n|---|" + "---|" * len(columns))
    for row in own:
        print(f"| {row} | " + " | ".join(shown(column[row], own[row], row) for column in columns.values()) + " |")


def installed() -> dict[str, str]:
    """Give the version of each that is here, and say which are not."""
    found = {}
    for name in PEERS:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            print(f"{name}: not installed")
    return found


def measured(source: str, groups: Groups) -> dict[str, float]:
    """Give what one of them blocks of each group, and how long it takes."""
    space: dict[str, object] = {}
    exec(source, space)
    judge = space["judge"]
    assert callable(judge)
    row: dict[str, float] = {}
    for group, name in SHOWN.items():
        if texts := groups.get(group):
            drawn = random.Random(0).sample(texts, min(MOST, len(texts)))
            row[f"{name}, n = {len(drawn)}"] = sum(map(judge, drawn)) / len(drawn)
    timed = groups.get(SPEED) or groups["contrasts: safe"]
    times = []
    for text in random.Random(1).sample(timed, min(MOST, len(timed))):
        started = time.process_time()
        judge(text)
        times.append(time.process_time() - started)
    row["ms a text, median"], row["ms a text, p99"] = median(times) * 1e3, quantiles(times, n=100)[98] * 1e3
    cold = f"import time; t = time.process_time(); {source}; judge('a coffee shop'); print(time.process_time() - t)"
    row["cold import and first text, ms"] = 1e3 * median(
        float(subprocess.check_output([sys.executable, "-c", cold])) for _ in range(5)
    )
    return row


def shown(value: float, own: float, row: str) -> str:
    """Give a share as it is, and a time with how often the guard's it is."""
    return f"{value:.2f} ({value / own:.1f}x)" if "ms" in row else f"{value:.3f}"


if __name__ == "__main__":
    main()

"""The whole line in one command: dataset, training, suggestions, judgements, calibration, report.

    tox run -e pipeline                                    datasets/v1 (1,000 examples) -> reports/baseline.html
    tox run -e pipeline -- --dataset v0 --n 50             the same on a small dataset
    tox run -e pipeline -- --benchmark benchmarks/pipeline.md

Each stage is one of the packages' own commands. A stage whose inputs, settings and code are unchanged is reused.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

SHOWCASE = (
    "organic coffee shop for parents in Miami",
    "we fix bikes at your door, same day, in Utrecht",
    "budgeting app that helps couples save for their first home",
)


@dataclass(frozen=True)
class Stage:
    """A command of the line, and what it cost."""

    command: tuple[str, ...]
    seconds: float
    peak_memory_mb: float


def main() -> int:
    """Run the line; the exit code is that of the first stage that fails."""
    options = parse_arguments()
    stages: list[Stage] = []
    for command in commands(options):
        print(f"\n$ {' '.join(command)}", file=sys.stderr, flush=True)
        code, stage = run(command)
        stages.append(stage)
        if code:
            print(f"error: `{' '.join(command)}` ended with exit code {code}", file=sys.stderr)
            return code
    if code := show_names(options):
        print(f"error: the requests to show were answered with exit code {code}", file=sys.stderr)
        return code
    print(f"\nThe report: {Path(options.artifacts, 'reports', options.run).resolve()}.html")
    print(f"In {sum(stage.seconds for stage in stages):,.0f} s.", file=sys.stderr)
    if options.benchmark:
        write_benchmark(options.benchmark, stages)
    return 0


def parse_arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dataset", default="v1", help="name of the dataset (default: v1)")
    parser.add_argument("--n", default="1000", help="its examples (default: 1000)")
    parser.add_argument("--seed", default="42", help="where randomness starts (default: 42)")
    parser.add_argument("--run", default="baseline", help="name of the model's run (default: baseline)")
    parser.add_argument(
        "--artifacts", default=os.environ.get("NAMEWRIGHT_ARTIFACTS", "artifacts"), help="artifact folder"
    )
    parser.add_argument("--max-steps", default="0", help="end training after so many steps (default: by epochs)")
    parser.add_argument("--replace", action="store_true", help="make again what another recipe has made")
    parser.add_argument("--qlora", action="store_true", help="train in 4-bit NF4 (on the bundled base)")
    parser.add_argument("--benchmark", type=Path, help="write each stage's time and memory to this Markdown file")
    return parser.parse_args()


def commands(options: argparse.Namespace) -> list[tuple[str, ...]]:
    """Give the stages' commands, in order."""
    run, dataset, raw = options.run, options.dataset, f"{options.run}-raw"
    common = ("--artifacts", options.artifacts, *(("--replace",) if options.replace else ()))
    seed = ("--seed", options.seed)
    batch = ("suggest", "batch", "--dataset", dataset, *seed, *common)
    training = ("trainer", "train", "--dataset", dataset, "--run", run, "--base", "bundled", *seed, *common)
    if options.max_steps != "0":
        training += ("--max-steps", options.max_steps)
    if options.qlora:
        training += ("--qlora",)
    return [
        ("synth", "make", "--name", dataset, "--n", options.n, *seed, *common),
        training,
        # What the judge says of the validation split's names turns raw confidences into probabilities.
        (*batch, "--model", run, "--run", raw, "--calibration", "none"),
        ("judge", "score", "--run", raw, "--split", "val", *common),
        ("trainer", "calibrate", "--run", run, *common),
        ("suggest", "calibrated", "--run", run, *common),
        (*batch, "--model", "base:bundled", "--run", "few-shot", "--split", "test", "--calibration", "none"),
        ("synth", "predictions", "--name", dataset, *common),
        *(
            ("judge", "score", "--run", name, "--split", split, *common)
            for name, split in ((run, "val"), (run, "test"), ("few-shot", "test"), ("rules", "test"))
        ),
        ("judge", "report", run, "few-shot", "rules", "--split", "test", "--artifacts", options.artifacts),
    ]


def find(program: str) -> str:
    """Find a package's command, this environment's own before any other."""
    path = shutil.which(program, path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}")
    if path is None:
        raise SystemExit(f"error: `{program}` is not installed: pip install -e packages/{program}")
    return path


def run(command: tuple[str, ...]) -> tuple[int, Stage]:
    """Run a command to its end; its output goes where ours goes."""
    started = time.monotonic()
    process = subprocess.Popen([find(command[0]), *command[1:]], stdin=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    # Kilobytes on Linux, bytes on macOS.
    peak = usage.ru_maxrss / 1e6 if sys.platform == "darwin" else usage.ru_maxrss * 1024 / 1e6
    return process.returncode, Stage(command, time.monotonic() - started, peak)


def show_names(options: argparse.Namespace) -> int:
    """Print five names for each of three requests, asked of the model that has just been trained; gives its exit code."""
    requests = Path(options.artifacts) / ".showcase.jsonl"
    requests.write_text(
        "".join(json.dumps({"description": text, "count": 5}) + "\n" for text in SHOWCASE), encoding="utf-8"
    )
    command = ("answer", "--model", options.run, "--file", str(requests), "--artifacts", options.artifacts)
    try:
        done = subprocess.run([find("suggest"), *command], stdout=subprocess.PIPE, text=True, check=False)
    finally:
        requests.unlink()
    for line in done.stdout.splitlines():
        row = json.loads(line)
        print(f"\n{row['request']['description']}")
        for suggestion in row["response"]["suggestions"]:
            print(f"  {suggestion['confidence']:.2f}  {suggestion['domain']}")
    return done.returncode


def write_benchmark(path: Path, stages: list[Stage]) -> None:
    """Write what each stage took, with the machine that it took it on."""
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines() if Path("/proc/cpuinfo").exists() else []
    cpu = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown processor")
    rows = [
        f"| `{' '.join(stage.command[:2])}` {detail(stage.command)} | {stage.seconds:,.1f} | {stage.peak_memory_mb:,.0f} |"
        for stage in stages
    ]
    total = (
        f"| **all** | **{sum(s.seconds for s in stages):,.1f}** | **{max(s.peak_memory_mb for s in stages):,.0f}** |"
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        "# What the pipeline costs\n\n"
        f"Printed by `tox run -e pipeline -- {' '.join(sys.argv[1:])}` on {os.cpu_count()} cores of {cpu}; without the "
        "installation of the environment. Wall time in seconds, peak resident memory in MB (10^6 bytes).\n\n"
        "| stage | wall time, s | peak memory, MB |\n|---|---:|---:|\n" + "\n".join([*rows, total]) + "\n",
        encoding="utf-8",
    )


def detail(command: tuple[str, ...]) -> str:
    """Say of a stage's options what tells it from its likes."""
    told = [f"{command[i + 1]}" for i, word in enumerate(command) if word in {"--run", "--name", "--split"}]
    return " ".join(told)


if __name__ == "__main__":
    sys.exit(main())

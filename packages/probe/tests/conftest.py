import importlib.util
import json
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import settings

from namewright.probe._mutators import MUTATORS
from namewright.probe._probe import make_cases
from namewright.probe._seeds import bundled_seeds
from namewright.probe._targets import HttpTarget

settings.register_profile("patient", deadline=None)  # a busy machine is slow, and no example is wrong for it
settings.load_profile("patient")
REFERENCE = Path(__file__).with_name("reference.py")


@pytest.fixture(scope="session")
def reference():
    spec = importlib.util.spec_from_file_location("probe_reference", REFERENCE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def all_cases():
    return make_cases(bundled_seeds(), list(MUTATORS), 100_000, 42)


@pytest.fixture(scope="session")
def unsafe(all_cases):
    """The descriptions that have to be blocked: what the reference suggester knows in place of a guard."""
    known = set()
    for case in all_cases:
        if case.expected == "blocked":
            known |= {json.loads(body)["description"] for body in (case.body, case.base) if body}
    return known


@pytest.fixture
def serve(reference, unsafe):
    """Start the reference suggester with a bug planted in it; gives its address."""
    servers = []

    def start(bug=None):
        server = reference.serve(unsafe, bug)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_address[1]}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def target(serve):
    """Give a target that asks the reference suggester over HTTP."""

    def reach(bug=None, **options):
        return HttpTarget(serve(bug), **options)

    return reach


@pytest.fixture
def command(unsafe, tmp_path):
    """Give the command line of the reference suggester with a bug planted in it, up to its options."""
    path = tmp_path / "unsafe.json"
    path.write_text(json.dumps(sorted(unsafe)))

    def words(bug="none"):
        return [sys.executable, str(REFERENCE), str(path), bug, "--model", "any", "--artifacts", str(tmp_path)]

    return words

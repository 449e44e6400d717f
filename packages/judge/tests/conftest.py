import importlib.util
import sys
from pathlib import Path

import pytest

_spec = importlib.util.spec_from_file_location("fake_server", Path(__file__).with_name("fake_server.py"))
fake_server = importlib.util.module_from_spec(_spec)
sys.modules["fake_server"] = fake_server
_spec.loader.exec_module(fake_server)


@pytest.fixture
def serve(monkeypatch):
    """Start fake servers, and point the SDK at the newest."""
    from contextlib import ExitStack

    with ExitStack() as stack:

        def start(**options):
            server = stack.enter_context(fake_server.running(**options))
            monkeypatch.setenv("OPENAI_BASE_URL", server.url)
            monkeypatch.setenv("OPENAI_API_KEY", "none")
            return server

        yield start

"""`guard serve`: the guard over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from namewright.guard._cli.policy import guard_of, policy_option
from namewright.shared.cli import JobCommand, fail, serve_http

if TYPE_CHECKING:
    from pathlib import Path


@click.command(cls=JobCommand)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on; 0.0.0.0 in a container.")
@click.option("--port", type=click.IntRange(0, 65535), default=8081, show_default=True, help="Port to listen on.")
@policy_option
def serve(host: str, port: int, policy: Path | None) -> None:
    """Answer over HTTP: POST /v1/check, /healthz, /readyz, /metrics.

    \b
      guard serve --port 8081
      curl -d '{"text": "guns for kids"}' localhost:8081/v1/check
      curl -d '{"text": ["coffee shop", "fake passports"]}' localhost:8081/v1/check
    """  # noqa: D301 - \b is the character that keeps click from joining lines
    try:
        from namewright.guard._service import make_app
    except ImportError:
        fail("serving needs the extra: pip install 'namewright-guard[serve]'", 1)
    serve_http(make_app(guard_of(policy)), host, port, "guard: listening on {}")

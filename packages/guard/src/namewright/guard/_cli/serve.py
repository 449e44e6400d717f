"""`guard serve`: the guard over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from namewright.shared.cli import JobCommand, fail, input_file, log

if TYPE_CHECKING:
    from pathlib import Path


@click.command(cls=JobCommand)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on; 0.0.0.0 in a container.")
@click.option("--port", type=click.IntRange(1, 65535), default=8081, show_default=True)
@click.option("--policy", type=input_file(), help="YAML file with thresholds, allow and deny lists.")
def serve(host: str, port: int, policy: Path | None) -> None:
    """Answer over HTTP: POST /v1/check, /healthz, /readyz, /metrics.

    \b
      guard serve --port 8081
      curl -d '{"text": "guns for kids"}' localhost:8081/v1/check
      curl -d '{"text": ["coffee shop", "fake passports"]}' localhost:8081/v1/check
    """  # noqa: D301 - \b is the character that keeps click from joining lines
    try:
        import uvicorn

        from namewright.guard._service import make_app
    except ImportError:
        fail("serving needs the extra: pip install 'namewright-guard[serve]'", 1)
    from namewright.guard._guard import Guard

    guard = Guard.from_policy(policy) if policy else Guard()
    log(f"guard: listening on http://{host}:{port}")
    uvicorn.run(make_app(guard), host=host, port=port, log_level="warning")

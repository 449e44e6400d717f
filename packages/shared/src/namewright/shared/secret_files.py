"""Secrets from files: `OPENAI_API_KEY_FILE=/run/secrets/openai_api_key` stands for `OPENAI_API_KEY`.

A secret in a container's environment is shown to everybody who may inspect it, so Compose and Kubernetes hand it over
as a file, and images name that file in a variable that ends with `_FILE` (as Docker's official images do).
"""

from __future__ import annotations

import os
from pathlib import Path

from namewright.shared.errors import BadInputError

SECRETS = ("OPENAI_API_KEY", "HF_TOKEN")


def read_secret_files() -> None:
    """Put the secrets into this process's environment that stand in files; one that is set already stays.

    An empty file is no secret, so that a deployment may name the file always and fill it where there is a key.

    Raises:
        BadInputError: a file cannot be read.
    """
    for name in SECRETS:
        path = os.environ.get(f"{name}_FILE")
        if not path or os.environ.get(name):
            continue
        try:
            secret = Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or error
            raise BadInputError(f"{name}_FILE={path}: cannot be read by user {os.getuid()}: {reason}") from error
        if secret:
            os.environ[name] = secret

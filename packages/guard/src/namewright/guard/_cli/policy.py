"""The option that names a policy, and the guard that it makes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from namewright.guard._guard import Guard
from namewright.guard._result import GuardError
from namewright.shared.cli import input_file
from namewright.shared.errors import BadInputError

if TYPE_CHECKING:
    from pathlib import Path

policy_option = click.option("--policy", type=input_file(), help="YAML file with thresholds, allow and deny lists.")


def guard_of(policy: Path | None) -> Guard:
    """Make a guard, with the policy of a file where one is named.

    Raises:
        BadInputError: the policy cannot be read, or says something impossible.
    """
    try:
        return Guard.from_policy(policy) if policy else Guard()
    except GuardError as error:
        raise BadInputError(str(error)) from error

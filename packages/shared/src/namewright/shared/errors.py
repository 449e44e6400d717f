"""What can go wrong in a job, and the exit code that each kind means.

NamewrightError                exit 1   the job failed
├── BadInputError              exit 2   a file, line, field or option that a person has to mend
└── ArtifactError              exit 3   an input artifact that cannot be used
    ├── MissingArtifactError            it is not there
    └── TamperedArtifactError           it is there, and differs from its manifest
"""

from __future__ import annotations


class NamewrightError(Exception):
    """A job failed; the message says what happened, where, and what to do."""

    exit_code = 1


class BadInputError(NamewrightError):
    """Input that a person has to mend: the message names the file, the line and the field."""

    exit_code = 2


class ArtifactError(NamewrightError):
    """An input artifact cannot be used."""

    exit_code = 3


class MissingArtifactError(ArtifactError):
    """An input artifact, or its manifest, is not there."""


class TamperedArtifactError(ArtifactError):
    """An input artifact's files differ from what its manifest says."""

"""Schemas, artifacts, manifests, CLI options and the study of names that every Namewright package builds on."""

from namewright.shared.artifacts import Artifact, ArtifactStore, Draft
from namewright.shared.constraints import split_domain, violations
from namewright.shared.errors import (
    ArtifactError,
    BadInputError,
    MissingArtifactError,
    NamewrightError,
    TamperedArtifactError,
)
from namewright.shared.jsonl import RejectedLine, Rejections, dump_row, read_rows, write_rows
from namewright.shared.manifest import Manifest, Recipe, library_versions, maker_of
from namewright.shared.schemas import (
    BLOCKED_MESSAGE,
    SCHEMA_VERSION,
    UNSAFE_CATEGORIES,
    BlockedResponse,
    Calibration,
    Category,
    DatasetRow,
    PredictionRow,
    PreferenceRow,
    Request,
    Response,
    SuccessResponse,
    Suggestion,
    UnsafeCategory,
)

__all__ = [
    "BLOCKED_MESSAGE",
    "SCHEMA_VERSION",
    "UNSAFE_CATEGORIES",
    "Artifact",
    "ArtifactError",
    "ArtifactStore",
    "BadInputError",
    "BlockedResponse",
    "Calibration",
    "Category",
    "DatasetRow",
    "Draft",
    "Manifest",
    "MissingArtifactError",
    "NamewrightError",
    "PredictionRow",
    "PreferenceRow",
    "Recipe",
    "RejectedLine",
    "Rejections",
    "Request",
    "Response",
    "SuccessResponse",
    "Suggestion",
    "TamperedArtifactError",
    "UnsafeCategory",
    "dump_row",
    "library_versions",
    "maker_of",
    "read_rows",
    "split_domain",
    "violations",
    "write_rows",
]

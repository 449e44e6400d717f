"""What `docs/DATA_SCHEMA.md` shows: where each kind of row lives, an example of it, and its parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from namewright.shared.manifest import Circumstances, Maker, Manifest, OutputFile, Recipe
from namewright.shared.schemas import (
    BlockedResponse,
    Calibration,
    DatasetRow,
    PredictionRow,
    PreferenceRow,
    Request,
    SuccessResponse,
    Suggestion,
)

if TYPE_CHECKING:
    from pydantic import BaseModel

_REQUEST = Request(description="organic coffee shop for parents in Miami", tlds=("com", "cafe"), avoid=("bean",))
_SUCCESS = SuccessResponse(
    suggestions=(
        Suggestion(domain="littleroast.com", confidence=0.81),
        Suggestion(domain="pramandpour.cafe", confidence=0.64),
    )
)
_RECIPE = Recipe(
    maker=Maker(package="namewright-synth", version="0.1.0", source_sha256="5e" * 32, git_commit="9f" * 20),
    config={"name": "v1", "rows": 1000},
    seed=42,
    libraries={"pydantic": "2.14.3"},
)

SECTIONS: tuple[tuple[str, BaseModel, tuple[type[BaseModel], ...]], ...] = (
    ("The body of `POST /v1/suggestions`, and a line of `suggest --file`.", _REQUEST, ()),
    ("Exactly these keys, in files and over HTTP, and no `schema_version`.", _SUCCESS, (Suggestion,)),
    ("Exactly these keys, and these values.", BlockedResponse(), ()),
    (
        "The lines of `datasets/<name>/{train,val,test}.jsonl`.",
        DatasetRow(
            id="v1-000001",
            group="organic coffee shop for parents in miami",
            request=_REQUEST,
            expected="success",
            category="safe",
            names=("littleroast.com", "pramandpour.cafe"),
        ),
        (),
    ),
    (
        "The lines of `predictions/<run>/<split>.jsonl`, and what `suggest --file` writes.",
        PredictionRow(id="v1-000001", request=_REQUEST, expected="success", response=_SUCCESS),
        (),
    ),
    (
        "The lines of the files in `preferences/<run>/`.",
        PreferenceRow(
            id="v1-000001/0", request=_REQUEST, chosen="littleroast.com", rejected="coffeeshopmiami.com", margin=1.2
        ),
        (),
    ),
    (
        "One document in `calibrations/<run>/`.",
        Calibration(
            slope=0.84,
            intercept=-0.31,
            names=1200,
            positives=377,
            threshold=3.5,
            judge="9b1c",
            brier_before=0.24,
            brier_after=0.19,
        ),
        (),
    ),
    (
        "One document in every artifact's folder.",
        Manifest(
            artifact="datasets/v1",
            key=_RECIPE.key(),
            recipe=_RECIPE,
            outputs={"train.jsonl": OutputFile(sha256="c0" * 32, bytes=412_345)},
            circumstances=Circumstances(
                created_at="2026-11-22T17:00:00+00:00",
                seconds=3.2,
                host="Linux-6.1.0-x86_64-with-glibc2.36",
                cpu="Intel(R) Xeon(R) Platinum 8481C CPU @ 2.70GHz",
                python="3.11.7",
                peak_memory_mb=96.4,
            ),
        ),
        (Recipe, Maker, OutputFile, Circumstances),
    ),
)

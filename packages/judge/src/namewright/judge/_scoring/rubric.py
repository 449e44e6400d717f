"""The rubric: how much each criterion weighs."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import yaml
from pydantic import Field, TypeAdapter, ValidationError

from namewright.judge.records import CRITERIA, NAME_CRITERIA, Criterion, NameCriterion
from namewright.shared import BadInputError
from namewright.shared.jsonl import explain

if TYPE_CHECKING:
    from collections.abc import Mapping


Rubric = dict[Criterion, float]
_WEIGHTS = TypeAdapter(dict[Criterion, Annotated[float, Field(ge=0.0, le=1.0)]])
DEFAULT_RUBRIC = Path(__file__).with_name("rubric.yaml")


def load_rubric(path: Path = DEFAULT_RUBRIC) -> Rubric:
    """Read a rubric's weights.

    Raises:
        BadInputError: it cannot be read, misses a criterion or has one twice, or its weights do not sum to 1.
    """
    try:
        loader = yaml.SafeLoader(path.read_text(encoding="utf-8"))
        node = loader.get_single_node()
        keys = [key.value for key, _ in node.value] if isinstance(node, yaml.MappingNode) else []
        if twins := [key for key in keys if keys.count(key) > 1]:
            msg = f"{path}: {twins[0]} stands twice"
            raise BadInputError(msg)
        weights = _WEIGHTS.validate_python(None if node is None else loader.construct_document(node))
    except ValidationError as error:
        msg = f"{path}: {explain(error)}"
        raise BadInputError(msg) from error
    except RecursionError as error:
        msg = f"{path}: cannot be read: nested too deeply for a rubric"
        raise BadInputError(msg) from error
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        msg = f"{path}: cannot be read: {' '.join(str(error).split())}"
        raise BadInputError(msg) from error
    if missing := [name for name in CRITERIA if name not in weights]:
        msg = f"{path}: no weight for {', '.join(missing)}"
        raise BadInputError(msg)
    if not math.isclose(sum(weights.values()), 1.0, abs_tol=1e-6):
        msg = f"{path}: the weights sum to {sum(weights.values()):g}, and have to sum to 1"
        raise BadInputError(msg)
    return {name: weights[name] for name in CRITERIA}


def composite(rubric: Rubric, scores: Mapping[Criterion, float]) -> float:
    """Weigh the five criteria; 0 to 5, rounded to 4 decimals so that a sum's order shows nowhere."""
    return round(sum(rubric[name] * scores[name] for name in CRITERIA), 4)


def name_score(rubric: Rubric, scores: Mapping[NameCriterion, float]) -> float:
    """Weigh the criteria that a name has for itself; 0 to 5."""
    total = sum(rubric[name] for name in NAME_CRITERIA)
    if total == 0:
        return round(sum(scores[name] for name in NAME_CRITERIA) / len(NAME_CRITERIA), 4)
    return round(sum(rubric[name] * scores[name] for name in NAME_CRITERIA) / total, 4)

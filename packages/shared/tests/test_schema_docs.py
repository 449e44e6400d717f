"""`docs/DATA_SCHEMA.md` says what the models say."""

import json
import re
from pathlib import Path

import pytest

from namewright.shared import DatasetRow, Manifest, PredictionRow, Request
from namewright.shared._schema_examples import SECTIONS
from namewright.shared.schema_docs import meanings, render

PAGE = Path(__file__).parents[3] / "docs" / "DATA_SCHEMA.md"
MODELS = [model for _, example, parts in SECTIONS for model in (type(example), *parts)]


@pytest.mark.skipif(not PAGE.parent.is_dir(), reason="no docs folder beside the packages: this is not a checkout")
def test_the_page_in_the_repository_is_what_the_models_give():
    assert PAGE.read_text(encoding="utf-8") == render(), (
        "make it again: python -m namewright.shared.schema_docs >docs/DATA_SCHEMA.md"
    )


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_field_is_described_and_nothing_else_is(model):
    assert list(meanings(model)) == list(model.model_fields)
    assert all(meaning.endswith(".") for meaning in meanings(model).values())


def test_every_model_that_another_names_has_a_section():
    page = render()
    headings = {heading.lower() for heading in re.findall(r"^##+ (\w+)$", page, re.MULTILINE)}
    assert set(re.findall(r"\(#(\w+)\)", page)) <= headings
    assert {model.__name__.lower() for model in MODELS} == headings


def test_every_example_is_valid():
    page = render()
    examples = [json.loads(text) for text in re.findall(r"```json\n(.*?)```", page, re.DOTALL)]
    assert len(examples) == len(SECTIONS)
    for example, (_, given, _) in zip(examples, SECTIONS, strict=True):
        assert type(given).model_validate(example) == given


def test_limits_defaults_and_types_come_from_the_models():
    page = render()
    for row in [
        '| `tlds` | list of string |  | `["com"]` | Top-level domains, the best liked first;',
        "| `count` | integer | at least 1, at most 50 | `8` | How many names at the most. |",
        "| `request` | [Request](#request) |  | required | What is asked for. |",
        '| `status` | always `"blocked"` |  | required | Tells the two answers apart. |',
        "| `expected` | `success`, `blocked` |  | left out |",
        "| `config` | object |  | required |",
        "| `libraries` | object of string |  | `{}` |",
        "| `confidence` | number | at least 0, at most 1 | required |",
    ]:
        assert row in page


def test_a_field_without_a_meaning_is_an_error_and_not_a_gap(monkeypatch):
    monkeypatch.setattr(Request, "__doc__", "No attributes here.")
    with pytest.raises(KeyError, match="description"):
        render()


@pytest.mark.parametrize("model", [DatasetRow, PredictionRow, Manifest])
def test_the_page_holds_the_rows_of_the_artifacts(model):
    assert f"## {model.__name__}\n" in render()

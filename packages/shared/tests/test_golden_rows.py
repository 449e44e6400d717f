"""Every kind of row: what a producer writes is read back to the byte, and what breaks the contract is refused by field.

The golden files are the contract. Whoever changes one changes what all the packages have agreed on.
"""

import json
from pathlib import Path

import pytest
from pydantic import BaseModel, TypeAdapter

from namewright.shared import (
    BLOCKED_MESSAGE,
    UNSAFE_CATEGORIES,
    BlockedResponse,
    Calibration,
    DatasetRow,
    Manifest,
    PredictionRow,
    PreferenceRow,
    Recipe,
    Request,
    Response,
    SuccessResponse,
    dump_row,
    read_rows,
    write_rows,
)
from namewright.shared.jsonl import explain

GOLDEN = Path(__file__).parent / "golden"
PARSERS = {
    "request": Request.model_validate,
    "response": TypeAdapter(Response).validate_python,
    "dataset_row": DatasetRow.model_validate,
    "prediction_row": PredictionRow.model_validate,
    "preference_row": PreferenceRow.model_validate,
    "calibration": Calibration.model_validate,
    "recipe": Recipe.model_validate,
}
ROW_FILES = ["request", "response", "dataset_row", "prediction_row", "preference_row"]
REFUSED = [json.loads(line) for line in (GOLDEN / "refused.jsonl").read_text().splitlines()]


@pytest.mark.parametrize("kind", ROW_FILES)
def test_a_golden_file_is_read_and_written_again_to_the_byte(kind, tmp_path):
    golden = GOLDEN / f"{kind}.jsonl"
    written = write_rows(tmp_path / "again.jsonl", read_rows(golden, PARSERS[kind]))
    assert (tmp_path / "again.jsonl").read_bytes() == golden.read_bytes()
    assert written == len(golden.read_text().splitlines()) > 0


@pytest.mark.parametrize(("kind", "model"), [("calibration", Calibration), ("manifest", Manifest)])
def test_a_golden_document_is_read_and_written_again_to_the_byte(kind, model):
    text = (GOLDEN / f"{kind}.json").read_text()
    assert model.model_validate_json(text).model_dump_json(indent=2, exclude_none=True) + "\n" == text


@pytest.mark.parametrize("kind", ROW_FILES)
def test_rows_read_from_json_text_and_from_python_values_are_the_same(kind):
    for line in (GOLDEN / f"{kind}.jsonl").read_text().splitlines():
        parsed = PARSERS[kind](json.loads(line))
        assert PARSERS[kind](parsed) == parsed, "a parsed row can be handed on as it is"
        assert PARSERS[kind](json.loads(dump_row(parsed))) == parsed


@pytest.mark.parametrize(
    "case", REFUSED, ids=[f"{case['kind']}-{case['field']}-{case['why'].replace(' ', '_')}" for case in REFUSED]
)
def test_what_breaks_the_contract_is_refused_and_the_message_names_the_field(case):
    with pytest.raises(ValueError, match=r".") as raised:
        PARSERS[case["kind"]](case["row"])
    message = explain(raised.value)
    assert case["field"] in message
    assert "\n" not in message
    assert len(message) < 500, "a message is for reading, however long the value"


@pytest.mark.parametrize("case", [case for case in REFUSED if case["kind"] == "response"], ids=lambda case: case["why"])
def test_a_broken_response_is_kept_in_a_prediction_as_it_is_and_never_mended(case):
    row = {"id": "a", "request": {"description": "coffee"}, "response": case["row"]}
    kept = PredictionRow.model_validate(row)
    assert not isinstance(kept.response, BaseModel)
    assert json.loads(dump_row(kept))["response"] == case["row"]


def test_the_io_schema_has_exactly_its_keys_in_their_order():
    success = SuccessResponse.model_validate(
        {"status": "success", "suggestions": [{"domain": "example.com", "confidence": 0.92}]}
    )
    assert dump_row(success) == '{"status": "success", "suggestions": [{"domain": "example.com", "confidence": 0.92}]}'
    assert dump_row(BlockedResponse()) == (
        '{"status": "blocked", "message": "Request contains inappropriate content", "suggestions": []}'
    )
    assert BLOCKED_MESSAGE == "Request contains inappropriate content"


def test_a_dataset_has_golden_rows_of_every_category():
    rows = list(read_rows(GOLDEN / "dataset_row.jsonl", DatasetRow.model_validate))
    assert {row.category for row in rows} == {"safe", *UNSAFE_CATEGORIES}
    assert len(UNSAFE_CATEGORIES) == 7


def test_the_golden_files_hold_a_response_of_every_kind():
    kinds = {type(row.response) for row in read_rows(GOLDEN / "prediction_row.jsonl", PredictionRow.model_validate)}
    assert kinds == {SuccessResponse, BlockedResponse, str, dict}


def test_the_schema_version_stands_in_dataset_rows_and_never_in_predictions_or_responses():
    assert '"schema_version": 1' in (GOLDEN / "dataset_row.jsonl").read_text()
    for kind in ("request", "response", "prediction_row"):
        assert "schema_version" not in (GOLDEN / f"{kind}.jsonl").read_text()


@pytest.mark.parametrize("model", [Request, SuccessResponse, DatasetRow, PredictionRow, Recipe, Manifest])
def test_rows_are_frozen(model):
    assert model.model_config["frozen"]
    assert model.model_config["extra"] == "forbid"

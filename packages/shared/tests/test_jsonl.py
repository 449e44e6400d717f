"""Files of JSON lines: good rows are read, and each bad line is told by file, line and field, and kept."""

import json
import tracemalloc

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from namewright.shared import BadInputError, Rejections, Request, dump_row, read_rows, write_rows
from namewright.shared.jsonl import MAX_LINE_BYTES, MAX_NESTING, numbered_rows

GOOD = b'{"description": "organic coffee shop"}'


@pytest.fixture
def read(tmp_path):
    """Read bytes as a file of requests; gives the rows and the rejected lines."""

    def read_bytes(data, parse=Request.model_validate):
        path = tmp_path / "requests.jsonl"
        path.write_bytes(data)
        rejections = Rejections()
        return list(read_rows(path, parse, on_bad_line=rejections)), rejections.lines

    return read_bytes


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"description": "cof', "not JSON: Unterminated string starting at column 17"),
        (b"{'description': 'coffee'}", "not JSON: Expecting property name enclosed in double quotes at column 2"),
        (b'{"description": "coffee"} {"description": "tea"}', "not JSON: Extra data at column 27"),
        (b"coffee", "not JSON: Expecting value at column 1"),
        (b'{"description": "caf\xe9"}', "not UTF-8: byte 0xe9 at position 20"),
        (GOOD.decode().encode("utf-16"), "not UTF-8: byte 0xff at position 0"),
        (b'{"description": "coffee", "description": "tea"}', "description: this field stands twice"),
        (b'{"description": "coffee", "count": NaN}', "NaN is not JSON"),
        (b'{"description": "coffee", "count": -Infinity}', "-Infinity is not JSON"),
        (b'{"description": "coffee", "count": 1e999}', "1e999 is more than a number can hold"),
        (b'{"description": "caf\\ud800"}', "\\ud800 is half of a character (a lone surrogate)"),
        (b"[" * 100_000, "not JSON that can be read: nested too deeply"),
        (b'{"description": ' + b"[" * MAX_NESTING + b"]" * MAX_NESTING + b"}", "nested too deeply"),
        (b'{"description": "' + b"x" * 100_000 + b'"}', "the description has 100,000 characters; at most 4,000 are"),
        (b'{"description": ""}', "description: the description is empty"),
        (b'{"description": "coffee", "tlds": ["notatld"]}', "tlds: unknown TLD 'notatld'"),
        (b'{"description": "coffee", "colour": "red"}', "colour: Extra inputs are not permitted (found 'red')"),
        (b"[1, 2]", "row: Input should be a valid dictionary"),
        (b"null", "row: Input should be a valid dictionary"),
        (b'{"description": "' + b"x" * MAX_LINE_BYTES + b'"}', "more than the 1,000,000 bytes that are read"),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else "",
)
def test_a_bad_line_is_told_by_its_place_and_what_is_wrong_and_the_others_are_read(read, line, reason):
    rows, [rejected] = read(GOOD + b"\n" + line + b"\n" + GOOD + b"\n")
    assert [row.description for row in rows] == ["organic coffee shop"] * 2
    assert str(rejected).split("/")[-1].startswith("requests.jsonl:2: ")
    assert reason in rejected.reason
    assert len(str(rejected)) < 600
    assert "\n" not in str(rejected)


def test_without_anybody_to_take_bad_lines_the_first_ends_the_reading(tmp_path):
    path = tmp_path / "requests.jsonl"
    path.write_bytes(GOOD + b"\n{}\n")
    rows = read_rows(path, Request.model_validate)
    assert next(rows).description == "organic coffee shop"
    with pytest.raises(BadInputError, match=r"requests\.jsonl:2: description: Field required") as raised:
        next(rows)
    assert raised.value.exit_code == 2


def test_blank_lines_count_and_are_passed_over(read):
    rows, [rejected] = read(b"\n \t\r\n" + GOOD + b"\n\n{}\n\n")
    assert len(rows) == 1
    assert rejected.line == 5


@pytest.mark.parametrize("data", [b"", b"\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf\r\n"])
def test_an_empty_file_has_no_rows_and_no_bad_lines(read, data):
    assert read(data) == ([], [])


@pytest.mark.parametrize("data", [b"\xef\xbb\xbf" + GOOD, GOOD + b"\r\n", GOOD, b" " + GOOD + b" "])
def test_a_byte_order_mark_windows_line_ends_and_a_missing_last_line_end_do_no_harm(read, data):
    [row], bad = read(data)
    assert (row.description, bad) == ("organic coffee shop", [])


def test_a_line_is_ended_by_a_line_feed_and_not_by_what_unicode_calls_a_line_end(read):
    [row], _ = read('{"description": "coffee\u2028shop\u0085in\x0bMiami"}'.replace("\x0b", "\\u000b").encode())
    assert row.description == "coffee\u2028shop\u0085in\x0bMiami"


def test_a_missing_field_that_a_parser_looks_up_is_named(read):
    _, [rejected] = read(b'{"id": 1}\n', parse=lambda row: row["request"])
    assert rejected.reason == "request: this field is missing"


@pytest.mark.parametrize(
    ("line", "field"),
    [
        (b'{"description": "coffee", "count": 0}', "count"),
        (b"[]", "row"),
        (b"{", ""),
        (b'{"a\\nb": 1, "a\\nb": 2}', "a\\nb"),
        (b'{"description": "coffee", "a\\u001bb": 1}', "a\\x1bb"),
    ],
)
def test_the_field_that_is_to_blame_is_kept_and_printable(read, line, field):
    _, [rejected] = read(line)
    assert rejected.field == field
    assert rejected.reason.startswith(f"{field}: " if field else "not JSON")
    assert rejected.reason.isprintable()


def test_a_parser_may_have_the_number_of_the_line(tmp_path):
    path = tmp_path / "rows.jsonl"
    path.write_bytes(b"\xef\xbb\xbf\n1\n\n{\n2\n")
    rejections = Rejections()
    assert list(numbered_rows(path, lambda *row: row, on_bad_line=rejections)) == [(2, 1), (5, 2)]
    assert [rejected.line for rejected in rejections.lines] == [4]


def test_a_missing_file_is_bad_input(tmp_path):
    with pytest.raises(BadInputError, match=r"nowhere\.jsonl: there is no such file"):
        list(read_rows(tmp_path / "nowhere.jsonl", Request.model_validate))


def test_a_folder_is_bad_input(tmp_path):
    with pytest.raises(BadInputError, match="cannot be read: Is a directory"):
        list(read_rows(tmp_path, Request.model_validate))


def test_a_huge_line_is_refused_without_holding_it_in_memory_and_the_next_one_is_read(tmp_path):
    path = tmp_path / "requests.jsonl"
    with path.open("wb") as file:
        for _ in range(64):
            file.write(b"x" * MAX_LINE_BYTES)
        file.write(b"\n" + GOOD + b"\n")
    rejections = Rejections()
    tracemalloc.start()
    rows = list(read_rows(path, Request.model_validate, on_bad_line=rejections))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (len(rows), [rejected.line for rejected in rejections.lines]) == (1, [1])
    assert peak < 10 * MAX_LINE_BYTES


def test_a_long_file_is_read_with_constant_memory(tmp_path):
    path = tmp_path / "requests.jsonl"
    path.write_bytes((GOOD + b"\n") * 20_000)
    tracemalloc.start()
    count = sum(1 for _ in read_rows(path, lambda row: row))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 20_000
    assert peak < 500_000


def test_rejected_lines_are_kept_beside_the_output_in_full(read, tmp_path):
    _, [rejected] = read(b'{"description": "caf\xe9"}\n')
    output = tmp_path / "predictions.jsonl"
    path = Rejections([rejected]).write_beside(output)
    assert path == tmp_path / "predictions.jsonl.rejected.jsonl"
    assert json.loads(path.read_text()) == {
        "file": str(tmp_path / "requests.jsonl"),
        "line": 1,
        "reason": "not UTF-8: byte 0xe9 at position 20",
        "text": '{"description": "caf\\xe9"}',
    }


def test_rejected_lines_of_an_earlier_run_go_when_there_are_none_any_more(tmp_path):
    output = tmp_path / "predictions.jsonl"
    stale = tmp_path / "predictions.jsonl.rejected.jsonl"
    stale.write_text("{}\n")
    assert Rejections().write_beside(output) is None
    assert not stale.exists()


JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(st.lists(st.dictionaries(st.text(max_size=8), JSON_VALUES, max_size=4), max_size=5))
@example([{"a": "\u2028\x85\r\n\ufeff"}, {"": {}}])
def test_rows_that_are_written_are_read_as_they_were(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("rows") / "rows.jsonl"
    assert write_rows(path, rows) == len(rows)
    assert list(read_rows(path, lambda row: row)) == rows


@settings(max_examples=100)
@given(st.binary(max_size=200) | st.binary(max_size=40).map(lambda noise: GOOD[:-2] + noise + b'"}'))
def test_any_bytes_at_all_are_read_or_rejected_and_never_crash_the_reader(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("noise") / "noise.jsonl"
    path.write_bytes(data)
    rejections = Rejections()
    rows = list(read_rows(path, Request.model_validate, on_bad_line=rejections))
    lines = [line for line in data.removeprefix(b"\xef\xbb\xbf").split(b"\n") if line.strip()]
    assert len(rows) + len(rejections.lines) == len(lines)
    write_rows(path, rows)
    rejections.write_beside(path)


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_what_could_not_be_read_again_is_not_written(number, tmp_path):
    with pytest.raises(ValueError, match="not JSON compliant"):
        dump_row({"confidence": number})
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_rows(tmp_path / "rows.jsonl", [{"confidence": 0.5}, {"confidence": number}])
    assert list(tmp_path.iterdir()) == []

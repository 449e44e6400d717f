"""Writing a report: the page, the same numbers as JSON, and as Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from namewright.judge._report.markdown import markdown
from namewright.judge._report.page import page
from namewright.judge._report.view import report_numbers, report_rows
from namewright.shared.files import write_whole

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from namewright.judge._evaluation.evaluate import Evaluation


def write_report(folder: Path, evaluations: Mapping[str, Evaluation], split: str) -> tuple[Path, str]:
    """Write `<first run>.html`, `.json` and `.md` into a folder; returns the page's path and the Markdown."""
    numbers = report_numbers(evaluations, split)
    table = markdown(numbers)
    path = folder / f"{numbers.title}.html"
    texts = {
        path: page(numbers, report_rows(evaluations)),
        path.with_suffix(".json"): numbers.model_dump_json(indent=2) + "\n",
        path.with_suffix(".md"): table + "\n",
    }
    for target, text in texts.items():
        with write_whole(target) as file:
            file.write(text)
    return path, table

"""The report: one file that opens offline, in a real browser, and shows strangers' text as text."""

import json
import shutil
import subprocess

import pytest

from namewright.judge import OfflineJudge, Prediction, evaluate, load_rubric
from namewright.judge._report.page import page
from namewright.judge._report.view import report_numbers, report_rows
from namewright.judge._report.write import write_report
from namewright.shared import BlockedResponse, Request, SuccessResponse, Suggestion

ATTACK = "<script>document.title='owned'</script></script><img src=x onerror=alert(1)> bakery & more"
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@pytest.fixture(scope="module")
def evaluations():
    judge = OfflineJudge(load_rubric())

    def run(domains):
        answer = SuccessResponse(suggestions=tuple(Suggestion(domain=d, confidence=0.5) for d in domains))
        texts = ["A coffee shop in Miami.", ATTACK, "A veterinarian who visits homes."]
        rows = [Prediction(str(i), answer, Request(description=t), "success") for i, t in enumerate(texts)]
        rows.append(Prediction("unsafe", BlockedResponse(), Request(description="Stolen cards."), "blocked"))
        return evaluate(rows, judge, judge.rubric)

    return {"improved": run(["brewhaven.com", "pawvisit.com"]), "base<line>": run(["shop-online.net", "xqzkt.com"])}


def test_nothing_is_fetched(evaluations):
    html = page(report_numbers(evaluations, "test"), report_rows(evaluations))
    assert not [mark for mark in ("src=", "href=", "@import", "url(") if mark in html.partition('id="rows"')[0]]
    assert "default-src 'none'" in html


def test_strangers_text_cannot_become_markup(evaluations):
    html = page(report_numbers(evaluations, "test"), report_rows(evaluations))
    assert ATTACK not in html
    assert "base<line>" not in html
    embedded = html.partition('id="rows">')[2].partition("</script>")[0]
    assert json.loads(embedded)[1]["d"] == ATTACK


def test_the_same_numbers_come_as_json_and_markdown(evaluations, tmp_path):
    path, markdown = write_report(tmp_path, {"improved": evaluations["improved"]}, "test")
    numbers = json.loads(path.with_suffix(".json").read_text())
    estimate = numbers["columns"][0]["summary"]["composite"]["estimate"]
    assert f"**{estimate:.2f} [" in markdown
    assert path.with_suffix(".md").read_text() == markdown + "\n"
    assert f"{estimate:.2f}<small>" in path.read_text()


def test_a_failed_canary_voids_the_report(evaluations):
    whole = evaluations["improved"]
    failed = whole.summary.canaries[0].model_copy(update={"passed": False})
    summary = whole.summary.model_copy(update={"void": True, "canaries": (failed, *whole.summary.canaries[1:])})
    broken = {"improved": type(whole)(whole.rows, summary)}
    assert "VOID" in page(report_numbers(broken, "test"), report_rows(broken))


@pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine (Debian package: chromium)")
@pytest.mark.parametrize("width", [390, 1280])
def test_a_real_browser_shows_the_rows_and_runs_no_stranger(evaluations, tmp_path, width):
    path = tmp_path / "report.html"
    numbers = report_numbers(evaluations, "test")
    probe = "<script>document.documentElement.dataset.wide = document.documentElement.scrollWidth;</script>"
    path.write_text(page(numbers, report_rows(evaluations)).replace("</body>", f"{probe}</body>"))
    command = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", f"--window-size={width},900",
               f"--user-data-dir={tmp_path / 'profile'}", "--virtual-time-budget=2000", "--dump-dom", path.as_uri()]  # fmt: skip
    dom = subprocess.run(command, capture_output=True, text=True, timeout=90, check=True).stdout
    assert dom.count('<article class="row">') == 4
    assert "brewhaven.com" in dom
    assert "<title>Namewright: improved judged</title>" in dom
    wide = int(dom.partition('data-wide="')[2].partition('"')[0])
    assert wide <= max(width, 500), "a phone should not have to scroll sideways"

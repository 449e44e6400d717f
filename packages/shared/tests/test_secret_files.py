"""A secret may stand in a file that a variable names."""

from __future__ import annotations

import os

import click
import pytest
from click.testing import CliRunner

from namewright.shared.cli import JobCommand
from namewright.shared.errors import BadInputError
from namewright.shared.secret_files import read_secret_files


@pytest.fixture(autouse=True)
def environment(monkeypatch):
    for name in ("OPENAI_API_KEY", "OPENAI_API_KEY_FILE", "HF_TOKEN", "HF_TOKEN_FILE"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    return monkeypatch


def test_a_job_finds_the_secret_in_its_environment(environment, tmp_path):
    (tmp_path / "key").write_text("sk-from-a-file\n")
    environment.setenv("OPENAI_API_KEY_FILE", str(tmp_path / "key"))

    @click.command(cls=JobCommand)
    def job():
        click.echo(os.environ["OPENAI_API_KEY"])

    assert CliRunner().invoke(job).output == "sk-from-a-file\n"


def test_a_secret_that_is_set_stands_over_the_file(environment, tmp_path):
    (tmp_path / "key").write_text("from-a-file")
    environment.setenv("HF_TOKEN", "from-the-environment")
    environment.setenv("HF_TOKEN_FILE", str(tmp_path / "key"))
    read_secret_files()
    assert os.environ["HF_TOKEN"] == "from-the-environment"


def test_an_empty_file_is_no_secret(environment):
    environment.setenv("OPENAI_API_KEY_FILE", os.devnull)
    read_secret_files()
    assert "OPENAI_API_KEY" not in os.environ


def test_a_file_that_cannot_be_read_is_named(environment, tmp_path):
    environment.setenv("OPENAI_API_KEY_FILE", str(tmp_path / "gone"))
    with pytest.raises(BadInputError, match=r"OPENAI_API_KEY_FILE=.*gone: cannot be read by user"):
        read_secret_files()

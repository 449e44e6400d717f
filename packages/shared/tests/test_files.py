"""A file is there whole or not at all, whatever ends the job that writes it."""

import errno
import os
import resource
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from namewright.shared import BadInputError, NamewrightError
from namewright.shared.files import sha256_of, write_whole


def run(code, *arguments, **kwargs):
    command = [sys.executable, "-c", textwrap.dedent(code), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, **kwargs)


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def write(path, text):
    with write_whole(path) as file:
        file.write(text)


def write_and_fail(path, error):
    with write_whole(path) as file:
        file.write("half")
        raise error


def test_a_file_appears_under_its_name_only_when_it_is_whole(tmp_path):
    path = tmp_path / "deep" / "folder" / "rows.jsonl"
    with write_whole(path) as file:
        file.write("one\n")
        assert not path.exists()
    assert path.read_bytes() == b"one\n"
    assert names(path.parent) == ["rows.jsonl"]


def test_an_error_in_the_middle_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "rows.jsonl"
    path.write_text("old\n")
    with pytest.raises(RuntimeError, match="midway"):
        write_and_fail(path, RuntimeError("midway"))
    assert path.read_text() == "old\n"
    assert names(tmp_path) == ["rows.jsonl"]


def test_a_job_killed_in_the_middle_leaves_the_old_file(tmp_path):
    path = tmp_path / "rows.jsonl"
    path.write_text("old\n")
    done = run(
        """
        import os, signal, sys
        from pathlib import Path
        from namewright.shared.files import write_whole
        with write_whole(Path(sys.argv[1])) as file:
            file.write("half")
            file.flush()
            os.kill(os.getpid(), signal.SIGKILL)
        """,
        path,
    )
    assert done.returncode == -signal.SIGKILL
    assert path.read_text() == "old\n"
    assert [name for name in names(tmp_path) if not name.endswith(".partial")] == ["rows.jsonl"]


def test_a_full_disk_is_said_as_one_and_leaves_the_old_file(tmp_path):
    path = tmp_path / "rows.jsonl"
    path.write_text("old\n")
    done = run(
        """
        import sys
        from pathlib import Path
        from namewright.shared import NamewrightError, write_rows
        try:
            write_rows(Path(sys.argv[1]), ({"text": "x" * 1000} for _ in range(100)))
        except NamewrightError as error:
            print(error)
            raise SystemExit(error.exit_code)
        """,
        path,
        preexec_fn=_no_file_over_ten_kilobytes,
    )
    assert done.returncode == 1, done.stderr
    assert done.stdout.strip() == f"{path}: cannot be written: File too large; nothing was left behind"
    assert path.read_text() == "old\n"
    assert names(tmp_path) == ["rows.jsonl"]


def _no_file_over_ten_kilobytes():
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # write() fails with EFBIG instead, as it would with ENOSPC
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))


def test_a_device_is_written_to_and_never_replaced(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    with write_whole(pipe) as file:
        file.write("row\n")
    assert os.read(reader, 100) == b"row\n"
    os.close(reader)
    assert names(tmp_path) == ["pipe"]
    assert pipe.is_fifo()


def test_a_full_device_is_said_as_a_full_disk():
    with pytest.raises(NamewrightError, match="/dev/full: cannot be written: No space left on device"):
        write(Path("/dev/full"), "row\n")


def test_a_link_is_followed_and_stays_a_link(tmp_path):
    (tmp_path / "volume").mkdir()
    target, link = tmp_path / "volume" / "rows.jsonl", tmp_path / "rows.jsonl"
    target.write_text("old\n")
    link.symlink_to(target)
    with write_whole(link) as file:
        file.write("new\n")
    assert link.is_symlink()
    assert target.read_text() == "new\n"


@pytest.mark.parametrize(
    ("name", "reason"),
    [(".", "Is a directory"), ("file/rows.jsonl", "Not a directory|File exists"), ("x" * 250, "File name too long")],
)
def test_a_place_that_cannot_be_written_is_named(tmp_path, name, reason):
    (tmp_path / "file").write_text("")
    with pytest.raises(NamewrightError, match=f"cannot be written: ({reason}); nothing was left behind"):
        write(tmp_path / name, "")
    assert names(tmp_path) == ["file"]


@pytest.mark.parametrize("name", ["x" * 300, "loop"])
def test_a_name_that_no_file_can_have_is_bad_input(tmp_path, name):
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(
        BadInputError, match=r"cannot be written: (File name too long|Too many levels of symbolic links)"
    ):
        write(tmp_path / name, "")
    assert names(tmp_path) == ["loop"]


@pytest.mark.parametrize(
    "error",
    [
        ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused"),
        TimeoutError("slow"),
        BrokenPipeError(32, "pipe"),
    ],
)
def test_what_goes_wrong_elsewhere_while_writing_is_not_blamed_on_the_disk(tmp_path, error):
    with pytest.raises(type(error)):
        write_and_fail(tmp_path / "rows.jsonl", error)
    assert names(tmp_path) == []


def test_a_missing_input_is_not_blamed_on_the_output_beside_it(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"input\.txt"), write_whole(tmp_path / "rows.jsonl"):
        (tmp_path / "input.txt").read_text()


def test_a_new_file_has_the_rights_that_the_umask_leaves(tmp_path):
    before = os.umask(0o027)
    try:
        write(tmp_path / "rows.jsonl", "row\n")
    finally:
        os.umask(before)
    assert (tmp_path / "rows.jsonl").stat().st_mode & 0o777 == 0o640


def test_a_hash_is_of_the_bytes(tmp_path):
    (tmp_path / "abc").write_bytes(b"abc")  # FIPS 180-2, appendix B.1
    assert sha256_of(tmp_path / "abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

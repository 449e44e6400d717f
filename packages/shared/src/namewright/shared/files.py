"""Files written whole or not at all, and hashed."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
import tempfile
from contextlib import contextmanager, suppress
from importlib.resources import files
from pathlib import Path
from typing import IO, TYPE_CHECKING

from namewright.shared.errors import BadInputError, NamewrightError

if TYPE_CHECKING:
    from collections.abc import Iterator

_OUT_OF_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO})
_BAD_NAME = frozenset({errno.ENAMETOOLONG, errno.ELOOP})


def sha256_of(path: Path) -> str:
    """Hash a file's bytes; 64 hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_lines(package: str, name: str) -> list[str]:
    """Read a word list from a package's `data` folder, without its comments (`#`) and blank lines."""
    text = files(package).joinpath("data", name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


@contextmanager
def write_whole(path: Path) -> Iterator[IO[str]]:
    """Open a text file that appears under its name only when the block has ended well.

    It is written beside and then renamed, so that a job which is killed leaves either the old file or the new one.
    A link is followed; what is no regular file (`/dev/null`, a pipe) is written to as it is.

    Raises:
        NamewrightError: it cannot be written (a full disk, no permission); nothing is left behind.
        BadInputError: no file can have that name (too long, a link that leads to itself).
    """
    with telling_of(path):
        special = is_special(path)
    if special:
        with telling_of(path), path.open("w", encoding="utf-8", newline="\n") as file:
            yield file
        return
    target = path.resolve()
    with telling_of(target):
        if target.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(target))
        target.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".partial")
        partial = Path(name)
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            partial.chmod(0o666 & ~_umask())
            partial.replace(target)
        finally:
            with suppress(OSError):
                partial.unlink(missing_ok=True)


@contextmanager
def telling_of(path: Path) -> Iterator[None]:
    """Turn the errors of writing at a path into one that a person understands.

    Others pass: a job that writes also reads and asks the network, and a full disk is not what ails those.

    Raises:
        NamewrightError: the path, or what is written beside it until it is whole, cannot be written.
        BadInputError: the path's name is the reason.
    """
    try:
        yield
    except OSError as error:
        if not _is_about(error, Path(os.path.abspath(path))):  # noqa: PTH100 - links stay as they are
            raise
        msg = f"{path}: cannot be written: {error.strerror or error}; nothing was left behind"
        raise (BadInputError if error.errno in _BAD_NAME else NamewrightError)(msg) from error


def is_special(path: Path) -> bool:
    """Say whether a path is neither free nor a file nor a folder: `/dev/null`, a pipe."""
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return False
    return not stat.S_ISREG(mode) and not stat.S_ISDIR(mode)


def _is_about(error: OSError, path: Path) -> bool:
    if not isinstance(error.filename, str | bytes):
        return error.errno in _OUT_OF_ROOM
    found = Path(os.path.abspath(os.fsdecode(error.filename)))  # noqa: PTH100
    beside = path.parent / f".{path.name}."
    return found == path or found in path.parents or str(found).startswith(str(beside))


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask

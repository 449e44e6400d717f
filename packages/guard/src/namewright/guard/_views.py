"""The plain text behind a disguise: every reading of a text that the guard looks at.

A disguise is undone only where plain words come out of it, so that a product code, a chemical formula or a brand name is
never read as something that it does not say.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import html
import re
from itertools import islice, product
from string import ascii_lowercase
from typing import TYPE_CHECKING
from urllib.parse import unquote

from namewright.guard._fold import fold
from namewright.guard._words import COMMON_RANK, ranks, segment

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_VIEWED_CHARACTERS = 6_000
"""Of a longer text, disguises are looked for in its first and last halves of this."""
_MAX_DEPTH = 3

_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")
_LEET_TOKEN = re.compile(r"[a-z0-9@$!|+€(<{}\[\]^*_~%&#/\\]+")
_LEET = {
    "0": "o", "1": "il", "2": "z", "3": "e", "4": "a", "5": "s", "6": "gb", "7": "t", "8": "b", "9": "g", "@": "a",
    "$": "s", "!": "il", "|": "li", "+": "t", "€": "e", "(": "c", "<": "c", "{": "c", "[": "c", "^": "a", "%": "x", "#": "h",
}  # fmt: skip
_AMOUNT = re.compile(r"\$\d+(?:k|m|b|mm|bn|mn|tn)?\+?")
"""A sum of money, such as $1m, which is no `sim`."""
_LEET_HINT = re.compile(r"[a-z][0-9@$!|+(]|[0-9@$|+(][a-z]")
_SPACED = re.compile(
    r"(?<![a-z0-9])(?:[a-z0-9@$!](?:[^\S\n]{1,3}|[.\-_*|/,~+:;]{1,2}[^\S\n]?)){3,}[a-z0-9@$!](?![a-z0-9])"
)
_INNER_MARKS = re.compile(r"(?<=[a-z0-9@$!])[.\-_*|/,~+:;^#]{1,2}(?=[a-z0-9@$!])")
_WIDE_GAP = re.compile(r"\s{2,}|\n")
_SEPARATORS = re.compile(r"[^a-z0-9@$!]+")
_REPEATED = re.compile(r"([a-z])\1{2,}")
_STARRED = re.compile(r"\b[a-z]+[*#_]+[a-z]+\b")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{12,}={0,2}")
_HEX = re.compile(r"(?:(?:0x|\\x|%)?[0-9a-fA-F]{2}[\s,:-]{0,2}){6,}")
_DIGIT = re.compile("[0-9]")
_BINARY = re.compile(r"(?:[01]{8}\s*){4,}")
_DECIMAL = re.compile(r"(?:\b(?:3[2-9]|[4-9]\d|1[01]\d|12[0-6])\b[\s,]+){6,}\d{2,3}\b")
_MORSE = re.compile(r"(?:[.\-]{1,4}(?:\s+|/|$)\s*){6,}")
_ESCAPE = re.compile(r"&#\w{2,6};|&[a-z]{2,8};|\\u[0-9a-fA-F]{4}|%[0-9a-fA-F]{2}")
_UNICODE_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
_MORSE_CODES = (
    ".- -... -.-. -.. . ..-. --. .... .. .--- -.- .-.. -- -. --- .--. --.- .-. ... - ..- ...- .-- -..- -.-- --.."
)
_MORSE_LETTERS = dict(zip(_MORSE_CODES.split(), ascii_lowercase, strict=True))
_MAX_RUNS = 6
"""Of more stretched letters in a word each is taken for one."""
_MOST_READINGS = 64
"""So many readings of a leet word are tried."""
_MIN_PRINTABLE = 0.9
_MANY_UNKNOWN = 0.34
_MIN_KNOWN_AFTER = 0.6


def views(text: str) -> list[str]:
    """Give the further readings of a text, folded, without the plain one; mostly there are none."""
    if len(text) > MAX_VIEWED_CHARACTERS:
        half = MAX_VIEWED_CHARACTERS // 2
        text = text[:half] + "\n" + text[-half:]
    found: list[str] = []
    _collect(text, found, _MAX_DEPTH)
    plain = fold(text)
    return [view for view in dict.fromkeys(found) if view != plain]


def _collect(text: str, found: list[str], depth: int) -> None:
    folded = fold(text)
    clear = _undisguise(folded)
    if clear != folded:
        found.append(clear)
    found.extend(_turned(clear))
    if depth:
        for hidden in _decoded(text, folded):
            found.append(fold(hidden))
            _collect(hidden, found, depth - 1)


def _undisguise(text: str) -> str:
    """Undo leet, spaced and dotted letters, and stretched words, each where it gives words that people write."""
    text = _SPACED.sub(_joined, text)
    if _REPEATED.search(text):
        text = _WORD.sub(_shortened, text)
    if _LEET_HINT.search(text):
        text = _unleet(text)
    if _INNER_MARKS.search(text):
        text = _LEET_TOKEN_WITH_MARKS.sub(_unmarked, text)
    return _LONG.sub(_split_joined, text)


_LEET_TOKEN_WITH_MARKS = re.compile(r"[a-z0-9@$!]+(?:[.\-_*|/,~+:;^#]{1,2}[a-z0-9@$!]+)+")
_LONG = re.compile(r"\b[a-z]{10,}\b")


def _joined(match: re.Match[str]) -> str:
    """Letters set apart: `b o m b`, `b.o.m.b`; wide gaps part words, and without them the words are looked for."""
    run = match.group()
    parts = [_SEPARATORS.sub("", part) for part in _WIDE_GAP.split(run)]
    words: list[str] = []
    for part in parts:
        plain = _read_leet(part) or part
        words += [plain] if plain in ranks() else segment(plain)
    return " ".join(words)


def _split_joined(match: re.Match[str]) -> str:
    """Words run together, `howtomakeabomb`: split where every piece is a common word and there are many."""
    joined = match.group()
    if joined in ranks():
        return joined
    words = segment(joined)
    known = ranks()
    if (
        len(words) >= 3  # noqa: PLR2004 - two pieces are a brand name
        and all(known.get(word, COMMON_RANK) < COMMON_RANK for word in words)
        and len(joined) >= 3.2 * len(words)
    ):
        return " ".join(words)
    return joined


def _unmarked(match: re.Match[str]) -> str:
    """A word cut by marks, `b-om-b`, `p.orn`: join it where the pieces are no words and the whole is one."""
    whole = match.group()
    pieces = _SEPARATORS.split(whole)
    known = ranks()
    if all(len(piece) > 1 and piece in known for piece in pieces):
        return whole
    joined = "".join(pieces)
    return joined if known.get(joined, COMMON_RANK) < COMMON_RANK else whole


def _shortened(match: re.Match[str]) -> str:
    """Shorten stretched letters to one or two, each run for itself, whichever gives the commonest word."""
    word = match.group()
    pieces = _REPEATED.split(word)  # fixed text, stretched letter, fixed text, ...
    runs = len(pieces) // 2
    if not runs:
        return word
    if runs > _MAX_RUNS:
        return _REPEATED.sub(r"\1", word)
    known = ranks()
    readings = []
    for lengths in product((1, 2), repeat=runs):
        middle = [pieces[2 * k + 1] * length + pieces[2 * k + 2] for k, length in enumerate(lengths)]
        readings.append(pieces[0] + "".join(middle))
    return min(readings, key=lambda reading: known.get(reading, len(known)))


def _unleet(text: str) -> str:
    changed = 0

    def plain(match: re.Match[str]) -> str:
        nonlocal changed
        token = match.group()
        read = _read_leet(token)
        if read is None:
            return token
        changed += 1
        return read

    text = _LEET_TOKEN.sub(plain, text)
    if changed > 1:  # the small words of a leet sentence: `h0w 70 m4k3 4 b0mb`
        text = re.sub(r"\b(?:70|7o|4|15|17|1n|0n|0f|1|4n|7h3)\b", lambda m: _SMALL_LEET[m.group()], text)
    return text


_SMALL_LEET = {
    "70": "to", "7o": "to", "4": "a", "15": "is", "17": "it", "1n": "in", "0n": "on", "0f": "of", "1": "i", "4n": "an",
    "7h3": "the",
}  # fmt: skip


def _read_leet(token: str) -> str | None:
    """Read a leet token as the commonest word that it can stand for, or None where it stands for none."""
    core = token.strip("()[]{}<*_~&#/\\")
    if not any("a" <= c <= "z" for c in core):
        core = core if len(core) > 3 else ""  # noqa: PLR2004 - `80085`, never a price
    if not core or core.isalpha() or len(core) > 24 or _AMOUNT.fullmatch(core):  # noqa: PLR2004
        return None
    body = core.rstrip("!+.")
    options = [_LEET.get(c, c) for c in body]
    if 2 ** sum(len(option) > 1 for option in options) > _MOST_READINGS or body.isalpha():
        return None
    known = ranks()
    best, best_rank = None, COMMON_RANK
    for letters in product(*options):
        word = "".join(letters)
        rank = known.get(word, COMMON_RANK)
        if rank < best_rank and (len(word) > 2):  # noqa: PLR2004
            best, best_rank = word, rank
    return best


def leet_readings(name: str) -> list[str]:
    """Give a name with its digits read as letters or as themselves, up to 64 ways: in a joined name no piece is a word of its own."""
    if not _LEET_HINT.search(name):
        return []
    return ["".join(letters) for letters in islice(product(*[_LEET.get(c, "") + c for c in name]), _MOST_READINGS)]


def _turned(text: str) -> list[str]:
    """Look for rot13 and reversed writing, where much of a text is no word."""
    words = _WORD.findall(text)
    known = ranks()
    unknown = [word for word in words if len(word) > 2 and known.get(word, COMMON_RANK) >= COMMON_RANK]  # noqa: PLR2004
    letters = sum(map(len, words)) or 1
    if not unknown or (sum(map(len, unknown)) < _MANY_UNKNOWN * letters and len(unknown) < 3):  # noqa: PLR2004
        return []
    candidates = (text[::-1], codecs.encode(text, "rot13"), codecs.encode(text[::-1], "rot13"))
    turned = [candidate for candidate in candidates if _reads_better(text, candidate)]
    partly = [
        _turn_unknown(text, lambda word: codecs.encode(word, "rot13")),
        _turn_unknown(text, lambda word: word[::-1]),
    ]
    return turned + [view for view in partly if view]


def _reads_better(before: str, after: str) -> bool:
    share = _known_share(after)
    return share >= _MIN_KNOWN_AFTER and share > _known_share(before) + 0.15


def _known_share(text: str) -> float:
    words = _WORD.findall(text)
    known = ranks()
    letters = sum(map(len, words)) or 1
    return sum(len(word) for word in words if known.get(word, COMMON_RANK) < COMMON_RANK) / letters


def _turn_unknown(text: str, turn: Callable[[str], str]) -> str | None:
    known = ranks()
    turned = 0

    def replace(match: re.Match[str]) -> str:
        nonlocal turned
        word = match.group()
        other = turn(word)
        if known.get(other, COMMON_RANK) < min(8_000, known.get(word, COMMON_RANK)):
            turned += len(word) > 2  # noqa: PLR2004
            return other
        return word

    view = _WORD.sub(replace, text)
    return view if turned > 1 else None


def _decoded(text: str, folded: str) -> list[str]:
    """Decode what is hidden in base64, hexadecimal, binary, Morse, and escapes."""
    hidden: list[str] = []
    for match in _BASE64.finditer(text):
        hidden += _from_base64(match.group())
    if _DIGIT.search(text):  # the code of every letter has one, in base 2, 10 and 16
        hidden += _from_numbers(text)
    for match in _MORSE.finditer(text):
        words = [
            [_MORSE_LETTERS.get(code, "") for code in word.split()] for word in re.split(r"/|\s{3,}", match.group())
        ]
        hidden.append(" ".join("".join(word) for word in words))
    if _ESCAPE.search(text):
        plain = _UNICODE_ESCAPE.sub(lambda m: chr(int(m.group(1), 16)), html.unescape(unquote(text, errors="replace")))
        if plain != text:
            hidden.append(plain)
    if _STARRED.search(folded):
        hidden.append(_STARRED.sub(_unstarred, folded))
    return [view for view in hidden if view.strip()]


_STARRED_WORDS = (
    "fuck", "fucking", "fucker", "shit", "porn", "porno", "bomb", "kill", "rape", "rapist", "cocaine", "heroin", "meth",
    "murder", "nigger", "faggot", "whore", "slut", "bitch", "cunt", "dick", "cock", "pussy", "sex", "drug", "drugs", "weed",
    "gun", "guns", "weapon", "weapons", "child", "kids", "children", "suicide", "hack", "hacking", "steal", "abuse",
    "underage", "naked", "nude", "nudes", "terrorist", "explosive", "escort", "escorts",
)  # fmt: skip


def _unstarred(match: re.Match[str]) -> str:
    pattern = re.compile(re.sub(r"[*#_]+", lambda marks: "." * len(marks.group()), match.group()))
    return next((word for word in _STARRED_WORDS if pattern.fullmatch(word)), match.group())


def _from_numbers(text: str) -> list[str]:
    """Decode hexadecimal, binary and decimal codes."""
    hidden: list[str] = []
    for match in _HEX.finditer(text):
        digits = re.sub(r"0x|[^0-9a-fA-F]", "", match.group())
        hidden += _as_text(bytes.fromhex(digits[: len(digits) // 2 * 2]))
    for match in _BINARY.finditer(text):
        bits = re.sub(r"\s", "", match.group())
        hidden += _as_text(bytes(int(bits[i : i + 8], 2) for i in range(0, len(bits) - 7, 8)))
    for match in _DECIMAL.finditer(text):
        hidden += _as_text(bytes(int(code) for code in re.findall(r"\d+", match.group()) if int(code) < 256))  # noqa: PLR2004
    return hidden


def _from_base64(token: str) -> list[str]:
    if token.isalpha() and (token.islower() or token.isupper() or token.istitle()):
        return []
    body = token.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return _as_text(base64.b64decode(body + "=" * (-len(body) % 4), validate=True))
    except (binascii.Error, ValueError):
        return []


def _as_text(raw: bytes) -> list[str]:
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        return []
    printable = sum(c.isprintable() or c.isspace() for c in text)
    return [text] if text and printable >= _MIN_PRINTABLE * len(text) and any(c.isalpha() for c in text) else []

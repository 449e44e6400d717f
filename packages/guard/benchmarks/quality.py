"""How well the guard decides, as one table: `python benchmarks/quality.py [--data FOLDER] [--peer]`.

FOLDER holds the public sets (guard_prompts.jsonl, briefs.jsonl, notebook_val.jsonl), which nothing was trained on; without it
their lines are said to be left out. `--peer` trains TF-IDF with logistic regression on the guard's own training texts and puts
it beside the guard, at thresholds found at the same rates of held-out texts (without the guard's margins and its kinds of length).
"""

import argparse
import base64
import codecs
import random
from collections.abc import Callable
from pathlib import Path

from texts import Groups, benchmark_groups, public_groups

from namewright.guard import SAFE, Guard
from namewright.guard._evaluate import wilson
from namewright.guard._features import sentences_of
from namewright.guard._fold import fold
from namewright.guard._form import asks
from namewright.guard._training._calibrate import ASKED_RATE, BUSINESS_RATE, CONTRAST_RATE, held_out_texts
from namewright.guard._training._corpus import hides, read_descriptions, training_texts
from namewright.guard._training._run import CHECKOUT_DATA
from namewright.guard._training._space import read_space
from namewright.guard._training._written import Written, read_written

LEET = str.maketrans({"a": "4", "e": "3", "i": "1", "o": "0", "s": "5", "t": "7"})
CYRILLIC = str.maketrans({"a": "а", "e": "е", "o": "о", "c": "с", "p": "р"})  # noqa: RUF001 - the point
DISGUISES: dict[str, Callable[[str], str]] = {
    "capitals": str.upper,
    "leet": lambda text: text.translate(LEET),
    "spaced": lambda text: "  ".join(" ".join(word) for word in text.split()),
    "dotted": lambda text: " ".join(".".join(word) for word in text.split()),
    "stretched": lambda text: "".join(c * 3 if c in "aeiou" else c for c in text),
    "reversed": lambda text: text[::-1],
    "rot13": lambda text: codecs.encode(text, "rot13"),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "hex": lambda text: text.encode().hex(),
    "full width": lambda text: "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text),
    "zero width": "\u200b".join,
    "tags": lambda text: "".join(chr(0xE0000 + ord(c)) if c.isascii() else c for c in text),
    "combining": lambda text: "".join(c + "\u0336" for c in text),
    "Cyrillic": lambda text: text.translate(CYRILLIC),
}
BRIEFS = {
    "armed", "barred", "briefly", "briefs", "curt", "cyber", "explicit", "exploitation", "exposed", "goods", "harassment",
    "hateful", "hostile", "industries", "intimate", "money", "pitches", "privacy", "probes", "regions", "schemes", "sectors", "services",
    "terse", "testers", "unlawful", "ventures", "wares", "weapons", "young", "youth",
}  # fmt: skip
"""Files of what customers say to a name generator."""
Judge = Callable[[str], bool]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--peer", action="store_true")
    options = parser.parse_args()
    guard = Guard()
    written = read_written(CHECKOUT_DATA / "written")
    groups = {**own_groups(written), **benchmark_groups()}
    groups |= public_groups(options.data) if options.data else {}
    judges: dict[str, Judge] = {"guard": lambda text: guard.check(text).blocked}
    if options.peer:
        judges["TF-IDF + LR"] = peer(written)
    print_table(groups, judges)
    if not options.data:
        print("public sets: left out (--data FOLDER)")
    print_disguises(groups, judges["guard"])


def own_groups(written: list[Written]) -> Groups:
    """The lines that were never trained on, one expansion each."""
    rng = random.Random(1)
    groups: Groups = {}
    for line in written:
        if line.held_out:
            if line.category == SAFE:
                name = f"safe, {line.source}"
            elif hides(line):
                name = "unsafe, hidden in a long brief"
            elif line.source in BRIEFS:
                name = f"unsafe, phrased as a brief, {line.category}"
            else:
                name = f"unsafe, {line.category}"
            groups.setdefault(f"held-out lines: {name}", []).append(line.variants(1, rng)[0])
    return dict(sorted(groups.items()))


def peer(written: list[Written]) -> Judge:
    """TF-IDF of words and word pairs with logistic regression: same texts, same rates for the thresholds."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    space = read_space(CHECKOUT_DATA / "word_vectors.npz")
    texts = training_texts(CHECKOUT_DATA, written, space, scale=1.0, seed=42)
    model = make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2),
        LogisticRegression(C=10.0, solver="liblinear", dual=True, max_iter=300, random_state=42),
    ).fit([text for text, _ in texts], [label != SAFE for _, label in texts])
    safe = held_out_texts(written, read_descriptions(CHECKOUT_DATA)[1], 42)
    asked = [text for text in safe["contrast"] if opens_a_request(text)]
    told = [text for text in safe["contrast"] if not opens_a_request(text)]

    def exceeded(texts: list[str], rate: float) -> float:
        return sorted(model.decision_function(texts))[int((1 - rate) * len(texts)) - 1]

    thresholds = {
        True: exceeded(asked, ASKED_RATE),
        False: max(exceeded(safe["business"], BUSINESS_RATE), exceeded(told, CONTRAST_RATE)),
    }
    return lambda text: bool(model.decision_function([text])[0] > thresholds[opens_a_request(text)])


def opens_a_request(text: str) -> bool:
    return asks(sentences_of(fold(text)))


def print_table(groups: Groups, judges: dict[str, Judge]) -> None:
    print("| texts | " + " | ".join(f"{name}: blocked | 95% interval" for name in judges) + " | n |")
    print("|---|" + "---|---|" * len(judges) + "---|")
    for name, texts in groups.items():
        rates = [wilson(sum(map(judge, texts)), len(texts)) for judge in judges.values()]
        cells = " | ".join(f"{rate.estimate:.3f} | {rate.low:.3f} to {rate.high:.3f}" for rate in rates)
        print(f"| {name} | {cells} | {len(texts)} |", flush=True)


def print_disguises(groups: Groups, judge: Judge) -> None:
    texts = [text for name, found in groups.items() if name.startswith("held-out lines: unsafe") for text in found]
    short = [text for text in texts if text.isascii() and judge(text)]
    print("\n| disguise | blocked, of those blocked in plain | 95% interval | n |\n|---|---|---|---|")
    for name, disguise in DISGUISES.items():
        rate = wilson(sum(judge(disguise(text)) for text in short), len(short))
        print(f"| {name} | {rate.estimate:.3f} | {rate.low:.3f} to {rate.high:.3f} | {len(short)} |", flush=True)


if __name__ == "__main__":
    main()

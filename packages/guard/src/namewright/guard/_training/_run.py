"""Make the classifier's weights: the corpus, its variations, logistic regressions, a network, small tables, thresholds.

The method: words carry what they share with their neighbours in a word-vector space (made from MiniLM, reduced),
beside a weight of their own, so that a word the corpus never used is judged by the words it resembles (as in Mu & Viswanath
2018, with the common directions removed). After training all that a single word says is folded into one number, so that at
run time no vectors are needed. The network learns from what a larger model said of many texts (`training/teach.py`).
"""

from __future__ import annotations

import hashlib
import os
from array import array
from collections import Counter
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from namewright.guard._files import data_file
from namewright.guard._guard import Guard
from namewright.guard._model import ARRAY_TYPES, Model, network_of
from namewright.guard._result import CATEGORIES, SAFE, GuardError
from namewright.guard._training._calibrate import development_table, held_out_texts, thresholds
from namewright.guard._training._corpus import (
    DESCRIPTIONS,
    HINTS,
    read_corpus,
    read_descriptions,
    read_taught,
    training_texts,
)
from namewright.guard._training._fit import fit
from namewright.guard._training._matrix import featurize
from namewright.guard._training._network import EPOCHS, lesson, network_tables, train_network
from namewright.guard._training._space import read_space
from namewright.guard._training._tables import write_weights
from namewright.guard._training._written import read_written

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

CHECKOUT_DATA = Path(__file__).parents[4] / "training"
"""Where a checkout keeps what the classifier is trained on."""
TAUGHT = "taught.tsv.xz"
NETWORK_WEIGHT = 1.5
"""What the network's logit counts beside the linear model's."""
_DROPPED = 0.12
"""Share of the rarer words taken for unknown, so that their spelling is learnt."""


def train_weights(
    out: Path,
    *,
    data: Path = CHECKOUT_DATA,
    corpora: Sequence[Path] = (),
    scale: float = 1.0,
    seed: int = 42,
    say: Callable[[str], None] = print,
) -> dict[str, Any]:
    """Train, find the thresholds, and write the weights; returns the model card, which is written beside them too.

    The same inputs, seed, scale and library versions give the same bytes.

    Raises:
        GuardError: an input is missing, or is not what it has to be, or nothing can be written where it should go.
    """
    if not os.access(out.absolute().parent, os.W_OK):
        raise GuardError(f"{out}: its folder is not there, or cannot be written to")
    inputs = input_hashes(data, corpora)
    more = [example for path in corpora for example in read_corpus(path)]
    space = read_space(data / "word_vectors.npz")
    written = read_written(data / "written")
    texts = training_texts(data, written, space, scale=scale, seed=seed)
    texts += more
    labels = np.array([label for _, label in texts])
    say(f"{len(texts):,} texts, {int((labels != SAFE).sum()):,} of them unsafe")
    matrix = featurize([text for text, _ in texts], space, dropped=_DROPPED, seed=seed)
    say(f"{matrix.shape[1]:,} features")
    tables, scales, bias = fit(matrix, labels, space, seed)
    heard, wanted, hints = read_taught(data / TAUGHT, scale)
    say(f"{len(heard):,} texts that the teacher judged")
    heard += [text for text, _ in more]
    wanted += [float(category != SAFE) for _, category in more]
    hints = np.vstack([hints, np.full((len(more), HINTS), np.nan, np.float32)])
    student = train_network(lesson(heard, wanted, hints, space), space, seed, max(1, round(EPOCHS * min(1.0, scale))))
    network, network_scales = network_tables(student)
    tables |= {f"network_{name}": table for name, table in network.items()}
    runtime = {name: array(ARRAY_TYPES[table.dtype.str], table.tobytes()) for name, table in tables.items()}
    runtime.pop("clusters")
    taught = network_of(runtime, network_scales)
    model = Model(space.vocabulary, runtime, scales, bias, taught, NETWORK_WEIGHT, CATEGORIES, {}, {})
    found = thresholds(model, held_out_texts(written, read_descriptions(data)[1], seed))
    model.thresholds = found
    development = development_table(Guard(model=model), written, seed)
    say("development set, lines never trained on:\n" + "\n".join(development))
    card = {
        "method": "logistic regression on words, subwords, word pairs and word clusters, folded and quantised to int8/int16, beside a convolutional network distilled from a fine-tuned MiniLM, product-quantised",
        "training_data": "the package's own grammar and written lines, descriptions written by SmolLM2-135M-Instruct (Apache-2.0) and of start-ups that do not exist, and what all-MiniLM-L6-v2 (Apache-2.0), fine-tuned on these, said of them and of recombinations",
        "scales": scales,
        "bias": bias,
        "network": network_scales,
        "network_weight": NETWORK_WEIGHT,
        "thresholds": found,
        "categories": list(CATEGORIES),
        "examples": len(texts),
        "by_category": dict(Counter(labels.tolist())),
        "development": development,
        "seed": seed,
        "scale": scale,
        "inputs": inputs,
        "libraries": {name: metadata.version(name) for name in ("numpy", "scipy", "scikit-learn", "torch")},
    }
    write_weights(out, tables, card)
    return card


def input_hashes(data: Path, corpora: Sequence[Path] = ()) -> dict[str, str]:
    """Give the sha256 of every file that the weights are made from.

    Raises:
        GuardError: the folder has none of them.
    """
    names = ["word_vectors.npz", TAUGHT, *DESCRIPTIONS, "grammar/*.txt", "written/*.tsv"]
    files = {path.relative_to(data).as_posix(): path for name in names for path in sorted(data.glob(name))}
    if not files:
        raise GuardError(
            f"{data}: nothing to train on is here; give --data FOLDER (a checkout's packages/guard/training)"
        )
    files |= {f"_data/{name}": data_file(name) for name in ("words.txt.gz", "confusables.txt", "rules.txt")}
    files |= {path.name: path for path in corpora}
    return {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files.items()}

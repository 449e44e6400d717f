"""Make the classifier's weights: the corpus, its variations, a logistic regression, and its folding into small tables.

The method: words carry what they share with their neighbours in a word-vector space (SmolLM2's own token embeddings, reduced),
beside a weight of their own, so that a word the corpus never used is judged by the words it resembles (as in Mu & Viswanath
2018, with the common directions removed). After training all that a single word says is folded into one number, so that at
run time no vectors are needed.
"""

from __future__ import annotations

import gzip
import io
import json
import random
import re
import zipfile
from collections import Counter
from dataclasses import dataclass
from importlib import resources
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.sparse as sp
from sklearn.cluster import MiniBatchKMeans
from sklearn.linear_model import LogisticRegression

from namewright.guard._corpus._build import Example, corpus
from namewright.guard._features import (
    BIGRAM_SLOTS,
    MIN_WEIGHT,
    NUMBER,
    PAIR_SLOTS,
    RARITY,
    REACH,
    SUBWORD_SLOTS,
    UNKNOWN,
    Vocabulary,
    bigram_slot,
    encode_word,
    pair_slot,
    subwords,
    words_of,
)
from namewright.guard._fold import fold
from namewright.guard._result import CATEGORIES, SAFE, GuardError
from namewright.guard._words import ranks

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

OWN_CLUSTERS = 150
"""The commonest words are clusters of their own: "for", "against", "without" must not be mixed up."""
CLUSTERS = 600
PENALTY = 3.0
"""Inverse strength of the ridge penalty (scikit-learn's C)."""
THRESHOLD = 1.75
"""The raw score that counts as unsafe; see the model card for the false blocks and the recall at it."""
_SCALES = {"words": 1.0, "subwords": 0.7, "bigrams": 0.5, "clusters": 1.0, "pairs": 0.4, "vectors": 2.0}
_DROPPED = 0.12
_COMMON = 150
_LETTERS = re.compile(r"[a-z]+")
_CHECKOUT_VECTORS = Path(__file__).parents[3] / "training" / "word_vectors.npz"

Labelled = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Space:
    """The vocabulary with its vectors and clusters."""

    words: list[str]
    vocabulary: Vocabulary
    vectors: np.ndarray
    single: np.ndarray


def train_weights(
    out: Path,
    *,
    corpora: Sequence[Path] = (),
    vectors: Path | None = None,
    scale: float = 0.3,
    seed: int = 42,
    say: Callable[[str], None] = print,
) -> dict[str, Any]:
    """Train, fold, quantise and write the weights; returns the model card, which is written beside them too."""
    space = read_space(vectors or _CHECKOUT_VECTORS)
    texts = varied_corpus(space, scale=scale, seed=seed)
    for path in corpora:
        texts += read_corpus(path)
    say(f"{len(texts):,} texts, {sum(label != SAFE for _, label in texts):,} of them unsafe")
    matrix = featurize([text for text, _ in texts], space, dropped=_DROPPED, seed=seed)
    labels = np.array([label for _, label in texts])
    columns = column_scales(space)
    say(f"{matrix.shape[1]:,} features")
    scaled = (matrix @ sp.diags(columns)).tocsr()
    model = LogisticRegression(C=PENALTY, solver="liblinear", dual=True, max_iter=100, tol=0.02, random_state=seed)
    judged = labels != "prompt_injection"  # its words ("system", "instructions") are harmless elsewhere: rules find it
    model.fit(scaled[judged], labels[judged] != SAFE)
    tables, scales = fold_weights(model.coef_[0] * columns, space)
    category_tables, category_scales = train_categories(scaled, labels, columns, space, seed)
    card = {
        "scales": {**scales, **category_scales},
        "bias": float(model.intercept_[0]),
        "categories": list(CATEGORIES),
        "threshold": THRESHOLD,
        "examples": len(texts),
        "by_category": dict(Counter(labels.tolist())),
        "seed": seed,
        "scale": scale,
        "corpora": [path.name for path in corpora],
        "method": "logistic regression on words, subwords, word pairs and word clusters, folded and quantised to int8/int16",
        "training_data": "the package's own synthetic grammar, and descriptions written by SmolLM2-135M-Instruct (Apache-2.0)",
    }
    write_weights(out, {**tables, **category_tables}, card)
    return card


def read_space(path: Path) -> Space:
    """Read word vectors made for the vocabulary, and cluster them.

    Raises:
        GuardError: they are missing, or belong to another vocabulary.
    """
    if not path.is_file():
        raise GuardError(f"{path}: there are no word vectors here; give --vectors FILE (they stand in the checkout)")
    archive = np.load(path)
    vectors = archive["vectors"].astype(np.float32) / 127
    known = ranks()
    if len(vectors) != len(known):
        raise GuardError(f"{path}: vectors of {len(vectors):,} words, and the vocabulary has {len(known):,}")
    unit = vectors / (np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-9)
    means = MiniBatchKMeans(CLUSTERS, random_state=0, batch_size=4096, n_init=1, max_iter=30).fit(unit[:30_000])
    clusters = means.predict(unit).astype(int) + OWN_CLUSTERS + 2
    clusters[:OWN_CLUSTERS] = np.arange(OWN_CLUSTERS) + 2
    return Space(list(known), Vocabulary(known, clusters.tolist()), vectors, archive["pieces"] == 1)


def read_corpus(path: Path) -> list[Labelled]:
    """Read further examples: JSON lines with `text`, `label` (safe or unsafe), and `category` where it is unsafe.

    Raises:
        GuardError: a line that is no such example.
    """
    examples = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            category = SAFE if row.get("label") == SAFE else row["category"]
            if category not in {SAFE, *CATEGORIES} or not isinstance(row["text"], str):
                raise ValueError(f"category {category!r}")  # noqa: TRY301 - one complaint for the line
        except (ValueError, KeyError, AttributeError) as error:
            raise GuardError(f"{path}:{number}: not an example with text, label and category: {error}") from error
        examples.append((row["text"], category))
    return examples


def varied_corpus(space: Space, *, scale: float, seed: int) -> list[Labelled]:
    """Draw the corpus and vary it, so that only what makes a text unsafe tells it apart.

    Harmless content words are swapped for any others, unsafe ones for their neighbours, safe texts are strung together,
    and bags of harmless words are safe: a word that says nothing must weigh nothing.
    """
    rng = random.Random(seed)
    telling = telling_words(corpus(seed, scale=0.1), space)
    harmless = harmless_words(telling, space, rng)
    neighbours = nearest_words(telling, space)
    known = space.vocabulary.ranks

    def swapped_safe(word: str) -> str:
        free = known.get(word, 0) >= 2 * _COMMON and word not in telling
        return rng.choice(harmless) if free and rng.random() < 0.45 else word  # noqa: PLR2004 - shares

    def swapped_unsafe(word: str) -> str:
        if word in telling:
            return rng.choice(neighbours[word]) if neighbours.get(word) and rng.random() < 0.3 else word  # noqa: PLR2004
        return rng.choice(harmless) if known.get(word, 0) >= 2 * _COMMON and rng.random() < 0.33 else word  # noqa: PLR2004

    examples = corpus(seed, scale=scale, neutral=harmless[:20_000])
    business = [x.text for x in examples if x.category == SAFE and x.topic in {"business", "startup", "instructions"}]
    texts: list[Labelled] = []
    for example in examples:
        texts.append((example.text, example.category))
        if example.category == SAFE and example.topic in {"business", "startup", "instructions"}:
            texts.append((swap(example.text, swapped_safe), SAFE))
        elif example.category != SAFE:
            texts.append((swap(example.text, swapped_unsafe), example.category))
            if rng.random() < 0.1:  # noqa: PLR2004
                texts.append((" ".join(rng.sample([example.text, rng.choice(business)], 2)), example.category))
    for _ in range(int(24_000 * scale)):
        together = " ".join(rng.choice(business) for _ in range(rng.choice([2, 2, 3, 4])))
        texts.append((swap(together, swapped_safe), SAFE))
    texts += [
        (" ".join(rng.choices(harmless, k=rng.choice([2, 3, 5, 8, 14]))), SAFE) for _ in range(int(20_000 * scale))
    ]
    written = resources.files("namewright.guard").joinpath("_corpus/data/descriptions.txt.gz").read_bytes()
    texts += [(text, SAFE) for text in gzip.decompress(written).decode().splitlines()] * 3
    return texts


def swap(text: str, change: Callable[[str], str]) -> str:
    """Change the words of a text one by one."""
    return _LETTERS.sub(lambda match: change(match.group()), fold(text))


def telling_words(examples: Sequence[Example], space: Space) -> set[str]:
    """Find the words that unsafe texts have much more often than safe ones, business descriptions and the rest apart."""
    unsafe, safe, plain = Counter[str](), Counter[str](), Counter[str]()
    totals = [0, 0, 0]
    for example in examples:
        words = set(_LETTERS.findall(fold(example.text)))
        groups = [unsafe] if example.category != SAFE else [safe]
        if example.category == SAFE and example.topic not in {"business", "startup"}:
            groups.append(plain)
            totals[2] += 1
        for group in groups:
            group.update(words)
        totals[0] += example.category != SAFE
        totals[1] += example.category == SAFE
    known = space.vocabulary.ranks
    return {
        word
        for word, count in unsafe.items()
        if known.get(word, 0) >= _COMMON
        and count > 1
        and count / totals[0] > 3 * (safe[word] + 2) / totals[1]
        and count / totals[0] > 2.5 * (plain[word] + 2) / totals[2]
    }


def harmless_words(telling: set[str], space: Space, rng: random.Random) -> list[str]:
    """Draw harmless words as often as people use them: none of the telling ones, and none that resembles one."""
    unit = space.vectors / (np.linalg.norm(space.vectors, axis=1, keepdims=True) + 1e-9)
    rows = [space.vocabulary.ranks[word] for word in sorted(telling)]
    near = (unit @ unit[rows].T).max(axis=1) > 0.55  # noqa: PLR2004 - cosine; "steal" and "theft" stand at .6
    free = [rank for rank in range(200, 45_000) if not near[rank]]
    drawn = rng.choices(free, weights=[1 / (rank + 600) for rank in free], k=200_000)
    return [space.words[rank] for rank in drawn]


def nearest_words(telling: set[str], space: Space) -> dict[str, list[str]]:
    """Give the words that stand nearest to each telling word."""
    unit = space.vectors / (np.linalg.norm(space.vectors, axis=1, keepdims=True) + 1e-9)
    candidates = np.array([rank for rank in range(_COMMON, 22_000) if space.single[rank]])
    found = {}
    for word in sorted(telling):
        rank = space.vocabulary.ranks[word]
        if space.single[rank]:
            likeness = unit[candidates] @ unit[rank]
            best = np.argsort(-likeness)[:8]
            found[word] = [space.words[candidates[k]] for k in best if 0.38 < likeness[k] < 0.999]  # noqa: PLR2004
    return found


def _offsets(space: Space) -> dict[str, int]:
    sizes = {
        "words": len(space.words),
        "subwords": SUBWORD_SLOTS,
        "bigrams": BIGRAM_SLOTS,
        "clusters": OWN_CLUSTERS + CLUSTERS + 2,
        "pairs": PAIR_SLOTS,
        "vectors": space.vectors.shape[1],
    }
    offsets, at = {}, 0
    for name, size in sizes.items():
        offsets[name] = at
        at += size
    return {**offsets, "end": at}


def column_scales(space: Space) -> np.ndarray:
    """Give what each column is multiplied by: the less, the stronger it is penalised."""
    offsets = _offsets(space)
    scales = np.ones(offsets["end"], np.float32)
    for name, after in pairwise(offsets):
        scales[offsets[name] : offsets[after]] = _SCALES[name]
    return scales


def featurize(texts: Sequence[str], space: Space, *, dropped: float = 0.0, seed: int = 0) -> sp.csr_matrix:
    """Turn texts into rows; `dropped` is the share of rarer words taken for unknown, so that their spelling is learnt."""
    rng = random.Random(seed)
    offsets = _offsets(space)
    data: list[float] = []
    columns: list[int] = []
    ends = [0]
    means = np.zeros((len(texts), space.vectors.shape[1]), np.float32)
    for row, text in enumerate(texts):
        features, mean = _features_of(text, space, offsets, dropped, rng)
        columns.extend(features)
        data.extend(features.values())
        ends.append(len(columns))
        means[row] = mean
    shape = (len(texts), offsets["vectors"])
    counts = sp.csr_matrix((np.array(data, np.float32), np.array(columns, np.int32), np.array(ends)), shape=shape)
    return sp.hstack([counts, sp.csr_matrix(means)]).tocsr()


def _features_of(
    text: str, space: Space, offsets: dict[str, int], dropped: float, rng: random.Random
) -> tuple[dict[int, float], np.ndarray]:
    features: dict[int, float] = {}
    mean = np.zeros(space.vectors.shape[1], np.float32)
    encoded = []

    def add(column: int, value: float) -> None:
        features[column] = features.get(column, 0.0) + value

    for word in words_of(fold(text))[:400]:
        identity, cluster, weight = encode_word(word, space.vocabulary)
        if dropped and 1000 <= identity < len(space.words) and rng.random() < dropped:  # noqa: PLR2004
            identity, cluster, weight = 100_000, UNKNOWN, 1.0
        encoded.append((identity, cluster, weight))
        add(offsets["clusters"] + cluster, weight)
        if identity < len(space.words):
            add(offsets["words"] + identity, weight)
            mean += weight * space.vectors[identity]
        elif cluster == UNKNOWN:
            slots = subwords(word)
            for slot in slots:
                add(offsets["subwords"] + slot, 2 / len(slots) ** 0.5)
    for start, (identity, cluster, weight) in enumerate(encoded):
        for place in range(start + 1, min(start + REACH + 1, len(encoded))):
            other, other_cluster, other_weight = encoded[place]
            half = (weight + other_weight) / 2
            add(offsets["pairs"] + pair_slot(cluster, other_cluster, adjacent=place == start + 1), half)
            if place == start + 1:
                add(offsets["bigrams"] + bigram_slot(identity, other), half)
    norm = 2.0 / max(sum(weight for _, _, weight in encoded), MIN_WEIGHT)
    return {column: value * norm for column, value in features.items()}, mean * norm


def fold_weights(weights: np.ndarray, space: Space) -> tuple[dict[str, np.ndarray], dict[str, float]]:
    """Fold all that one word says into one number, and quantise: words to 16 bits, the rest to 8."""
    offsets = _offsets(space)
    clusters = weights[offsets["clusters"] : offsets["pairs"]]
    tables = {"clusters": np.array(space.vocabulary.clusters, np.uint16)}
    scales = {"unknown": float(clusters[UNKNOWN]), "number": float(clusters[NUMBER]) * 0.1}
    for name, after, bits in (
        ("words", "subwords", 16),
        ("subwords", "bigrams", 8),
        ("bigrams", "clusters", 8),
        ("pairs", "vectors", 8),
    ):
        values = _word_scores(weights, space) if name == "words" else weights[offsets[name] : offsets[after]]
        tables[name], scales[name] = quantise(values, bits)
    return tables, scales


def _word_scores(weights: np.ndarray, space: Space) -> np.ndarray:
    offsets = _offsets(space)
    own = weights[: len(space.words)]
    cluster = weights[offsets["clusters"] : offsets["pairs"]][np.array(space.vocabulary.clusters)]
    shared = space.vectors @ weights[offsets["vectors"] :]
    rank = np.arange(len(space.words))
    return np.asarray((own + cluster + shared) * (rank / (rank + RARITY)))


def train_categories(
    matrix: sp.csr_matrix, labels: np.ndarray, columns: np.ndarray, space: Space, seed: int
) -> tuple[dict[str, np.ndarray], dict[str, float]]:
    """Train which category an unsafe text belongs to, from its words alone, one table a category."""
    offsets = _offsets(space)
    keep = np.ones(matrix.shape[1], bool)
    keep[offsets["subwords"] : offsets["clusters"]] = False
    keep[offsets["pairs"] : offsets["vectors"]] = False
    kept = sp.diags(keep.astype(np.float32))
    unsafe = labels != SAFE
    rows = (matrix[unsafe] @ kept).tocsr()
    tables, scales = {}, {}
    for category in CATEGORIES:
        model = LogisticRegression(C=0.3, solver="liblinear", dual=True, max_iter=100, tol=0.02, random_state=seed)
        model.fit(rows, labels[unsafe] == category)
        scores = _word_scores(model.coef_[0] * columns * keep, space)
        tables[f"category_{category}"], scales[f"category_{category}"] = quantise(scores, 8)
        scales[f"bias_{category}"] = float(model.intercept_[0])
    return tables, scales


def quantise(values: np.ndarray, bits: int) -> tuple[np.ndarray, float]:
    """Round values to signed integers of so many bits; returns them, and what one unit is worth."""
    most = 2 ** (bits - 1) - 1
    unit = float(np.abs(values).max()) / most or 1.0
    return np.round(values / unit).astype(np.int16 if bits > 8 else np.int8), unit  # noqa: PLR2004


def write_weights(out: Path, tables: dict[str, np.ndarray], card: dict[str, Any]) -> None:
    """Write an .npz whose bytes depend on nothing but its contents, with its card inside and beside."""
    out.parent.mkdir(parents=True, exist_ok=True)
    partial = out.with_name(f".{out.name}.partial")
    with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, table in sorted(tables.items()):
            buffer = io.BytesIO()
            np.lib.format.write_array(buffer, table, version=(1, 0), allow_pickle=False)
            archive.writestr(zipfile.ZipInfo(f"{name}.npy"), buffer.getvalue(), zipfile.ZIP_DEFLATED, 9)
        text = json.dumps(card, indent=2, sort_keys=True) + "\n"
        archive.writestr(zipfile.ZipInfo("card.json"), text, zipfile.ZIP_DEFLATED, 9)
    partial.replace(out)
    out.with_suffix(".card.json").write_text(text, encoding="utf-8")

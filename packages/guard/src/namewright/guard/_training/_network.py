"""The network: how it is trained on what the teacher said, and how its word vectors become codes and its layers tables.

Words become vectors (a projection of the frozen word vectors, and a part of the word's own), a convolution over five words
finds concepts, the highest value of each over the text goes through one hidden layer (Kim 2014, arXiv:1408.5882). The word
vectors are then cut into blocks, and each block becomes the nearest of 256 (product quantisation, Jégou et al. 2011), so that the
convolution of a block is a row of a table; layers are trained on with the codes fixed, and rounded to 8 bits.

Beside how unsafe a text is, the network learns to guess from its concepts what the teacher made of the text (the hints of FitNets,
Romero et al. 2015, arXiv:1412.6550), which says more about a text than one number does. What guesses is thrown away afterwards.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from sklearn.cluster import MiniBatchKMeans
from torch import nn
from torch.nn import functional

from namewright.guard._features import MIN_SENTENCE, sentences_of
from namewright.guard._fold import fold
from namewright.guard._network import BLOCKS, MEAN_LENGTH, REACH, SPECIAL, UNKNOWN_WORD, WIDTH, code_of
from namewright.guard._training._corpus import HINTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from namewright.guard._training._space import Space

DIMENSIONS, CENTRES = 64, 256
FILTERS, HIDDEN = 384, 64
EPOCHS, TUNING_EPOCHS, BATCH, RATE = 5, 2, 256, 3e-3
HINT_WEIGHT = 1.0
"""What the mean square of what the hints are missed by counts beside the cross-entropy."""
MOST_WORDS = 160
"""Of a longer text only the beginning is trained on."""
UNSEEN = 0.05
"""Share of the rarer words taken for unknown."""
_RARE = 300
_THREADS = 2


@dataclass(frozen=True, slots=True)
class Lesson:
    """Texts as rows of word numbers, how unsafe each is, from 0 to 1, and what else the teacher made of it: (texts, `HINTS`), NaN where unknown."""

    rows: list[list[int]]
    wanted: np.ndarray
    hints: np.ndarray


class Student(nn.Module):
    """The network in training; `codes` and `centres` stand in for the vectors once these are quantised."""

    known: torch.Tensor

    def __init__(self, vectors: np.ndarray) -> None:
        super().__init__()
        words, size = vectors.shape
        self.padding = words + len(SPECIAL)
        known = np.vstack([vectors, np.zeros((len(SPECIAL) + 1, size))]).astype(np.float32)
        self.register_buffer("known", torch.tensor(known / known[:20_000].std()))
        self.projection = nn.Linear(size, DIMENSIONS, bias=False)
        self.own = nn.Embedding(self.padding + 1, DIMENSIONS)
        nn.init.normal_(self.own.weight, 0.0, 0.02)
        self.codes: torch.Tensor | None = None
        self.centres: nn.Parameter | None = None
        self.convolution = nn.Conv1d(DIMENSIONS, FILTERS, WIDTH, padding=REACH)
        self.hidden = nn.Linear(FILTERS + 1, HIDDEN)
        self.out = nn.Linear(HIDDEN, 1)
        self.hint = nn.Linear(FILTERS + 1, HINTS)

    def vectors_of(self, words: torch.Tensor) -> torch.Tensor:
        """Give the vectors of word numbers, one dimension more."""
        if self.codes is None or self.centres is None:
            return torch.add(self.projection(self.known[words]), self.own(words))
        blocks = [self.centres[block][self.codes[words, block]] for block in range(BLOCKS)]
        return torch.cat(blocks, -1)

    def seen(self, words: torch.Tensor) -> torch.Tensor:
        """Give each filter's highest value and the length: (texts, words) to (texts, `FILTERS` + 1)."""
        real = words != self.padding
        if self.training:
            rare = (words > _RARE) & real & (torch.rand(words.shape) < UNSEEN)
            words = torch.where(rare, self.padding - len(SPECIAL) + UNKNOWN_WORD, words)
        vectors = functional.dropout(self.vectors_of(words) * real.unsqueeze(-1), 0.1, self.training)
        highest = functional.relu(self.convolution(vectors.transpose(1, 2))).amax(2)
        length = torch.log(real.sum(1, keepdim=True).clamp(min=MIN_SENTENCE).float())
        return torch.cat([functional.dropout(highest, 0.2, self.training), length - MEAN_LENGTH], 1)

    def judged(self, seen: torch.Tensor) -> torch.Tensor:
        """Give the logits of what was seen, (texts,)."""
        return torch.squeeze(self.out(functional.relu(self.hidden(seen))), 1)

    def forward(self, words: torch.Tensor) -> torch.Tensor:
        """Give the logits of texts: (texts, words) to (texts,)."""
        return self.judged(self.seen(words))


def lesson(texts: Sequence[str], wanted: Sequence[float], hints: np.ndarray, space: Space) -> Lesson:
    """Number the words of texts; sentences are parted by padding."""
    known, padding = space.vocabulary.ranks, len(space.words) + len(SPECIAL)
    rows = []
    for text in texts:
        row: list[int] = []
        for sentence in sentences_of(fold(text)[: 12 * MOST_WORDS]):
            row += [code_of(word, known) for word in sentence]
            row += [padding] * REACH
        rows.append(row[:MOST_WORDS] or [padding])
    return Lesson(rows, np.asarray(wanted, np.float32), hints)


def train_network(taught: Lesson, space: Space, seed: int, epochs: int = EPOCHS) -> Student:
    """Train, quantise the word vectors, and train on."""
    torch.manual_seed(seed)
    torch.set_num_threads(_THREADS)
    torch.use_deterministic_algorithms(True)  # noqa: FBT003 - torch's own way
    student = Student(space.vectors)
    _learn(student, taught, epochs, RATE, seed)
    _quantise_words(student, taught, seed)
    _learn(student, taught, min(epochs, TUNING_EPOCHS), RATE / 3, seed + 1)
    return student.eval()


def _learn(student: Student, taught: Lesson, epochs: int, rate: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    own = [student.own.weight]
    rest = [value for value in student.parameters() if all(value is not other for other in own)]
    optimizer = torch.optim.AdamW(
        [{"params": rest, "weight_decay": 1e-4, "lr": rate}, {"params": own, "weight_decay": 2e-3, "lr": rate / 2}]
    )
    steps = epochs * (len(taught.rows) // BATCH + len(taught.rows) // (40 * BATCH) + 2)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1.0, step / 200) * max(0.02, 0.5 * (1 + math.cos(math.pi * step / steps)))
    )
    wanted, hints = torch.from_numpy(taught.wanted), torch.from_numpy(taught.hints)
    student.train()
    for _ in range(epochs):
        for batch in _batches(taught.rows, rng):
            seen = student.seen(_padded([taught.rows[place] for place in batch], student.padding))
            loss = functional.binary_cross_entropy_with_logits(student.judged(seen), wanted[batch])
            off = torch.nan_to_num(student.hint(seen) - hints[batch])
            loss += HINT_WEIGHT * torch.mean(off * off)
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            optimizer.zero_grad()
            schedule.step()


def _batches(rows: Sequence[Sequence[int]], rng: np.random.Generator) -> list[np.ndarray]:
    """Put texts of about the same length together, in a new order each time."""
    places = rng.permutation(len(rows))
    batches = []
    for start in range(0, len(places), 40 * BATCH):
        stretch = sorted(places[start : start + 40 * BATCH], key=lambda place: len(rows[place]))
        batches += [np.array(stretch[at : at + BATCH]) for at in range(0, len(stretch), BATCH)]
    return [batches[place] for place in rng.permutation(len(batches))]


def _padded(rows: Sequence[Sequence[int]], padding: int) -> torch.Tensor:
    words = np.full((len(rows), max(map(len, rows))), padding, np.int64)
    for place, row in enumerate(rows):
        words[place, : len(row)] = row
    return torch.from_numpy(words)


@torch.no_grad()
def _quantise_words(student: Student, taught: Lesson, seed: int) -> None:
    """Cut the vectors into blocks and give each block the nearest of its 256 centres, words weighed by how often they occur."""
    everything = torch.arange(student.padding)
    vectors = student.vectors_of(everything).numpy()
    counts = np.bincount(np.concatenate(taught.rows), minlength=student.padding + 1)[: student.padding]
    weights = np.sqrt(counts + 0.1)
    size = DIMENSIONS // BLOCKS
    codes, centres = [], []
    for block in range(BLOCKS):
        part = np.ascontiguousarray(vectors[:, block * size : (block + 1) * size])
        means = MiniBatchKMeans(CENTRES, random_state=seed, batch_size=4096, n_init=1, max_iter=60)
        means.fit(part, sample_weight=weights)
        codes.append(means.predict(part))
        centres.append(means.cluster_centers_.astype(np.float32))
    padding = np.zeros((1, BLOCKS), int)
    student.codes = torch.from_numpy(np.vstack([np.stack(codes, 1), padding]).astype(np.int64))
    student.centres = nn.Parameter(torch.from_numpy(np.stack(centres)))


@torch.no_grad()
def network_tables(student: Student) -> tuple[dict[str, np.ndarray], dict[str, list[float]]]:
    """Round the network to tables of 8 bits, as `namewright.guard._network` reads them; returns them and the scales."""
    codes, centres, floor = student.codes, student.centres, student.convolution.bias
    assert codes is not None
    assert centres is not None
    assert floor is not None
    size = DIMENSIONS // BLOCKS
    weight = student.convolution.weight  # (filters, dimensions, width)
    blocks = weight.reshape(FILTERS, BLOCKS, size, WIDTH)
    said = torch.einsum("bcs,fbsw->bcwf", centres, blocks).numpy()
    unit = np.abs(said).max(axis=(0, 1, 2)) / 127 + 1e-12  # one a filter
    pieces = (np.round(said / unit) + 128).astype(np.uint8)
    head = student.hidden.weight[:, :FILTERS].numpy().T * unit[:, None]  # (filters, hidden)
    step = np.abs(head).max() / 127
    tables = {
        "codes": codes[:-1].numpy().astype(np.uint8).ravel(),
        "pieces": pieces.ravel(),
        "head": (np.round(head / step) + 128).astype(np.uint8).ravel(),
        "floor": np.round(-floor.numpy() / unit).astype(np.int16),
    }
    scales = {
        "step": [float(step)],
        "bias": student.hidden.bias.tolist(),
        "length": student.hidden.weight[:, FILTERS].tolist(),
        "out": [*student.out.weight[0].tolist(), float(student.out.bias[0])],
    }
    return tables, scales

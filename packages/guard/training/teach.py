# ruff: noqa: INP001, T201 - a script of the checkout, which says how far it is
"""Fine-tune MiniLM on the written lines and the grammar, and write down what it says of a million texts.

    python training/teach.py path/to/all-MiniLM-L6-v2 [teacher.pt [newest.tsv ...]]

The classifier that ships is small, and learns from a larger one what no line says by itself (distillation: Hinton et al. 2015,
arXiv:1503.02531). The teacher is sentence-transformers/all-MiniLM-L6-v2 (Apache-2.0; Wang et al. 2020) with mean pooling and a
linear head; it never sees a held-out line. What it judges are the lines, the grammar, lines with a word exchanged for one of its
neighbours, descriptions of businesses with a word exchanged for any, the head of one line on the tail of another, chains of words each of
which follows the two before it in some line, and texts of two lines; such texts mean many things, and only somebody who understands
them can label them. Where the label is known, the teacher is put right.

Writes `taught.tsv.xz`, which `guard train` reads: a logit, a hint (the largest principal components of the teacher's mean token, a letter
each, as `_corpus.LETTERS` says) and the text. Takes two hours on two cores, and needs torch and transformers. `teacher.pt` keeps the
trained teacher; where it is there already, it is not trained again, unless files of `written` are named that are new to it: then it has
one epoch more, of those lines and a share of the others. What a teacher before said of a text is joined with what this one says: two
teachers of one text are right more often than one. Of the texts that only the teacher before judged, so many stay that there are MOST;
their hints are this teacher's.
"""

from __future__ import annotations

import gzip
import lzma
import random
import re
import sys
from pathlib import Path

import numpy as np
import torch
from torch import nn
from transformers import AutoModel, AutoTokenizer

from namewright.guard import SAFE
from namewright.guard._training._corpus import HINT_STEP, HINTS, LETTERS, hides, read_descriptions, read_said
from namewright.guard._training._draw import corpus
from namewright.guard._training._written import BUSINESS, Written, read_written

HERE = Path(__file__).parent
EPOCHS, BATCH, RATE, TOKENS = 2, 32, 1e-4, 96
GRAMMAR, SPLICED, CHAINED, EXCHANGED, STRAYED, PAIRED = 0.06, 90_000, 170_000, 50_000, 40_000, 30_000
SMOOTHING = 0.02
INJECTION, INJECTED = "prompt_injection", 6
"""What speaks to the model is unsafe by its whole sense and no part of it: such lines are not cut, but repeated with words exchanged,
and a third as often their harmless neighbours, which the file of the same name has."""
STARTUPS_SHOWN = 3
"""An epoch shows the teacher one in so many descriptions of businesses: they are easily told, and many."""
SHOWN_AGAIN, RECOMBINED_AGAIN = 0.15, 0.3
"""Share of the older lines, and of the recombinations, that go with newer lines."""
MOST = 1_200_000
"""Texts in `taught.tsv.xz`."""
SURE = 2.5
"""The logit that a text whose label is known has at least, or at most: where the teacher thinks otherwise, it is wrong."""
SEED = 42
_PIVOTS = (
    "to for that which who with without from in on of by and or about into at so when where whose while before after"
)
PIVOTS = frozenset(_PIVOTS.split())
"""Where a line may be cut and another one's tail set on."""
COMMON = 200
"""Commoner words are not exchanged."""
NEIGHBOURS, LEAST_LIKENESS = 8, 0.45


class Teacher(nn.Module):
    """MiniLM with a linear head on the mean of its tokens."""

    def __init__(self, folder: str) -> None:
        super().__init__()
        self.tokenizer = AutoTokenizer.from_pretrained(folder)
        self.encoder = AutoModel.from_pretrained(folder)
        self.head = nn.Sequential(nn.Dropout(0.1), nn.Linear(self.encoder.config.hidden_size, 1))

    def pooled(self, texts: list[str]) -> torch.Tensor:
        """Give the mean of each text's tokens, (texts, 384)."""
        tokens = self.tokenizer(texts, padding=True, truncation=True, max_length=TOKENS, return_tensors="pt")
        with torch.autocast("cpu", torch.bfloat16):
            states = self.encoder(**tokens).last_hidden_state
        mask = tokens["attention_mask"].unsqueeze(-1).to(states.dtype)
        return ((states * mask).sum(1) / mask.sum(1)).float()

    def forward(self, texts: list[str]) -> torch.Tensor:
        """Give each text's logit, (texts,)."""
        return self.head(self.pooled(texts))[:, 0]


def labelled(lines: list[Written], rng: random.Random) -> list[tuple[str, float]]:
    """Give one expansion of each line, its marked clause for itself too, and the grammar's texts, each unsafe (1) or not."""
    rows = []
    for line in lines:
        text = line.variants(1, rng)[0]
        rows += [(text, float(line.category != SAFE))]
        rows += [(clause, float(line.category != SAFE)) for clause in line.clauses(1, rng)]
    rows += [(drawn.text, float(drawn.category != SAFE)) for drawn in corpus(HERE / "grammar", SEED, scale=GRAMMAR)]
    descriptions = read_descriptions(HERE)[0]
    return rows + [(text, 0.0) for text in rng.sample(descriptions, len(descriptions) // STARTUPS_SHOWN)]


def by_length(texts: list[str], size: int, rng: random.Random | None = None) -> list[list[int]]:
    """Put texts of about the same length together, so that little is padded; gives the places of each batch's texts."""
    places = list(range(len(texts)))
    if rng:
        rng.shuffle(places)
    stretch = size * 50 if rng else len(places)
    batches = []
    for start in range(0, len(places), stretch):
        ordered = sorted(places[start : start + stretch], key=lambda place: len(texts[place]))
        batches += [ordered[at : at + size] for at in range(0, len(ordered), size)]
    if rng:
        rng.shuffle(batches)
    return batches


def fine_tune(teacher: Teacher, shown: list[list[Written]]) -> None:
    """Train the teacher with the lines of each epoch, whose alternatives are drawn anew."""
    rng = random.Random(SEED)
    epochs = [labelled(lines, rng) for lines in shown]
    steps = sum(len(rows) // BATCH + len(rows) // (BATCH * 50) + 2 for rows in epochs)
    optimizer = torch.optim.AdamW(teacher.parameters(), lr=RATE, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=steps, pct_start=0.06)
    teacher.train()
    for number, rows in enumerate(epochs):
        texts, labels = [text for text, _ in rows], torch.tensor([label for _, label in rows])
        batches = by_length(texts, BATCH, rng)
        for step, batch in enumerate(batches):
            logits = teacher([texts[place] for place in batch])
            wanted = labels[batch] * (1 - 2 * SMOOTHING) + SMOOTHING
            loss = nn.functional.binary_cross_entropy_with_logits(logits, wanted)
            loss.backward()
            nn.utils.clip_grad_norm_(teacher.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad()
            schedule.step()
            if step % 200 == 0:
                print(f"epoch {number}, step {step} of {len(batches)}: loss {loss.item():.3f}", flush=True)
    teacher.eval()


@torch.no_grad()
def judge(teacher: Teacher, texts: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Give the teacher's logits, (texts,), and the means of the tokens, (texts, 384)."""
    logits, states = np.zeros(len(texts), np.float32), np.zeros((len(texts), 384), np.float16)
    batches = by_length(texts, 128)
    for number, batch in enumerate(batches):
        pooled = teacher.pooled([texts[place] for place in batch])
        states[batch], logits[batch] = pooled.numpy(), teacher.head(pooled)[:, 0].numpy()
        if number % 200 == 0:
            print(f"batch {number} of {len(batches)}", flush=True)
    return logits, states


def hints_of(states: np.ndarray) -> list[str]:
    """Give each text's largest principal components, each in its own standard deviations, a letter a component."""
    centred = states.astype(np.float32)
    centred -= centred.mean(0)
    _, axes = np.linalg.eigh(centred.T @ centred)
    found = centred @ axes[:, ::-1][:, :HINTS]
    middle = len(LETTERS) // 2
    places = np.clip(np.round(found / (found.std(0) * HINT_STEP)), -middle, middle).astype(int) + middle
    return ["".join(row) for row in np.array(list(LETTERS))[places]]


def exercises(lines: list[Written], neighbours: dict[str, list[str]], share: float = 1.0) -> dict[str, float]:
    """Give the texts that the teacher judges, each with 1 where it is known to be unsafe, -1 where harmless, 0 elsewhere.

    `share` is that of the recombinations, whose numbers are set above, not of the lines.
    """
    rng = random.Random(SEED + 1)
    known: dict[str, float] = {}
    spoken: dict[str, float] = {}
    for line in lines:
        sign = -1.0 if line.category == SAFE else 1.0
        texts = line.variants(6, rng)
        known |= dict.fromkeys(texts, 0.0 if hides(line) else sign)
        known |= dict.fromkeys(line.clauses(3, rng), sign)
        if INJECTION in {line.category, line.source}:
            spoken |= dict.fromkeys(texts, sign)
    own = [text for text in known if spoken.get(text) != 1.0]
    for text, sign in spoken.items():
        known |= {exchange(text, neighbours, rng): sign for _ in range(INJECTED if sign > 0 else INJECTED // 3)}
    harmless = [line.variants(1, rng)[0] for line in lines if line.category == SAFE and line.source in BUSINESS]
    harmless += read_descriptions(HERE)[0]
    drawn = {x.text: -1.0 if x.category == SAFE else 1.0 for x in corpus(HERE / "grammar", SEED, scale=GRAMMAR)}
    numbers = (SPLICED, CHAINED, EXCHANGED, STRAYED, PAIRED)
    spliced, chained, exchanges, strays, paired = (int(share * number) for number in numbers)
    pairs = [" ".join(rng.sample([rng.choice(harmless), rng.choice(own)], 2)) for _ in range(paired * 2 // 3)]
    safe_pairs = [" ".join(rng.sample(harmless, 2)) for _ in range(paired // 3)]
    exchanged = [exchange(text, neighbours, rng) for text in rng.choices(own, k=exchanges)]
    anything = list(neighbours)
    strangers = dict.fromkeys(anything, anything)
    strayed = [exchange(text, strangers, rng) for text in rng.choices(harmless, k=strays)]
    judged = dict.fromkeys([*splices(own, spliced, rng), *chains(own, chained, rng), *exchanged, *strayed, *pairs], 0.0)
    judged |= drawn | dict.fromkeys([*harmless, *safe_pairs], -1.0) | known
    return {re.sub(r"\s+", " ", text).strip(): sign for text, sign in judged.items()}


def splices(texts: list[str], number: int, rng: random.Random) -> list[str]:
    """Set the tails of some texts on the heads of others, where both have the same pivot."""
    heads: list[tuple[list[str], int]] = []
    tails: dict[str, list[list[str]]] = {}
    for text in texts:
        words = text.split()
        for place in range(1, len(words) - 1) if len(words) <= 40 else ():  # noqa: PLR2004 - longer ones are briefs
            if (pivot := words[place].lower()) in PIVOTS:
                heads.append((words, place))
                tails.setdefault(pivot, []).append(words[place + 1 :])
    spliced = []
    while len(spliced) < number:
        words, place = rng.choice(heads)
        joined = [*words[: place + 1], *rng.choice(tails[words[place].lower()])]
        if 3 <= len(joined) <= 45:  # noqa: PLR2004 - as long as a line
            spliced.append(" ".join(joined))
    return spliced


def chains(texts: list[str], number: int, rng: random.Random) -> list[str]:
    """Make texts each word of which follows the two before it in some text (a Markov chain of order 2, Shannon 1948)."""
    starts: list[tuple[str, str]] = []
    following: dict[tuple[str, str], list[str]] = {}
    for text in texts:
        words = text.split()
        if len(words) >= 3:  # noqa: PLR2004 - of two there is nothing to follow
            starts.append((words[0], words[1]))
            lowered = text.lower().split()
            for first, second, third in zip(lowered, lowered[1:], [*words[2:], ""], strict=False):
                following.setdefault((first, second), []).append(third)
    chained: dict[str, None] = {}
    known = set(texts)
    while len(chained) < number:
        words = list(rng.choice(starts))
        while len(words) < 46 and (word := rng.choice(following[words[-2].lower(), words[-1].lower()])):  # noqa: PLR2004
            words.append(word)
        text = " ".join(words)
        if 3 <= len(words) <= 45 and text not in known:  # noqa: PLR2004 - as long as a line
            chained[text] = None
    return list(chained)


def exchange(text: str, neighbours: dict[str, list[str]], rng: random.Random) -> str:
    """Exchange one to three words for neighbours of theirs."""
    words = text.split()
    free = [place for place, word in enumerate(words) if neighbours.get(word.lower().strip(".,?!"))]
    for place in rng.sample(free, min(len(free), rng.choice([1, 1, 2, 3]))):
        words[place] = rng.choice(neighbours[words[place].lower().strip(".,?!")])
    return " ".join(words)


def nearest(words: list[str], vectors: np.ndarray) -> dict[str, list[str]]:
    """Give each word's neighbours in the space of word vectors."""
    unit = vectors / (np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-9)
    known = unit[:26_000]
    found = {}
    for start in range(COMMON, len(known), 1_000):
        likeness = known[start : start + 1_000] @ known.T
        best = np.argpartition(-likeness, NEIGHBOURS, axis=1)[:, : NEIGHBOURS + 1]
        for row, places in enumerate(best):
            near = [words[k] for k in places if k != start + row and likeness[row, k] > LEAST_LIKENESS]
            found[words[start + row]] = near
    return found


def main() -> None:
    """Teach, and write down what the teacher says."""
    torch.manual_seed(SEED)
    lines = [line for line in read_written(HERE / "written") if not line.held_out]
    teacher, kept = Teacher(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None  # noqa: PLR2004
    newest = {Path(name).stem for name in sys.argv[3:]}
    known = kept is not None and kept.is_file()
    if kept and known:
        teacher.load_state_dict(torch.load(kept))
        teacher.eval()
    share, shown = 1.0, [lines] * EPOCHS
    if known and newest:
        new = [line for line in lines if line.source in newest]
        old = [line for line in lines if line.source not in newest]
        again = random.Random(SEED).sample(old, int(SHOWN_AGAIN * len(old)))
        share, lines, shown = RECOMBINED_AGAIN, [*new, *again], [[*new, *again]]
    if newest or not known:
        fine_tune(teacher, shown)
        if kept:
            torch.save(teacher.state_dict(), kept)
    archive = np.load(HERE / "word_vectors.npz")
    words = gzip.decompress((HERE.parent / "src/namewright/guard/_data/words.txt.gz").read_bytes()).decode().split("\n")
    known_signs = exercises(lines, nearest(words, archive["vectors"].astype(np.float32)), share)
    taught = HERE / "taught.tsv.xz"
    before = {row.text: row.logit for row in read_said(taught)} if newest and known else {}
    others = [text for text in before if text not in known_signs]
    texts = [*known_signs, *random.Random(SEED).sample(others, max(0, min(len(others), MOST - len(known_signs))))]
    print(f"{len(texts):,} texts", flush=True)
    logits, states = judge(teacher, texts)
    rows = []
    for text, logit, hint in zip(texts, logits.tolist(), hints_of(states), strict=True):
        sign = known_signs.get(text)
        said = [] if sign is None else [sign * max(sign * logit, SURE) if sign else logit]
        said += [before[text]] if text in before else []
        rows.append(f"{sum(said) / len(said):.2f}\t{hint}\t{text}")
    random.Random(SEED).shuffle(rows)
    taught.write_bytes(lzma.compress("\n".join(rows).encode(), preset=9))


if __name__ == "__main__":
    main()

"""The texts that the guard is measured with: those of this folder, and public sets."""

import json
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
OUTSIDE = {"Political Campaigning", "Tailored Financial Advice"}
"""Kinds that CatQA counts as unsafe and docs/SAFETY_POLICY.md does not."""
REQUESTS = {
    "requests.tsv": "requests as testers write them",
    "offences.tsv": "requests about rarer offences",
    "cases.tsv": "test cases of a third hand",
    "trials.tsv": "test cases of a fourth hand",
    "checks.tsv": "test cases of a fifth hand",
    "blind.tsv": "test cases of four more testers",
    "twins.tsv": "plain requests with harmless twins",
}
"""Files of requests for a domain name, by category."""
HANDS = {"requests.tsv", "cases.tsv", "trials.tsv", "checks.tsv"}
"""Those whose writers were told neither to avoid the training lines nor to look for what is rare."""
ALL_HANDS = "requests of all five hands"
Groups = dict[str, list[str]]


def benchmark_groups() -> Groups:
    groups: Groups = {"harmless names (Scunthorpe list): safe": list(lines(HERE / "scunthorpe.txt"))}
    for line in lines(HERE / "contrasts.tsv"):
        kind, safe, unsafe = line.split("\t")
        for name, text in (("safe", safe), ("unsafe", unsafe)):
            groups.setdefault(f"contrasts: {name}", []).append(text)
            if kind == "brief":
                groups.setdefault(f"contrasts, briefs alone: {name}", []).append(text)
    for line in lines(HERE / "clauses.tsv"):
        label, text = line.split("\t")
        groups.setdefault(f"clause in a long brief: {label}", []).append(text)
    for file, title in REQUESTS.items():
        for line in lines(HERE / file):
            label, text = line.split("\t")
            for kind in ["safe"] if label == "safe" else ["unsafe", f"unsafe, {label}"]:
                groups.setdefault(f"{title}: {kind}", []).append(text)
                if file in HANDS:
                    groups.setdefault(f"{ALL_HANDS}: {kind}", []).append(text)
    groups["firms, many near to unsafe topics: safe"] = list(lines(HERE / "firms.txt"))
    for line in lines(HERE / "languages.tsv"):
        language, label, text = line.split("\t")
        groups.setdefault(f"language {language}: {label}", []).append(text)
    return groups


def public_groups(folder: Path) -> Groups:
    groups: Groups = {}
    for row in map(json.loads, lines(folder / "guard_prompts.jsonl")):
        kind = row["source_category"].partition("/")[0]
        if row["source"] == "openai_moderation" or row["label"] == "safe":
            groups.setdefault(f"{row['source']}: {row['label']}", []).append(row["text"])
        elif kind in OUTSIDE:
            groups.setdefault(f"{row['source']}, not of our categories, {kind}: unsafe", []).append(row["text"])
        else:
            groups.setdefault(f"{row['source']}, our categories: unsafe", []).append(row["text"])
            groups.setdefault("red team, our categories: unsafe", []).append(row["text"])
            groups.setdefault(f"{row['source']}, {kind}: unsafe", []).append(row["text"])
    groups["company descriptions: safe"] = [json.loads(line)["description"] for line in lines(folder / "briefs.jsonl")]
    for row in map(json.loads, lines(folder / "notebook_val.jsonl")):
        label = "safe" if row["expected_status"] == "success" else "unsafe"
        groups.setdefault(f"naming requests: {label}", []).append(row["request"]["description"])
    return dict(sorted(groups.items()))


def lines(path: Path) -> Iterator[str]:
    return (line for line in path.read_text(encoding="utf-8").split("\n") if line.strip() and not line.startswith("# "))

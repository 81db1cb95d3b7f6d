"""Tell of the lists of rules/lexicons that are written by hand, and write ``provenance.toml``.

``python scripts/own_lists.py`` after editing one of them: it writes their number of lines and SHA-256. The lists hold
facts from general knowledge: a title, then a line an entry, its other forms after ``|``.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LEXICONS = Path(__file__).resolve().parent.parent / "rules" / "lexicons"
OWN = {
    "ethnicities.txt": "words for ethnic origin in French files and in the US and UK censuses",
    "nationalities.txt": "nationalities in French and English, ISO 3166-1 codes, Insee's numbers of countries",
    "parties.txt": "parties and political leanings",
    "professions.txt": "professions and socio-professional categories, French and English",
    "religions.txt": "religions and beliefs, French and English",
    "unions.txt": "trade unions",
}


def entry(file: str, holds: str, packages: Iterable[str] = ()) -> dict[str, Any]:
    """What the provenance file says of a list; without a package it is written by hand."""
    data = (LEXICONS / file).read_bytes()
    told = {"file": file, "packages": list(packages), "holds": holds}
    return told | {"rows": data.count(b"\n") - 1, "sha256": hashlib.sha256(data).hexdigest()}


def write(packages: Sequence[dict[str, Any]], vendored: Sequence[dict[str, Any]]) -> None:
    """Writes the provenance file: packages with their terms, the lists made from them, then those written by hand."""
    out = ["# Written by scripts/vendor_lists.py and own_lists.py: where each list comes from, under which terms.\n"]
    own = [entry(file, f"own list: {holds}") for file, holds in OWN.items()]
    for kind, entries in (("package", packages), ("list", [*vendored, *own])):
        for told in entries:
            out += [f"[[{kind}]]", *(f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in _ordered(told)), ""]
    (LEXICONS / "provenance.toml").write_text("\n".join(out), encoding="utf-8")


def _ordered(told: dict[str, Any]) -> list[tuple[str, Any]]:
    return sorted(told.items(), key=lambda item: item[0] != "name")


def main() -> None:
    """Writes the provenance file anew for the lists written by hand."""
    told = tomllib.loads((LEXICONS / "provenance.toml").read_text("utf-8"))
    write(told["package"], [listed for listed in told["list"] if listed["packages"]])


if __name__ == "__main__":
    main()

"""Where the data that travels with the package lies: rules, lexicons, recipes.

In a checkout they are the repository's own folders (``rules/``, ``samples/recipes/``), so that adding a label is
adding a file there. In an installed wheel the same folders are carried under ``triage/_data``. The wheel's place is
asked first: an installed package never looks at what happens to lie beside it.
"""

from __future__ import annotations

import hashlib
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

_PACKAGE = Path(__file__).resolve().parent


@cache
def build() -> str:
    """What tells this code from another of the same version: a hash of the package's modules."""
    digest = hashlib.sha256()
    for path in sorted(_PACKAGE.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _folder(carried: str, checkout: str) -> Path:
    """The folder inside the wheel, else the checkout's; FileNotFoundError where the installation is incomplete."""
    for folder in (_PACKAGE / "_data" / carried, _PACKAGE.parent / checkout):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(carried)


def rules_dir() -> Path:
    """The folder of rule files, ``classes.toml``, ``lexicons/`` and ``summary/``."""
    return _folder("rules", "rules")


def lexicons_dir() -> Path:
    """The folder of vendored lists (``rules/lexicons``); their provenance is beside them."""
    return rules_dir() / "lexicons"


def recipes_dir() -> Path:
    """The folder of sample recipes, one TOML a synthetic leak."""
    return _folder("recipes", "samples/recipes")


@cache
def parsed(text: str) -> Mapping[str, Any]:
    """A TOML text, parsed once a process: the command checks the rules, judges by them and takes their titles. Not to be changed."""
    return tomllib.loads(text)

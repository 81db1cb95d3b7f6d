"""The names of labels and themes, as their rule files say them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from triage import resources

if TYPE_CHECKING:
    from pathlib import Path

_THEMES = "themes"


class Title(NamedTuple):
    """A name by language, singular and plural; a theme has no plural of its own."""

    singular: Mapping[str, str]
    plural: Mapping[str, str]


class Titles(NamedTuple):
    """Names of labels and of health themes by id."""

    labels: Mapping[str, Title]
    themes: Mapping[str, Title]


def load(*folders: Path) -> Titles:
    """The titles of the rule files under the folders (``<family>/<id>.toml``); a later folder wins.

    Raises:
        tomllib.TOMLDecodeError: a rule file is no TOML.
    """
    labels: dict[str, Title] = {}
    themes: dict[str, Title] = {}
    for folder in folders:
        for path in sorted(folder.glob("*/*.toml")):
            rule = resources.parsed(path.read_text(encoding="utf-8"))
            if "id" in rule and "title" in rule:
                title = Title(rule["title"], rule.get("plural", rule["title"]))
                (themes if path.parent.name == _THEMES else labels)[rule["id"]] = title
    return Titles(labels, themes)


@lru_cache(maxsize=1)
def shipped() -> Titles:
    """The titles of the rules that travel with the package."""
    return load(resources.rules_dir())

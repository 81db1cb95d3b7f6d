"""The rules: one TOML file a label, checked when it is loaded.

A rule that would not work is an error that names the file and what to type, never a rule that silently does nothing.
"""

from __future__ import annotations

import hashlib
import os
import tomllib
from functools import cache, cached_property
from typing import TYPE_CHECKING, Literal

import msgspec
import polars as pl

from triage import resources
from triage.detect import patterns, trial, validators
from triage.detect.headers import HeaderWords

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

# Folders and files of a rules directory that hold something else than labels.
# What makes the hash: rules and all that is data beside them.
_HASHED = ("*.toml", "*/*.toml", "*/*.tsv", "*/*.txt")
_OTHER = frozenset({"themes", "lexicons", "signatures", "summary", "classes.toml"})
_PATTERNS = ("pattern", "firm", "ambiguous", "none")
_DIALECT = "is not a regular expression of Rust's dialect (no look-around, no back-reference)"
# An example of each kind is the least a rule must show of itself.
_LEAST_EXAMPLES = 1


class RuleError(ValueError):
    """A rule file that cannot be used: the message names the file, the fault and the remedy."""


class _Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of the tables of a rule file: an unknown key is an error, so that a typing error is seen."""


class Title(_Part, frozen=True, kw_only=True):
    """How the summary names a label, in both languages."""

    fr: str
    en: str


class Words(_Part, frozen=True, kw_only=True):
    """Header words: ``any`` speak for the label, ``weak`` support it only, one of ``none`` rules it out."""

    any: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()
    none: tuple[str, ...] = ()


class Value(_Part, frozen=True, kw_only=True):
    """The form of a whole cell (``rules/README.md`` documents each key)."""

    keyword: str = ""
    pattern: str = ""
    ignore_case: bool = False
    min_length: int = 0
    max_length: int = 0
    strip: str = ""
    firm: str = ""
    ambiguous: str = ""
    none: str = ""
    validator: str = ""
    lexicon: str = ""


class Spread(_Part, frozen=True, kw_only=True):
    """Distinct slices (``start``, ``length`` in characters) of the cells that a real column must show at least ``least`` of."""

    start: int
    length: int
    least: int


class Decide(_Part, frozen=True, kw_only=True):
    """Thresholds of the verdict (``rules/README.md`` documents each key)."""

    rank: int = 50
    base_rate: float = 0.01
    min_share: float = 0.9
    firm_share: float = 0.0
    header_share: float = 0.5
    key_share: float = 0.8
    header_key_share: float = 0.0
    min_hits: int = 3
    max_distinct: int = 0
    least_distinct: int = 0
    known_share: float = 0.0
    header_known_share: float = 0.0
    person: bool = False
    care: bool = False
    spread: Spread | None = None


class Counterexample(_Part, frozen=True, kw_only=True):
    """A value that is not of the label, and why."""

    value: str
    why: str


class Examples(_Part, frozen=True, kw_only=True):
    """What the rule must find and what it must leave."""

    match: tuple[str, ...]
    no_match: tuple[Counterexample, ...]


class TextRule(_Part, frozen=True, kw_only=True):
    """For labels that the text scanner judges: its score's name and the shares asked."""

    column: str
    min_share: float = 0.5
    header_share: float = 0.2
    min_hits: int = 3


class Rule(_Part, frozen=True, kw_only=True):
    """One label."""

    id: str
    title: Title
    plural: Title | None = None
    class_: str = msgspec.field(name="class")
    hibp: str = ""
    content_decidable: bool = False
    rare_but_severe: bool = False
    sensitive: bool = False
    parent: Literal["", "date", "id", "code", "number", "category", "free_text"] = ""
    references: tuple[str, ...] = ()
    false_positives: tuple[str, ...] = ()
    header: Words = Words()
    value: Value = Value()
    decide: Decide = Decide()
    text: TextRule | None = None
    examples: Examples


class Rules(dict[str, Rule]):
    """Label to rule, sorted by label; ``classes`` is ``classes.toml``."""

    def __init__(self, rules: Mapping[str, Rule], classes: Mapping[str, dict[str, object]], folders: tuple[Path, ...]) -> None:
        super().__init__(sorted(rules.items()))
        self.classes = dict(classes)
        self.folders = folders

    @cached_property
    def hash(self) -> str:
        """Changes with any byte of what a result depends on: rules, classes, signatures, themes, lexicons, sentences."""
        digest = hashlib.sha256()
        for folder in self.folders:
            for path in sorted(p for kind in _HASHED for p in folder.glob(kind)):
                data = path.read_bytes()
                digest.update(b"%s\0%d\0" % (os.fsencode(path.relative_to(folder)), len(data)))
                digest.update(data)
        return digest.hexdigest()

    @cached_property
    def words(self) -> HeaderWords:
        """The header words of all rules, ready to be looked up."""
        return HeaderWords(self)

    @cached_property
    def lexicons(self) -> Path:
        """The folder of vendored lists: beside the first folder of rules that has one."""
        return next(f / "lexicons" for f in self.folders if (f / "lexicons").is_dir())


def load(*folders: Path) -> Rules:
    """All rules of the folders (the shipped ones first, user packs after: a later one replaces an earlier of the same id).

    Raises RuleError for a file that cannot be used. Reads ``FOLDER/*.toml`` and ``FOLDER/<family>/*.toml``.
    """
    classes: dict[str, dict[str, object]] = {}
    for folder in folders:
        classes |= _classes(folder / "classes.toml")
    found: dict[Path, Rule] = {}
    for folder in folders:
        own: dict[str, Path] = {}
        for path in files(folder):
            found[path] = _read(path, path.read_bytes())
            _check(path, found[path], classes)
            if (first := own.setdefault(found[path].id, path)) is not path:
                message = f"{path}: {found[path].id} has a rule in {first} already; remove one of them"
                raise RuleError(message)
    _check_patterns(found)
    rules = {rule.id: rule for rule in found.values()}
    if folders and not rules:
        message = f"{folders[0]}: no rule file found; a rule is <family>/<label>.toml"
        raise RuleError(message)
    return Rules(rules, classes, folders)


def test(rules: Rules) -> list[trial.Failure]:
    """Every example of the rules that the engine judges otherwise than its file says; none is right."""
    return trial.failures(rules)


def read(path: Path, classes: Mapping[str, object]) -> Rule:
    """One rule file, checked like those of ``load``; RuleError says what to type."""
    rule = _read(path, path.read_bytes())
    _check(path, rule, classes)
    _check_patterns({path: rule})
    return rule


def files(folder: Path) -> Iterator[Path]:
    """The rule files of a folder: its own and those of its families."""
    for path in sorted(folder.glob("*.toml")) + sorted(folder.glob("*/*.toml")):
        if not _OTHER & set(path.relative_to(folder).parts):
            yield path


def _classes(path: Path) -> dict[str, dict[str, object]]:
    if not path.is_file():
        return {}
    found: dict[str, dict[str, object]] = tomllib.loads(path.read_bytes().decode()).get("classes", {})
    return found


def _read(path: Path, data: bytes) -> Rule:
    try:
        return msgspec.convert(resources.parsed(data.decode("utf-8")), Rule)
    except tomllib.TOMLDecodeError as error:
        message = f"{path}: not TOML ({error}); single quotes keep backslashes as they are"
    except UnicodeDecodeError:
        message = f"{path}: not UTF-8; save it as UTF-8"
    except msgspec.ValidationError as error:
        message = f"{path}: {error}; rules/README.md lists the keys of a rule"
    raise RuleError(message)


def _check(path: Path, rule: Rule, classes: Mapping[str, object]) -> None:
    value = rule.value
    faults = (
        (rule.id != path.stem, f'id is "{rule.id}"; write id = "{path.stem}"'),
        (
            bool(classes) and rule.class_ not in classes,
            f'class "{rule.class_}" is not in classes.toml; use one of {", ".join(sorted(classes))}',
        ),
        (
            bool(value.validator) and value.validator not in validators.NAMES,
            f'no validator "{value.validator}"; use one of {", ".join(sorted(validators.NAMES))}',
        ),
        (len(rule.examples.match) < _LEAST_EXAMPLES, "no match example; add one to [examples] match"),
        (len(rule.examples.no_match) < _LEAST_EXAMPLES, "no no_match example; add one to [examples] no_match with its reason"),
        (value.max_length and value.min_length > value.max_length, "min_length is above max_length"),
    )
    for wrong, remedy in faults:
        if wrong:
            message = f"{path}: {remedy}"
            raise RuleError(message)


def _check_patterns(rules: Mapping[Path, Rule]) -> None:
    """Compiles every pattern, all in one query on no cell at all; one by one only to name the file that fails."""
    found = [(path, part, text) for path, rule in rules.items() for part in _PATTERNS if (text := getattr(rule.value, part))]
    if _compile(tuple(text for _, _, text in found)):
        return
    for path, part, text in found:
        if not _compile((text,)):
            message = f"{path}: {part} {_DIALECT}"
            raise RuleError(message)


@cache
def _compile(texts: tuple[str, ...]) -> bool:
    cell = pl.col("cell")
    try:
        pl.DataFrame({"cell": [""]}).select(cell.str.contains(patterns.whole(text)).alias(str(n)) for n, text in enumerate(texts))
    except pl.exceptions.PolarsError:
        return False
    return True

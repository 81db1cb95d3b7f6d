"""``DIR/.case/sketches``: what ``triage diff`` compares, hashed under the key of the case.

A line of JSON, then for each set its numbers as little-endian UInt64, strictly ascending. The scan's own hashes have no
secret; each is hashed once more under the key's seed, and they are what is written. Its top byte says how many zeros the
first hash began with, so that a sample of a large set can be set beside a whole one.
"""

from __future__ import annotations

import sys
from array import array
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import polars as pl

from triage import keys
from triage.files import CaseError, make_directory, write
from triage.sketches import Distinct

if TYPE_CHECKING:
    from triage.impact import Case

FILE = Path(".case") / "sketches"
_FORMAT = 1
_WORD = 8
_ZEROS = 56
# Kinds of keys whose hashes mean the same in every case; patient numbers and logins are of one file each.
_KINDS = ("nir", "name_dob", "email", "phone")


class CaseFileError(CaseError):
    """A file of sketches that is missing, damaged or of another format; its content is not told."""


class Set(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One set in the file: ``shift`` as in ``sketches.Distinct``, ``n`` numbers."""

    name: str
    shift: int
    n: int


class Head(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The first line: what must be equal before two files can be compared, and which sets follow."""

    format: int
    polars: str
    key: str
    sets: tuple[Set, ...]


class Sketches(msgspec.Struct, frozen=True, kw_only=True):
    """The sets of one case by name: kinds of keys, ``persons``, and ``email+`` a second field."""

    polars: str
    key: str
    sets: dict[str, tuple[int, pl.Series]]


def save(case: Case, directory: Path, secret: bytes) -> None:
    """Writes the sketches of a case, mode 0600 in a folder of mode 0700."""
    found = _sets(case)
    seed = keys.seed(secret)
    written = {name: _keyed(sketch.hashes(), seed) for name, sketch in found.items()}
    sets = tuple(Set(name=name, shift=found[name].shift, n=len(words)) for name, words in written.items())
    head = Head(format=_FORMAT, polars=pl.__version__, key=keys.key_id(secret), sets=sets)
    make_directory((directory / FILE).parent)
    write(directory / FILE, msgspec.json.encode(head) + b"\n" + b"".join(_bytes(w) for w in written.values()))


def _sets(case: Case) -> dict[str, Distinct]:
    found = {kind: sketch for kind in _KINDS if (sketch := case.distinct(kind)) is not None}
    if case.leads:
        people = case.people.settle()["key"]  # what is kept is known only once it is settled
        found["persons"] = Distinct(case.options.limits.persons, case.people.shift)
        found["persons"].add(people)
    for second in sorted({name for t in case.tables for name in t.tally.pairs}):
        whole = Distinct(case.options.limits.persons)
        for table in case.tables:
            if second in table.tally.pairs:
                whole.merge(table.tally.pairs[second])
        found[f"email+{second}"] = whole
    return found


def _keyed(hashes: pl.Series, seed: int) -> pl.Series:
    zeros = pl.col("h").bitwise_leading_zeros().cast(pl.UInt64)
    again = pl.col("h").hash(seed) // pl.lit(1 << (64 - _ZEROS), dtype=pl.UInt64)
    return hashes.alias("h").to_frame().select(again + zeros.clip(0, 63) * pl.lit(1 << _ZEROS, dtype=pl.UInt64)).to_series().unique().sort()


def load(directory: Path) -> Sketches | None:
    """The sketches of a case; None where there are none.

    Raises:
        CaseFileError: the file cannot be read, is of another format, too short or too long, or a set does not ascend.
    """
    path = directory / FILE
    if not path.is_file():
        return None
    try:
        line, _, blocks = path.read_bytes().partition(b"\n")
        head = msgspec.json.decode(line, type=Head)
    except (OSError, msgspec.MsgspecError):
        raise CaseFileError("the sketches of this case cannot be read") from None
    sound = all(s.n >= 0 and 0 <= s.shift < _ZEROS for s in head.sets)
    if head.format != _FORMAT or not sound or len(blocks) != _WORD * sum(s.n for s in head.sets):
        raise CaseFileError("the sketches of this case are damaged or of another version of triage")
    return Sketches(polars=head.polars, key=head.key, sets=_unpacked(head.sets, blocks))


def _bytes(words: pl.Series) -> bytes:
    return _little(array("Q", words.to_list())).tobytes()


def _little(words: array[int]) -> array[int]:
    """The words, swapped on the few machines that write the high byte first."""
    if sys.byteorder == "big":
        words.byteswap()
    return words


def _unpacked(sets: tuple[Set, ...], blocks: bytes) -> dict[str, tuple[int, pl.Series]]:
    found, at = {}, 0
    for one in sets:
        words = pl.Series(_little(array("Q", blocks[at : at + _WORD * one.n])), dtype=pl.UInt64)
        at += _WORD * one.n
        if (words <= words.shift(1)).any():
            raise CaseFileError("the sketches of this case are damaged")
        found[one.name] = (one.shift, words)
    return found

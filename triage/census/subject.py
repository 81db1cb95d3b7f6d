"""Whose data a row holds: the columns that identify the data subject, and the other persons a row names."""

from __future__ import annotations

from collections import defaultdict
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from triage.census import dates, keys

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from triage.detect.plan import ColumnPlan

# Roles of people or bodies who are not the data subject of the row.
OTHERS = ("practitioner", "professional", "relative", "establishment")
# The role of types that stand within cells of several values.
INSIDE = "inside"
# What tells one practitioner or establishment from another: a basis and the labels it needs.
_OTHER_KEYS: Mapping[str, tuple[str, ...]] = {
    "rpps": ("rpps",),
    "adeli": ("adeli",),
    "finess": ("finess",),
    "siret": ("siret",),
    "full_name": ("practitioner",),
    "name": ("last_name", "first_name"),
    "person": ("full_name",),
    "facility": ("health_facility",),
    "company": ("company",),
}

_COMPLETE = 0.9


class Subject(NamedTuple):
    """The planned columns of the data subjects, by label."""

    columns: Mapping[str, list[ColumnPlan]]

    def cells(self) -> dict[str, list[pl.Expr]]:
        """The cells by label."""
        return {label: [_cell(c) for c in found] for label, found in self.columns.items()}

    def complete(self, label: str, planned: Iterable[ColumnPlan]) -> bool:
        """Whether nearly every probed row had the label: what the fullest column of the plan had is what was probed."""
        probed = max((c.shape.filled for c in planned), default=0)
        return any(c.shape.filled >= _COMPLETE * probed for c in self.columns.get(label, ()))

    def birth(self) -> pl.Expr:
        """Days since 1970 of the birth date, null where there is none."""
        found = [
            _by_value(c, partial(dates.days, formats=c.date_format), pl.Int32) for c in self.columns.get("birth_date", ()) if c.date_format
        ]
        return pl.coalesce(found) if found else pl.lit(None, dtype=pl.Int32)

    def sex(self) -> pl.Expr:
        """1 man, 2 woman, 0 unknown: from the sex column, else from the title, else from the first digit of the NIR."""
        told = next((found for label in ("sex", "title", "nir") if (found := self.told(label)) is not None), pl.lit(0))
        return told.fill_null(0).cast(pl.UInt8)

    def told(self, label: str) -> pl.Expr | None:
        """The sex that the columns of one label tell, null where they do not; None where there is no such column."""
        found = [_by_value(c, _sex_of, pl.Int32) for c in self.columns.get(label, ())]
        return pl.coalesce(found) if found else None


def of(columns: Iterable[ColumnPlan]) -> Subject:
    """The data subject's columns of a plan; where only practitioners or professionals are named, they are the subject."""
    found = list(columns)
    subjects = [c for c in found if c.role not in OTHERS]
    if not any(c.label in _IDENTIFYING for c in subjects):
        subjects = [c for c in found if c.role in ("practitioner", "professional")] or subjects
    labelled: dict[str, list[ColumnPlan]] = defaultdict(list)
    # A policy holder is the subject only where no patient is named: the patient's columns are asked first.
    for column in sorted(subjects, key=lambda c: c.role == "insured"):
        labelled[column.label].append(column)
    return Subject(labelled)


_IDENTIFYING = frozenset({"nir", "ins", "last_name", "full_name", "patient_id", "email", "phone", "login"})


def others(columns: Iterable[ColumnPlan], seed: int) -> dict[str, pl.Expr]:
    """``role:basis`` to the hash that tells the persons or bodies of that role apart, for all that a plan names.

    Each basis is counted for itself: a number missing on some rows must not hide whom the name tells.
    """
    by_role: dict[str, dict[str, pl.Expr]] = defaultdict(dict)
    for column in columns:
        if column.role in OTHERS:
            by_role[str(column.role)].setdefault(column.label, _cell(column))
    found: dict[str, pl.Expr] = {}
    for role, labelled in sorted(by_role.items()):
        for basis, labels in _OTHER_KEYS.items():
            if all(label in labelled for label in labels):
                whole = pl.concat_str([keys.plain(labelled[label]) for label in labels], separator="|")
                found[f"{role}:{basis}"] = keys.hashed(whole, seed)
    return found


def presence(columns: Sequence[ColumnPlan], bits: Sequence[tuple[str, str | None]], held: Mapping[int, pl.Expr]) -> pl.Expr:
    """One UInt64 mask a row: bit n is set where a column of type ``bits[n]`` holds its label.

    ``held``: column to the rows that hold its label; the row's column ``mention`` has the top bits, and ``inside:<label>``
    tells whether a cell holds the label within.
    """
    terms: list[pl.Expr] = []
    for n, (label, role) in enumerate(bits):
        cells = [held[c.index] for c in columns if (c.label, c.role) == (label, role)]
        if role == INSIDE:
            cells = [pl.col(f"{INSIDE}:{label}")]
        terms.append(pl.any_horizontal(cells).cast(pl.UInt64) * pl.lit(1 << n, dtype=pl.UInt64))
    return pl.sum_horizontal([pl.col("mention"), *terms])


def _cell(column: ColumnPlan) -> pl.Expr:
    return pl.col(f"c{column.index}")


def _by_value(column: ColumnPlan, told: Callable[[pl.Expr], pl.Expr], dtype: type[pl.DataType]) -> pl.Expr:
    """What is told of each cell, worked out once a distinct value: rows are joined to it by their hashes."""

    def rows(both: Sequence[pl.Series]) -> pl.Series:
        cells, hashes = both
        first = hashes.arg_unique()
        values = pl.DataFrame({"cell": cells.gather(first), "hash": hashes.gather(first)})
        known = values.lazy().select("hash", told(pl.col("cell")).cast(dtype).alias("told")).collect()
        joined = hashes.alias("hash").to_frame().join(known, on="hash", how="left", maintain_order="left")
        return joined["told"].alias(cells.name)

    return pl.map_batches([_cell(column), pl.col(f"h{column.index}")], rows, return_dtype=dtype)


def _sex_of(cell: pl.Expr) -> pl.Expr:
    """INSEE 1/2, M/F, H/F, Homme/Femme, Monsieur/Madame; the first letter or digit tells, but for the titles in M."""
    word = cell.str.to_uppercase().str.slice(0, 3)
    woman = word.str.contains(r"^(?:2|F|MME|MLL|MLE|MEL|MRS|MS|MIS|MAD|W|8)")
    man = word.str.contains(r"^(?:1|M|H|7)")
    return pl.when(woman).then(2).when(man).then(1)

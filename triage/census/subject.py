"""Whose data a row holds: the columns that identify the data subject, and the other persons a row names."""

from __future__ import annotations

import operator
from collections import defaultdict
from functools import partial, reduce
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from triage.census import dates, keys

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from triage.census.cells import Folded
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
    """The planned columns of the data subjects, by label, and all columns as they stand in a segment."""

    columns: Mapping[str, list[ColumnPlan]]
    folded: Sequence[Folded]

    def cells(self) -> dict[str, list[Folded]]:
        """The columns as they stand, by label."""
        return {label: [self.folded[c.index] for c in found] for label, found in self.columns.items()}

    def complete(self, label: str, planned: Iterable[ColumnPlan]) -> bool:
        """Whether nearly every probed row had the label: what the fullest column of the plan had is what was probed."""
        probed = max((c.shape.filled for c in planned), default=0)
        return any(c.shape.filled >= _COMPLETE * probed for c in self.columns.get(label, ()))

    def birth(self) -> pl.Series:
        """Days since 1970 of the birth date, null where there is none."""
        dated = (c for c in self.columns.get("birth_date", ()) if c.date_format)
        found = keys.first(_by_value(self.folded[c.index], "day", partial(dates.days, formats=str(c.date_format))) for c in dated)
        return pl.repeat(None, len(self.folded[0].cells), dtype=pl.Int32, eager=True) if found is None else found

    def sex(self) -> pl.Series:
        """1 man, 2 woman, 0 unknown: from the sex column, else from the title, else from the first digit of the NIR."""
        told = next((found for label in ("sex", "title", "nir") if (found := self.told(label)) is not None), None)
        if told is None:
            return pl.repeat(0, len(self.folded[0].cells), dtype=pl.UInt8, eager=True)
        return told.fill_null(0).cast(pl.UInt8)

    def told(self, label: str) -> pl.Series | None:
        """The sex that the columns of one label tell, null where they do not; None where there is no such column."""
        return keys.first(_by_value(self.folded[c.index], "sex", _sex_of) for c in self.columns.get(label, ()))


def of(columns: Iterable[ColumnPlan], folded: Sequence[Folded]) -> Subject:
    """The data subject's columns of a plan; where only practitioners or professionals are named, they are the subject."""
    found = list(columns)
    subjects = [c for c in found if c.role not in OTHERS]
    if not any(c.label in _IDENTIFYING for c in subjects):
        subjects = [c for c in found if c.role in ("practitioner", "professional")] or subjects
    labelled: dict[str, list[ColumnPlan]] = defaultdict(list)
    # A policy holder is the subject only where no patient is named: the patient's columns are asked first.
    for column in sorted(subjects, key=lambda c: c.role == "insured"):
        labelled[column.label].append(column)
    return Subject(labelled, folded)


_IDENTIFYING = frozenset({"nir", "ins", "last_name", "full_name", "patient_id", "email", "phone", "login"})


def others(columns: Iterable[ColumnPlan], folded: Sequence[Folded], seed: int) -> dict[str, pl.Series]:
    """``role:basis`` to the hash that tells the persons or bodies of that role apart, for all that a plan names.

    Each basis is counted for itself: a number missing on some rows must not hide whom the name tells.
    """
    by_role: dict[str, dict[str, Folded]] = defaultdict(dict)
    for column in columns:
        if column.role in OTHERS:
            by_role[str(column.role)].setdefault(column.label, folded[column.index])
    found: dict[str, pl.Series] = {}
    for role, labelled in sorted(by_role.items()):
        for basis, labels in _OTHER_KEYS.items():
            if all(label in labelled for label in labels):
                parts = (pl.lit(keys.named(labelled[label], seed)) for label in labels)
                found[f"{role}:{basis}"] = pl.select(keys.mixed(*parts)).to_series()
    return found


def presence(
    columns: Sequence[ColumnPlan], bits: Sequence[tuple[str, str | None]], held: Mapping[int, pl.Series], told: pl.DataFrame
) -> pl.Series:
    """One UInt64 mask a row: bit n is set where a column of type ``bits[n]`` holds its label.

    ``held``: column to the rows that hold its label; the column ``mention`` of ``told`` has the top bits, and
    ``inside:<label>`` tells whether a cell holds the label within.
    """
    typed: dict[tuple[str, str | None], list[pl.Series]] = defaultdict(list)
    for c in columns:
        typed[c.label, c.role].append(held[c.index])
    mask = told["mention"]
    for n, (label, role) in enumerate(bits):
        rows = told[f"{INSIDE}:{label}"] if role == INSIDE else reduce(operator.or_, typed[label, role])
        mask = mask + rows.cast(pl.UInt64) * pl.Series([1 << n], dtype=pl.UInt64)
    return mask


def _by_value(column: Folded, question: str, told: Callable[[pl.Expr], pl.Expr]) -> pl.Series:
    """What is told of each cell, worked out once a distinct value, as Int32."""
    return column.at_rows(column.ask(question, lambda: column.told.select(told(pl.first()).cast(pl.Int32)).to_series()))


def _sex_of(cell: pl.Expr) -> pl.Expr:
    """INSEE 1/2, M/F, H/F, Homme/Femme, Monsieur/Madame; the first letter or digit tells, but for the titles in M."""
    word = cell.str.to_uppercase().str.slice(0, 3)
    woman = word.str.contains(r"^(?:2|F|MME|MLL|MLE|MEL|MRS|MS|MIS|MAD|W|8)")
    man = word.str.contains(r"^(?:1|M|H|7)")
    return pl.when(woman).then(2).when(man).then(1)

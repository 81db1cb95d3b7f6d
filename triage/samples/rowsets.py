"""Counting over rows that come in blocks: distinct values, and what stands together in a row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import polars as pl

# Blocks whose values wait before they are made distinct together.
_WAITING = 16
NAMES = ("last_name", "full_name", "birth_name")
_OTHERS = {"practitioner", "professional", "establishment", "relative"}
_SECRETS, _ACCOUNTS = ("password", "password_hash"), ("login", "email")
# Combinations of CONTRACT that labels alone decide; each is a list of sets of labels.
_COMBINATIONS = {
    "identity_nir_birth": (NAMES, ("nir", "ins"), ("birth_date",)),
    "identity_iban": (NAMES, ("iban",)),
    "card_full": (("card",), ("card_expiry",), ("cvv",)),
    "email_password": (_ACCOUNTS, _SECRETS),
    "address_appointment": (("address",), ("appointment",)),
}
_COUNTED = {"rows_password": (_SECRETS,), "clear": (("password",),), "hashed": (("password_hash",),), "pairs": (_ACCOUNTS, _SECRETS)}
_COUNTED |= {"iban": (("iban",),), "card": (("card",),)}


class Distinct:
    """How many different values were added; memory is eight bytes for each of them."""

    def __init__(self) -> None:
        self.parts: list[pl.Series] = []

    def add(self, values: pl.Series) -> None:
        """Some more: hashes or ids (UInt64)."""
        self.parts.append(values.unique())
        if len(self.parts) > _WAITING:
            self.parts = [pl.concat(self.parts).unique()]

    @property
    def count(self) -> int:
        """Different values so far."""
        return pl.concat(self.parts).n_unique() if self.parts else 0


def union(sets: Iterable[Distinct]) -> int:
    """Different values of several."""
    whole = Distinct()
    for one in sets:
        for part in one.parts:
            whole.add(part)
    return whole.count


class Together:
    """Rows in which labels stand together: combinations, credentials, money."""

    def __init__(self, labels: list[str], roles: list[str | None]) -> None:
        self.combinations: Counter[str] = Counter()
        self.counted: Counter[str] = Counter()
        self._subject = [name if role not in _OTHERS else "" for name, role in zip(labels, roles, strict=True)]
        self._labels = labels

    def add(self, cells: pl.DataFrame) -> None:
        """Counts one block."""
        for into, wanted, labels in ((self.combinations, _COMBINATIONS, self._subject), (self.counted, _COUNTED, self._labels)):
            for name, groups in wanted.items():
                sets = [[f"c{i}" for i, label in enumerate(labels) if label in group] for group in groups]
                if all(sets):
                    held = [pl.any_horizontal(pl.col(columns).is_not_null()) for columns in sets]
                    into[name] += int(cells.select(pl.all_horizontal(held)).to_series().sum())

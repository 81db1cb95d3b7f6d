"""Accounts and money: logins, passwords, IBAN."""

from __future__ import annotations

import polars as pl

from triage.samples.cast import Who
from triage.samples.draw import cumulative
from triage.samples.keys import iban_fr, rib_key, zero_padded
from triage.samples.kinds import constant, kind
from triage.samples.kinds.contact import local_part
from triage.samples.recipe import Column

_UPPER, _LOWER, _DIGIT = "ABCDEFGHJKLMNPQRSTUVWXYZ", "abcdefghijkmnopqrstuvwxyz", "23456789"
_WORDS = (
    "Soleil",
    "Bretagne",
    "Loulou",
    "Chaton",
    "Doudou",
    "Vacances",
    "Bonheur",
    "Marine",
    "Tournesol",
    "Chocolat",
    "Papillon",
    "Printemps",
)
_BANKS = (30002, 30003, 30004, 20041, 14445, 12906, 15589, 13807, 18206, 10278, 11315, 17515, 40618, 16706)
_CHOSEN = 0.2


@kind("login", label="login")
def login(who: Who, _column: Column) -> pl.Series:
    """A login made of names and digits."""
    return local_part(who, "login")


@kind("password", label="password")
def password(who: Who, _column: Column) -> pl.Series:
    """A password in clear: mostly eight characters a program made, some words people choose."""
    year = zero_padded(who.below("password year", 100), 2)
    chosen = who.pick("password word", _WORDS) + year + who.pick("password sign", ["", "!", "*", "?"])
    return chosen.zip_with(who.chance("password chosen", _CHOSEN), _generated(who))


def _generated(who: Who) -> pl.Series:
    """Eight characters of all three classes; look-alikes left out, as programs do."""
    classes = (_UPPER, _LOWER, _DIGIT, *(_UPPER + _LOWER + _DIGIT for _ in range(5)))
    out = constant("", who.ids)
    for place, alphabet in enumerate(classes):
        out = out + who.pick(f"password character {place}", list(alphabet))
    return out


@kind("password_hash", label="password_hash")
def password_hash(who: Who, column: Column) -> pl.Series:
    """A digest in hexadecimal of a ``width`` (32, as MD5, unless told)."""
    out = constant("", who.ids)
    for place in range(int(column.options.get("width", 32))):
        out = out + who.pick(f"digest {place}", list("0123456789abcdef"))
    return out


@kind("iban", label="iban", key=True)
def iban(who: Who, column: Column) -> pl.Series:
    """A French IBAN, RIB key and IBAN key right; in groups of four when ``spaced``."""
    bank = pl.Series(_BANKS).gather(who.index("bank", cumulative([1.0] * len(_BANKS))))
    branch, account = who.below("bank branch", 99_999), who.below("bank account", 10**11)
    rib = zero_padded(bank, 5) + zero_padded(branch, 5) + zero_padded(account, 11) + rib_key(bank, branch, account)
    whole = iban_fr(rib)
    return whole.str.replace_all(r"(.{4})", "$1 ").str.strip_chars() if column.options.get("spaced") else whole

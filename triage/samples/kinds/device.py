"""Telephones and their cards."""

from __future__ import annotations

import polars as pl

from triage.samples.cast import Who
from triage.samples.keys import luhn_digit, zero_padded
from triage.samples.kinds import kind
from triage.samples.recipe import Column

_TYPES = ("35290611", "35332510", "35407115", "35674108", "35854209", "86012305", "86471604")
_ISSUERS = ("893301", "893310", "893315", "893320")


@kind("imei", label="imei", key=True)
def imei(who: Who, _column: Column) -> pl.Series:
    """IMEI: a type of eight digits, six of the device, Luhn."""
    body = who.pick("device type", _TYPES) + zero_padded(who.below("device", 10**6), 6)
    return body + luhn_digit(body, 14)


@kind("sim", label="sim", key=True)
def sim(who: Who, _column: Column) -> pl.Series:
    """ICCID of a SIM card: 89, France, an issuer, the account, Luhn (ITU-T E.118)."""
    body = who.pick("sim issuer", _ISSUERS) + zero_padded(who.below("sim account", 10**12), 12)
    return body + luhn_digit(body, 18)

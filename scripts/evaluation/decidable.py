"""What can be decided from the cells alone: the one place that says of which labels it is asked, and why not of others.

A label is content-decidable where a reader who sees nothing but the cells of a column could name it: its form, its key or
its vocabulary is the label's own. Rules say so (``content_decidable``). A rule may decide by content in one notation only;
where the tables measured here hold the other, the label is not asked of them without its name.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from triage.rules import Rule

# Decided by content in one notation, which the tables do not use.
BARE: Final = {
    "amount": "without a currency it is a number",
    "lab_result": "without a unit it is a number or a word",
    "lat_long": "latitude and longitude in a column each are numbers",
}
# Distinct values below which nobody could tell: "André", once, is a first name, a village or a boat.
FEWEST: Final = 3
# Labels of which one cell among others is told: it has a key, words of its own or more than one word. A lone MARTIN, Rennes,
# M or 35000 is none of these, and a date of birth among other dates neither.
ALONE: Final = frozenset(
    {
        *("address", "email", "drug", "full_name", "iban", "nir", "password_hash", "phone", "practitioner", "prescription"),
        *("rpps", "sim", "siret", "vehicle_plate"),
    }
)


def labels(known: Mapping[str, Rule]) -> frozenset[str]:
    """The labels that content decides in the tables measured here."""
    return frozenset(label for label, rule in known.items() if rule.content_decidable and label not in BARE)

"""Values that prove themselves in a column of anything: a stray RPPS among remarks, digests among states.

A column that no label claims is searched for cells that have the whole form of a label and its right key. What is found
in several distinct values is a pattern, which the census counts over every row, as it does for cells of several values.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from triage.detect import patterns

if TYPE_CHECKING:
    from triage.detect.plan import Inside
    from triage.rules import Rule, Rules

# Labels whose form and key prove a single cell, the form as it stands in a cell, and whose such a value is; what a comment
# holds as well is the text scanner's.
_SOUGHT: Final = {
    "rpps": (r"^10\d{9}$", "practitioner"),
    "siret": (r"^\d{14}$", "establishment"),
    "sim": (r"^89\d{17,18}F?$", None),
    "tax_id": (r"^[0-3]\d{12}$", None),
    "vehicle_plate": (r"^[A-HJ-NP-TV-Z]{2}-(?:0[0-9][1-9]|0[1-9]0|[1-9]\d\d)-[A-HJ-NP-TV-Z]{2}$", None),
    "password_hash": (
        r"^(?:\$(?:wp\$)?2[abxy]\$\d\d\$|\$argon2(?:id|i|d)\$|\$[156]\$|\$apr1\$|\$[PHS]\$|\{S?SHA\d*\}|pbkdf2[_:]).{8,}$",
        None,
    ),
    "blood_group": (r"^(?:A|B|AB|O|0) ?(?:[+-]|POS|NEG|[Rr][Hh] ?[+-])$", None),
}
# Distinct values that must be right, and their share of those that have the form.
_LEAST, _RIGHT = 4, 0.9
# A group with its rhesus is a school mark or a rating too; nobody marks with AB and O.
_LONGEST = 200
_GROUPS, _BOTH = 5, (r"^AB", r"^[O0]")


def among(long: pl.DataFrame, rules: Rules) -> dict[int, tuple[Inside, ...]]:
    """Column to the labels of its stray cells, with whose they are and the pattern of such a cell.

    ``long`` has ``column`` and ``cell``, distinct within the column. All patterns are tried in one query.
    """
    sought = {label: told for label, told in _SOUGHT.items() if label in rules}
    short = long.filter(pl.col("cell").str.len_bytes() <= _LONGEST)
    formed = short.select("column", **{label: pl.col("cell").str.contains(pattern) for label, (pattern, _) in sought.items()})
    counted = formed.group_by("column").agg(pl.col(list(sought)).sum()).filter(pl.any_horizontal(pl.col(list(sought)) >= _LEAST))
    found: dict[int, tuple[Inside, ...]] = {}
    for row in counted.iter_rows(named=True):
        column = row.pop("column")
        mine = short["column"] == column
        for label in (label for label, n in row.items() if n >= _LEAST):
            pattern, role = sought[label]
            if _proved(rules[label], short.filter(mine & formed[label])["cell"]):
                found[column] = (*found.get(column, ()), (label, role, pattern))
    return found


def _proved(rule: Rule, formed: pl.Series) -> bool:
    """Whether nearly all of the cells that have the form are of the label, and enough of them."""
    if rule.id == "blood_group":
        return len(formed) >= _GROUPS and all(formed.str.contains(kind).any() for kind in _BOTH)
    key = patterns.key(rule, pl.col("cell"))
    right = len(formed) if key is None else int(formed.alias("cell").to_frame().select(key.fill_null(value=False).sum()).item())
    return right >= max(_LEAST, _RIGHT * len(formed))

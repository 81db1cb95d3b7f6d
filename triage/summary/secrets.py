"""S5: credentials and money."""

from __future__ import annotations

from typing import TYPE_CHECKING

from triage.summary.figures import Count, Draft, Share, Value, Word, listing, part
from triage.summary.size import rows_among

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triage import model


def drafts(result: model.Result) -> Iterator[Draft]:
    """S5 as a whole; nothing where there is neither password nor bank datum."""
    found = result.credentials
    total = rows_among(result, found.rows_password)
    if found.rows_password and total:
        yield _passwords(found, total)
        if found.pairs:
            yield Draft("S5.pairs", {"pairs": Count(found.pairs)}, ("credentials.pairs",))
        if found.detected_by == "content":
            yield Draft("S5.by_content", {}, ("credentials.detected_by",))
    for name in ("iban", "card"):
        keyed: model.Keyed = getattr(result.financial, name)
        if keyed.rows:
            values: dict[str, Value] = {"rows": Count(keyed.rows), "valid": Count(keyed.valid)}
            yield Draft(f"S5.{name}", values, (f"financial.{name}.rows", f"financial.{name}.valid"))


def _passwords(found: model.Credentials, total: int) -> Draft:
    """How many, in clear or hashed, and how hashed."""
    values: dict[str, Value] = {
        "rows": Count(found.rows_password),
        "share": Share(found.rows_password / total),
        "clear": Share(found.clear / found.rows_password),
        "hashed": Share(found.hashed / found.rows_password),
        "algorithms": listing(part("S5.algorithm", algorithm=Word("algorithm", a.id), rows=Count(a.rows)) for a in found.algorithms),
    }
    counted = (f"credentials.{name}" for name in ("rows_password", "clear", "hashed", "algorithms"))
    fields = (*counted, "tables[].rows_read", "tables[].rows_repaired")
    if not found.hashed:
        return Draft("S5.clear", values, fields)
    return Draft("S5" if found.algorithms else "S5.hashed", values, fields)

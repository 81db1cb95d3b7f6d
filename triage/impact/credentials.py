"""``credentials``, ``financial`` and ``contact``: passwords, IBAN and cards, mail domains."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Literal

from triage import model
from triage.census.subject import INSIDE
from triage.census.texts import of_inside, of_needles

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triage.detect.plan import Verdict
    from triage.impact.case import Case
    from triage.tally import ColumnTally


def _labelled(case: Case, *labels: str) -> Iterator[tuple[Verdict, ColumnTally]]:
    return ((v, c) for t in case.tables for _, v, c in t.columns() if v.label in labels)


def credentials(case: Case) -> model.Credentials:
    """Rows with a password, in clear or hashed, and with a login or e-mail beside it."""
    clear, hashed = case.labels(["password"], subject=False), case.labels(["password_hash"], subject=False)
    who = case.labels(["login", "email"], subject=False)
    algorithms: Counter[str] = Counter()
    for _, counts in _labelled(case, "password_hash"):
        algorithms.update(counts.counted.get("algorithm", {}))
    return model.Credentials(
        rows_password=case.rows_with(clear | hashed),
        clear=case.rows_with(clear),
        hashed=case.rows_with(hashed),
        algorithms=tuple(model.Algorithm(id=name, rows=n) for name, n in sorted(algorithms.items(), key=lambda a: (-a[1], a[0]))),
        pairs=case.rows_with(clear | hashed, who),
        detected_by=_detected_by(case),
    )


def _detected_by(case: Case) -> Literal["header", "content", "both"] | None:
    """Whether the header, the content or both told of the password: the lab leak's columns were headed SR and PM."""
    codes = {r.code for v, _ in _labelled(case, "password", "password_hash") for r in v.reasons}
    if not codes:
        return None
    header = any(c.startswith("header") for c in codes)
    content = any(not c.startswith("header") for c in codes)
    return "both" if header and content else "header" if header else "content"


def financial(case: Case) -> model.Financial:
    """Rows with an IBAN or a card number in its own column or within a cell of several values, and cells with a right key."""
    return model.Financial(iban=_keyed(case, "iban"), card=_keyed(case, "card"))


def _keyed(case: Case, label: str) -> model.Keyed:
    valid = sum(c.valid[label] for _, c in _labelled(case, label))
    # Within cells the scanner of texts takes right keys only.
    told = [(c, {*of_inside(p), *of_needles(p, bare=t.setting.plan.bare)}) for t in case.tables for p, _, c in t.columns()]
    valid += sum(c.mentions[f"needle:{label}"] for c, held in told if (label, INSIDE) in held)
    return model.Keyed(rows=case.rows_with(case.labels([label], subject=False)), valid=valid)


def contact(case: Case) -> model.Contact:
    """Mail domains with at least the smallest count of rows, most frequent first, and the share of .fr."""
    domains: Counter[str] = Counter()
    for _, counts in _labelled(case, "email"):
        domains.update(counts.counted.get("domain", {}))
    total = domains.total()
    if not total:
        return model.Contact(email_domains=(), fr_share=None)
    shown = [(d, n) for d, n in domains.items() if n >= case.options.limits.smallest_count]
    ranked = sorted(shown, key=lambda pair: (-pair[1], pair[0]))[:20]
    french = sum(n for d, n in domains.items() if d.endswith(".fr"))
    return model.Contact(
        email_domains=tuple(model.EmailDomain(domain=d, rows=n, share=n / total) for d, n in ranked), fr_share=french / total
    )

"""S6: from when to when. Birth dates tell ages, not the leak's period, and are left to S7."""

from __future__ import annotations

from typing import TYPE_CHECKING

from triage.detect.headers import tokens
from triage.summary.figures import Count, Draft, Listing, Part, Text, Value, When, Word, part

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triage import model

# Who comes in and goes out where nobody is cared for is an employee, or a good.
_CARE = ("entree", "sortie")
_CARING = frozenset({"health", "health_professional"})
# What the words of a column's name tell of its dates, the most telling first ("DDV", date de dernière visite, is Mediboard's).
_TOLD: tuple[tuple[str, frozenset[str]], ...] = tuple(
    (event, frozenset(words.split()))
    for event, *spelt in (
        ("update", "maj", "modification", "modif", "modified", "updated", "update"),
        ("creation", "creation", "cree", "created"),
        ("last_visit", "ddv", "derniere visite", "last visit", "derniere venue", "derniere consultation"),
        ("login", "connexion", "login", "logged", "connected", "lastlogin"),
        ("appointment", "rdv", "rendez vous", "appointment"),
        ("visit", "visite", "visit", "consultation", "venue", "passage", "seance", "acte", "soins"),
        ("stay", "admission", "admit", "sejour", "hospitalisation", "discharge", *_CARE),
        ("prescription", "prescription", "ordonnance", "presc", "prescr"),
        ("sampling", "prelevement", "prelev", "analyse", "examen", "resultat"),
        ("purchase", "achat", "commande", "order", "purchase", "vente", "ticket"),
        ("payment", "paiement", "payment", "facture", "facturation", "invoice", "versement", "remboursement"),
        ("membership", "adhesion", "souscription", "contrat", "abonnement", "subscription"),
    )
    for words in spelt
)
_NOT_EVENTS = frozenset({"birth", "birth_date", "expiry", "card_expiry"})
_FIELDS = 3  # the three fullest date columns tell the period; the others are in impact.json


def drafts(result: model.Result) -> Iterator[Draft]:
    """S6 as a whole: the fullest date columns, the newest record, dates that cannot be true."""
    dated = [(i, f) for i, f in enumerate(result.period.fields) if f.min and f.max and f.role not in _NOT_EVENTS]
    dated.sort(key=lambda x: (-x[1].n, x[0]))
    care = any(c.class_ in _CARING for c in result.columns)
    for index, field in dated[:_FIELDS]:
        yield _field(index, field, _event(field, care=care))
    if result.period.newest:
        yield Draft("S6.newest", {"newest": When(result.period.newest)}, ("period.newest",))
    for name in ("future", "default", "implausible"):
        n = sum(getattr(f, name) for f in result.period.fields)
        if n:
            yield Draft(f"S6.{name}", {"n": Count(n)}, (f"period.fields[].{name}",))


def _column(name: str) -> Part:
    """A column by its name, or by its number (``#9``) where its header said nothing that may be shown."""
    if name.startswith("#") and name[1:].isdecimal():
        return part("S6.column_number", number=Text(name[1:]))
    return part("S6.column", name=Text(name))


def _event(field: model.DateField, *, care: bool) -> Word:
    """What the dates are of, by the words of the column's name, else by the role that the scan gives them."""
    words = set(tokens(field.column)) - (set() if care else set(_CARE))
    return Word("event", next((event for event, said in _TOLD if said <= words), field.role))


def _field(index: int, field: model.DateField, event: Word) -> Draft:
    at = f"period.fields[{index}]"
    values: dict[str, Value] = {
        "event": event,
        "column": Listing((_column(field.column),)),
        "min": When(field.min or ""),
        "max": When(field.max or ""),
    }
    paths = (f"{at}.min", f"{at}.max")
    named = "" if field.column else "unnamed_"
    if field.min == field.max:
        return Draft(f"S6.{named}same", values, paths)
    if not (field.p5 and field.p95):
        return Draft(f"S6.{named}range", values, paths)
    values |= {"p5": When(field.p5), "p95": When(field.p95)}
    return Draft("S6" if field.column else "S6.unnamed", values, (*paths, f"{at}.p5", f"{at}.p95"))

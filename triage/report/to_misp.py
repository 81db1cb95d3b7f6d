"""misp.json: an event for MISP, with one object a file and the summary, tagged by the infoleak and gdpr taxonomies.

Files go by their hash and size: a file name may be a patient. Identifiers are derived from the result, so that the same
result gives the same event, and a second import updates the first instead of standing beside it.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from triage.report.sections import Words
from triage.text import escaped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triage.model import InputFile, Result
    from triage.report import Style

FILE = "misp.json"
_THREAT = {"very_high": "1", "high": "1", "medium": "2", "low": "3"}  # MISP: 1 high, 2 medium, 3 low
_COMPLETE = "2"  # MISP's state of the analysis
_OWN_ORGANISATION = "0"  # distribution: who shares it further decides so

# Taxonomy infoleak: what the machine found, by label.
_INFOLEAK = {
    "password": "credential", "password_hash": "credential", "api_secret": "api-key", "card": "credit-card", "email": "mail",
    "phone": "phone-number", "crypto_wallet": "bitcoin-address",
}  # fmt: skip
# Taxonomy gdpr:special-categories, by the category of the CNIL's form.
_SPECIAL = {
    "sante": "health", "origine": "racial-or-ethnic-origin", "politique": "political-opinions",
    "religion": "religious-or-philosophical-beliefs", "syndicat": "trade-union-membership", "biometrie": "biometric-data",
    "genetique": "genetic-data", "orientation_sexuelle": "sex-life-or-sexual-orientation",
}  # fmt: skip


class _Template(NamedTuple):
    """An object template of MISP/misp-objects."""

    name: str
    uuid: str
    version: str
    category: str


_OF_FILES = _Template("file", "688c46fb-5edb-40a3-8273-1af7923e2215", "25", "file")
_OF_TEXTS = _Template("annotation", "5d8dc046-15a1-4ca3-a09f-ed4ede7c4487", "3", "misc")


def render(result: Result, style: Style) -> str:
    """The JSON that MISP exports and imports; ``pymisp.MISPEvent().load`` reads it."""
    words = Words(result, style.language)
    space = uuid.uuid5(uuid.NAMESPACE_OID, "".join(f"{f.sha256}{f.bytes}" for f in result.inputs.files))
    event = {
        "uuid": str(space),
        "info": words.headline(),
        "threat_level_id": _THREAT[result.severity.enisa.band],
        "analysis": _COMPLETE,
        "distribution": _OWN_ORGANISATION,
        "published": False,
        "Tag": [{"name": name} for name in _tags(result)],
        "Object": [_summary(words, space), *(_file(n, f, space) for n, f in enumerate(result.inputs.files))],
    }
    return escaped(msgspec.json.format(msgspec.json.encode({"Event": event}), indent=2).decode()) + "\n"


def _tags(result: Result) -> Iterator[str]:
    """Taxonomy tags, and who may read it: the organisation and whom it must tell (TLP:AMBER)."""
    yield "tlp:amber"
    labels = {t.label for t in result.types if t.rows}
    yield from (f'infoleak:automatic-detection="{x}"' for x in sorted({_INFOLEAK[label] for label in labels & _INFOLEAK.keys()}))
    categories = set(result.duties.cnil_categories)
    if result.duties.art9:
        yield from (f'gdpr:special-categories="{x}"' for x in sorted(_SPECIAL[c] for c in categories & _SPECIAL.keys()))


def _summary(words: Words, space: uuid.UUID) -> dict[str, Any]:
    said = "\n".join(text for _, text in words.sentences())
    return _object(_OF_TEXTS, "summary", space, [("type", "text", "Executive Summary"), ("text", "text", said)])


def _file(number: int, file: InputFile, space: uuid.UUID) -> dict[str, Any]:
    found = [("size-in-bytes", "size-in-bytes", str(file.bytes))]
    if file.sha256:
        found.insert(0, ("sha256", "sha256", file.sha256))
    return _object(_OF_FILES, f"file {number}", space, found)


def _object(template: _Template, name: str, space: uuid.UUID, attributes: list[tuple[str, str, str]]) -> dict[str, Any]:
    place = uuid.uuid5(space, name)
    return {
        "uuid": str(place),
        "name": template.name,
        "meta-category": template.category,
        "template_uuid": template.uuid,
        "template_version": template.version,
        "Attribute": [
            {"uuid": str(uuid.uuid5(place, relation)), "object_relation": relation, "type": kind, "value": value, "to_ids": False}
            for relation, kind, value in attributes
        ],
    }

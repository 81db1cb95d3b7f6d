"""CDA: a table for the patients, one for whoever else a document names, one for its sections, one for what they state.

Each row has the patient's number, so that what a document says is somebody's. Numbers are told by the lists they come from (OID of
the ANS: INS, RPPS and ADELI, FINESS).
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from triage import cda
from triage.readers.jsonscan import Values
from triage.readers.jsontable import Tables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from triage.cda import Node
    from triage.readers import Job, Made

    Row = dict[str, Any]

READS = ("cda",)
KIND = "cda"
DESCRIPTION = "CDA (HL7 v3): patients, professionals, sections and statements of clinical documents; files in them are entries"

_INS = frozenset(f"1.2.250.1.213.1.4.{n}" for n in (8, 9, 10, 11))
_PROFESSIONALS, _BODIES = "1.2.250.1.71.4.2.1", "1.2.250.1.71.4.2.2"
# The first digit of a number tells its list (IDNPS, IDNST).
_LISTS = {(_PROFESSIONALS, "8"): "rpps", (_PROFESSIONALS, "0"): "adeli", (_BODIES, "1"): "finess", (_BODIES, "3"): "siret"}
_ROLES = ("author", "dataEnterer", "informant", "custodian", "informationRecipient", "legalAuthenticator", "authenticator",
          "participant", "documentationOf", "performer", "encompassingEncounter")  # fmt: skip
_OTHERS = frozenset({*_ROLES, "guardian", "birthplace"})
_STATEMENTS = ("observation", "substanceAdministration", "procedure", "act", "encounter", "supply")
_BREAKS = frozenset({"tr", "paragraph", "item", "br", "table", "list", "caption"})
_DATE = re.compile(r"(\d{4})(\d\d)?(\d\d)?(?:(\d\d)(\d\d)(\d\d)?)?.*")
_PLACE = {"streetAddressLine": "address", "houseNumber": "address", "streetName": "address", "additionalLocator": "address_2",
          "postalCode": "postal_code", "city": "city", "country": "country"}  # fmt: skip


def segments(job: Job) -> Iterator[Made]:
    """The rows of the document."""
    document = cda.document(job.entry, job.options.limits)
    tables = Tables(job)
    rows: dict[str, list[Row]] = defaultdict(list)
    patient = next((_person(role, "patient_id") for role in document.at("recordTarget/patientRole")), {})
    rows["patient"].append({**patient, "document": _shown(document, "code"), "document_date": _moment(document, "effectiveTime")})
    number = {k: patient[k] for k in ("patient_id",) if k in patient}
    for node in document.walk():
        if node.name in _ROLES and (who := _person(node, "identifier")):
            rows["participant"].append({**number, "participation": node.name, **who})
        elif node.name == "section" and (said := _narrative(node)):
            title = " ".join(t.text for t in node.children("title"))
            rows["section"].append({**number, "title": title, "section": _shown(node, "code"), "text": said})
        elif node.name in _STATEMENTS and (stated := _statement(node)):
            rows["statement"].append({**number, **stated})
    for name, found in rows.items():
        yield from tables.add(name, Values(found, sum(len(str(r)) for r in found), plain=False))
    yield from tables.rest()


def _person(role: Node, unknown: str) -> Row:
    """Who plays a part: numbers (``unknown`` is the name of those of no known list), names, birth, sex, how to reach them, for whom."""
    row: Row = {}
    for node in _own(role):
        if node.name == "id" and (value := node.get("extension")):
            _put(row, *_numbered(node.get("root"), value, unknown))
        elif node.name.lower().endswith("organization"):
            _body(row, node)
        elif node.name in _PLACE and node.text:
            name = _PLACE[node.name]
            row[name] = f"{row[name]} {node.text}" if name == "address" and name in row else node.text
        elif (take := _SAID.get(node.name)) is not None:
            take(row, node)
    return row


def _own(role: Node) -> Iterator[Node]:
    """The elements of a part, without what is said of others."""
    for child in role.children():
        yield child
        if child.name not in _OTHERS and not child.name.lower().endswith("organization"):
            yield from _own(child)


def _body(row: Row, node: Node) -> None:
    for name in node.children("name"):
        _put(row, "organization", name.text)
    for number in node.children("id"):
        if value := number.get("extension"):
            _put(row, *_numbered(number.get("root"), value, "organization_id"))


def _numbered(root: str, value: str, unknown: str) -> tuple[str, str]:
    if root in _INS:
        return "ins", value
    name = _LISTS.get((root, value[:1]))
    return (name, value[1:]) if name else (unknown, value)


def _name(row: Row, node: Node) -> None:
    if not node.children():
        _put(row, "name", node.text)
    for part in node.children("given", "family", "prefix"):
        born = "BR" in part.get("qualifier")
        name = {"given": "first_name", "family": "birth_name" if born else "last_name", "prefix": "title"}[part.name]
        _put(row, name, part.text)
    if "last_name" not in row and "birth_name" in row:
        row["last_name"] = row["birth_name"]


def _reached(row: Row, node: Node) -> None:
    kind, _, value = node.get("value").rpartition(":")
    _put(row, "email" if kind == "mailto" else "phone", value)


def _put(row: Row, name: str, value: str) -> None:
    """Adds a value; a second of a name stands beside the first."""
    if value and value not in row.setdefault(name, []):
        row[name].append(value)


_SAID: dict[str, Callable[[Row, Node], None]] = {
    "name": _name,
    "telecom": _reached,
    "birthplace": lambda row, node: _put(row, "birth_place", node.text),
    "administrativeGenderCode": lambda row, node: _put(row, "sex", node.get("code")),
    "birthTime": lambda row, node: _put(row, "birth_date", _date(node.get("value"))),
}


def _narrative(section: Node) -> str:
    """What a reader of the section sees, a line a paragraph, item or row."""
    pieces: list[str] = []

    def told(node: Node | str) -> None:
        if isinstance(node, str):
            pieces.append(" ".join(node.split()))
            return
        if node.get("representation") == "B64":
            return
        for each in node.within:
            told(each)
        if node.name in _BREAKS:
            pieces.append("\n")

    for text in section.children("text"):
        told(text)
    return "\n".join(line for line in (part.strip() for part in " ".join(p for p in pieces if p).split("\n")) if line)


def _statement(node: Node) -> Row:
    """What is observed, given or done: its code, value and date; without a value or a name it says nothing."""
    row: Row = {"kind": node.name, "code": _coded(node, "code"), "label": _shown(node, "code"), "date": _moment(node, "effectiveTime")}
    value = next(iter(node.children("value")), None)
    if value is not None:
        row["value"] = value.get("displayName") or value.get("value") or value.text
        row["value_code"], row["unit"] = value.get("code"), value.get("unit")
    for drug in node.at("consumable/manufacturedProduct/manufacturedMaterial"):
        row["drug_code"] = _coded(drug, "code")
        row["drug"] = " ".join(n.text for n in drug.children("name")) or _shown(drug, "code")
    row["dose"] = " ".join(f"{d.get('value')} {d.get('unit')}".strip() for d in node.children("doseQuantity"))
    said = {k: v for k, v in row.items() if v}
    return said if len(said) > 1 + ("date" in said) else {}


def _coded(node: Node, name: str) -> str:
    return next((c.get("code") for c in node.children(name)), "")


def _shown(node: Node, name: str) -> str:
    """What a code is called: by its list, or by whoever wrote it."""
    return next((c.get("displayName") or " ".join(t.text for t in c.children("originalText")) for c in node.children(name)), "")


def _moment(node: Node, name: str) -> str:
    """A date, or the first of a period."""
    for time in node.children(name):
        if found := time.get("value") or next((low.get("value") for low in time.children("low")), ""):
            return _date(found)
    return ""


def _date(written: str) -> str:
    found = _DATE.fullmatch(written)
    if found is None:
        return written
    year, month, day, hour, minute, second = found.groups()
    date = "-".join(p for p in (year, month, day) if p)
    return f"{date} {hour}:{minute}:{second or '00'}" if hour else date

"""The truth of a leak: its files, the truth of each table, and what is true of all of them together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import Any

from triage.samples import texts
from triage.samples.pack import Folder
from triage.samples.rowsets import Distinct, union
from triage.samples.table import Block
from triage.samples.truth import Truth, mentions
from triage.samples.world import Leak
from triage.samples.writers import Part, writers

# The labels of CONTRACT that are more than generic: what is not among the columns is absent.
_WATCHED = (
    "nir", "nir_key", "ins", "first_name", "last_name", "birth_name", "full_name", "birth_date", "birth_place", "death_date", "sex",
    "title", "age", "nationality", "marital_status", "household", "profession", "photo", "phone", "email", "address", "postal_code",
    "city", "department", "country", "insee_code", "lat_long", "door_code", "blood_group", "prescription", "drug", "posology",
    "diagnosis", "medical_act", "lab_result", "vital_sign", "allergy", "optical_correction", "health_text", "practitioner", "rpps",
    "adeli", "finess", "specialty", "insurer_id", "insurer", "reimbursement", "health_facility", "patient_id", "appointment", "iban",
    "bic", "rib", "card", "card_expiry", "cvv", "income", "amount", "tax_id", "passport", "id_card", "driving_licence",
    "residence_permit", "vehicle_plate", "vin", "siren", "siret", "vat", "company", "contract_id", "loyalty", "purchase", "login",
    "password", "password_hash", "api_secret", "security_answer", "ip", "mac", "imei", "sim", "uuid", "url", "user_agent",
    "crypto_wallet", "religion", "political_view", "union_membership", "sexual_orientation", "ethnicity", "offence", "biometric",
    "genetic",
)  # fmt: skip


class Ledger:
    """What is counted while a leak is written."""

    def __init__(self, leak: Leak) -> None:
        self.leak = leak
        self.tables = {name: Truth(world) for name, world in leak.worlds.items()}
        self._parts: dict[str, list[dict[str, Any]]] = {}
        self._written: dict[str, Part] = {}
        self._status: dict[str, dict[str, Any]] = {}

    def add(self, table: str, block: Block) -> None:
        """Counts a block of a table."""
        self.tables[table].add(block)

    def wrote(self, entry: str, part: Part) -> None:
        """Notes what an entry holds."""
        told: dict[str, Any] = {k: part.file.options[k] for k in ("status", "password") if k in part.file.options}
        self._status.setdefault(entry.partition("!")[0], told)
        for name in part.file.tables:
            self._written[name] = part
            first, last = part.extent(name)
            inside = self.leak.worlds[name].table.inside
            self._parts.setdefault(name, []).append({"entry": entry, **({} if inside else {"rows": last - first})})

    def result(self, folder: Folder) -> dict[str, Any]:
        """The truth as plain data."""
        whole = [truth for name, truth in self.tables.items() if not self.leak.worlds[name].table.inside]
        found = set().union(*(truth.found() for truth in self.tables.values()))
        counted = _total(truth.together.counted for truth in whole)
        told = {mood: _total(truth.told[mood] for truth in whole) for mood in (*texts.MOODS, "any")}
        return {
            "recipe": self.leak.recipe.id,
            "seed": self.leak.seed,
            "unit": self.leak.recipe.unit,
            "files": [_file(folder.path(name), name, self._status[name]) for name in folder.written],
            "rows": sum(truth.rows for truth in whole),
            "rows_exact_dup": sum(truth.rows - truth.lines.count for truth in whole),
            "persons": self._persons(),
            "persons_by_role": self._roles(),
            "unique": self._unique(),
            "credentials": {name: counted[name] for name in ("rows_password", "clear", "hashed", "pairs")},
            "financial": {name: {"rows": counted[name], "valid": _valid(self.tables, name)} for name in ("iban", "card")},
            "combinations": dict(sorted(_total(truth.together.combinations for truth in whole).items())),
            "places": _places(whole),
            "mentions": mentions(told),
            **{name: sum(truth.extra[name] for truth in whole) for name in ("rows_with_comment", "rows_with_mention")},
            "absent": [label for label in _WATCHED if label not in found],
            "tables": [self._table(name) for name in self._written],
        }

    def _unique(self) -> dict[str, int]:
        """Distinct identifiers over all tables, those inside others too."""
        every = self.tables.values()
        return {name: union(t.keys[name] for t in every if name in t.keys) for name in sorted({n for t in every for n in t.keys})}

    def _persons(self) -> int | None:
        """Distinct persons of the population who are in a row of any table."""
        known = [truth.who[""] for truth in self.tables.values() if "" in truth.who]
        return union(known) if known else None

    def _roles(self) -> dict[str, int]:
        """Distinct people and bodies by role; entities of one population are not counted twice."""
        groups: dict[str, dict[str, list[Distinct]]] = {}
        for truth in self.tables.values():
            for name, ids in truth.who.items():
                entity = self.leak.recipe.entities.get(name)
                if entity and entity.role:
                    source = "population" if entity.per in {"person", "head"} else name
                    groups.setdefault(entity.role, {}).setdefault(source, []).append(ids)
        return {role: sum(union(ids) for ids in sets.values()) for role, sets in sorted(groups.items())}

    def _table(self, name: str) -> dict[str, Any]:
        part, table = self._written[name], self.leak.worlds[name].table
        return {
            "name": name,
            **writers()[part.file.writer].tells(part.file, table),
            "entry": self._parts[name][0]["entry"],
            "parts": self._parts[name],
            "unit": table.unit or self.leak.recipe.unit,
            **self.tables[name].result(),
        }


def _total(counters: Iterable[Counter[str]]) -> Counter[str]:
    whole: Counter[str] = Counter()
    for counter in counters:
        whole.update(counter)
    return whole


def _valid(tables: dict[str, Truth], label: str) -> int:
    """Cells of a label; every one has its right key."""
    return sum(truth.filled[i] for truth in tables.values() for i in truth.of_label(label))


def _places(tables: list[Truth]) -> dict[str, Any]:
    """Rows by département for each basis, over the tables that tell one."""
    counts: dict[str, Counter[str]] = {}
    for truth in tables:
        for basis, told in truth.places().items():
            counts.setdefault(basis, Counter()).update({code: place["n"] for code, place in told["departments"].items()})
    return {
        basis: {"denominator": n.total(), "departments": dict(sorted(n.items(), key=lambda item: (-item[1], item[0])))}
        for basis, n in sorted(counts.items())
    }


def _file(path: Path, name: str, told: dict[str, Any]) -> dict[str, Any]:
    with path.open("rb") as stream:
        digest = sha256()
        while chunk := stream.read(1 << 20):
            digest.update(chunk)
    return {"path": name, "bytes": path.stat().st_size, "sha256": digest.hexdigest(), "status": "ok", **told}

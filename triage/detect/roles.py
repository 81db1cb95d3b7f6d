"""Whose data a column holds: from the words of its name, from codes at its ends, from the block it stands in.

Values: patient (the data subject, whatever the sector), practitioner, professional, relative, insured, account,
establishment, None.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from triage.detect.headers import tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

    from triage.detect.plan import ColumnPlan

# Words of a name, whole tokens.
_WORDS = tuple(
    (role, frozenset(words.split()))
    for role, words in (
        ("practitioner", "medecin docteur prescripteur praticien medecins doctor physician dr mt med medtrait chirurgien rpps adeli"),
        ("practitioner", "practitioner prescriber"),
        ("professional", "infirmier infirmiere preleveur ide sage kine pharmacien biologiste soignant intervenant agent vendeur"),
        (
            "relative",
            "pere mere parent parents conjoint conjointe epoux epouse tuteur urgence prevenir pers_prev confiance enfant mari spouse",
        ),
        ("insured", "assure assuree insured ouvrant souscripteur"),
        ("account", "compte user utilisateur account login"),
        ("professional", "conseiller employe employee"),
        ("relative", "father mother guardian emergency kin nok proche aidant representant legal"),
        ("establishment", "etablissement clinique hopital laboratoire labo societe entreprise mutuelle organisme structure employeur"),
        ("establishment", "caisse company hospital pharmacie banque facility"),
    )
)
# Codes by which old software begins or ends the short names of a block ("MPRNOM", "PRLTEL", "NASS", "CJD").
_ENDS = {
    "practitioner": ("mpr", "presc", "medt", "mtr", "prs"),
    "professional": ("prl", "prel", "ide", "inf"),
    "relative": ("cj", "conj", "cnj", "tut", "pap"),
    "insured": ("ass", "assu"),
    "establishment": ("mut", "amc", "labo", "etab", "clin", "hop"),
}
# An opaque name is one short word; longer ones are words of a language, whose ends mean nothing.
_OPAQUE = 7
_PLAIN = frozenset({"statut", "status", "assets", "ideal", "idees", "infos", "prelude"})
_OWN = {
    **dict.fromkeys(("rpps", "adeli", "practitioner", "specialty"), "practitioner"),
    **dict.fromkeys(("finess", "health_facility", "insurer", "company", "siret", "siren"), "establishment"),
    **dict.fromkeys(("login", "password", "password_hash"), "account"),
}
PERSON = frozenset({"nir", "ins", "last_name", "birth_name", "first_name", "full_name", "birth_date", "patient_id", "email", "login"})
_DATA_SUBJECT = PERSON | {"phone"}
_NEVER = frozenset({"empty", "unknown", "number", "code", "category", "boolean", "id", "uuid"})
# What may belong to the person or body named at the head of a block.
_MEMBERS = frozenset(
    {"first_name", "birth_name", "title", "sex", "address", "postal_code", "city", "country", "department", "insee_code", "phone", "email"}
    | {"rpps", "adeli", "finess", "siret", "specialty", "birth_date"}
)
_PLACES = frozenset({"address", "postal_code", "city", "phone", "email", "country"})
_HEADS = frozenset({"last_name", "full_name", "practitioner"})
_BODIES = frozenset({"insurer", "health_facility", "company"})
# A patient's own data, never that of the doctor who happens to stand beside.
_OF_SUBJECT = frozenset({"nir", "nir_key", "patient_id"})
# What those who care write is of the person in care: "Transmissions IDE", "Commentaire médecin".
_IN_CARE = frozenset({"health_text", "free_text", "message", "diagnosis", "allergy", "lab_result", "vital_sign", "blood_group"})
_CARING = frozenset({"practitioner", "professional", "establishment"})


def assign(columns: Sequence[ColumnPlan]) -> list[str | None]:
    """The role of each column, in order."""
    found = [_said(column) for column in columns]
    for block in _blocks(columns):
        role = _of_block(block, columns, found)
        for index in block:
            found[index] = found[index] or role or _alike(columns[index], columns[block[0]], found[block[0]])
    persons = any(c.label in _DATA_SUBJECT for c in columns)
    return [_own(column, role, persons=persons) for column, role in zip(columns, found, strict=True)]


def _said(column: ColumnPlan) -> str | None:
    """What the name says: whole words, else the ends of an opaque one."""
    words = tokens(column.name)
    # "MT_REMB" is an amount; who writes MT for the family doctor writes his name there.
    said = {*words, *map("_".join, pairwise(words))} - ({"mt"} if column.shape.numbers else set())
    for role, known in _WORDS:
        if known & said and not (role == "account" and column.label in _DATA_SUBJECT):
            return role
    whole = "".join(words)
    if len(words) == 1 and len(whole) <= _OPAQUE and whole not in _PLAIN and column.label not in _OF_SUBJECT:
        for role, ends in _ENDS.items():
            if any(whole.startswith(e) or (whole.endswith(e) and len(e) >= 3) for e in ends):  # noqa: PLR2004  # two letters end too many words
                return role
    return None


def _blocks(columns: Sequence[ColumnPlan]) -> list[list[int]]:
    """Runs of columns from a name of a person or body to the last that may belong to it."""
    blocks: list[list[int]] = []
    for column in columns:
        if column.label in _HEADS | _BODIES:
            blocks.append([column.index])
        elif blocks and column.label in _MEMBERS and column.index == blocks[-1][-1] + 1:
            blocks[-1].append(column.index)
    return blocks


def _alike(column: ColumnPlan, head: ColumnPlan, role: str | None) -> str | None:
    """The role of a block's head for a column that names the same owner: "Tél. resp. 1" below "Resp. légal 1"."""
    shared = set(tokens(column.name)) & set(tokens(head.name))
    return role if any(len(word) > 2 and word.isalpha() for word in shared) else None  # noqa: PLR2004  # short words and figures name nobody


def _of_block(block: list[int], columns: Sequence[ColumnPlan], found: list[str | None]) -> str | None:
    """The role of a block: its own numbers tell, else the words of its names, else a body that follows the subject's address."""
    labels = {columns[i].label for i in block}
    if labels & {"rpps", "adeli"}:
        return "practitioner"
    said = [found[i] for i in block if found[i]]
    if said and len(set(said)) == 1 and len(said) * 2 >= len(block):
        return said[0]
    body = columns[block[0]].label in _BODIES
    placed = any(c.label in _PLACES for c in columns[: block[0]])
    return "establishment" if body and placed else None


def _own(column: ColumnPlan, role: str | None, *, persons: bool) -> str | None:
    if column.label in _OWN:
        return _OWN[column.label]
    if column.label in _IN_CARE and role in _CARING:
        role = None
    if role or column.label in _NEVER:
        return role
    return "patient" if persons else None

"""HPRIM Médecin: letters and laboratory results as practices receive them, twelve lines about the patient above a text.

The lines: code, last name, first name, two of address, postal code and town, birth date, NIR, file number, date, sender,
addressee. Results stand as ``RES|label|code|type|value|unit|…`` between ``****LAB****`` and ``****FIN****``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from triage.readers.jsonscan import Values
from triage.readers.jsontable import Tables
from triage.readers.transcode import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triage.readers import Job, Made

READS = ("hprim_medecin",)
KIND = "hprim_medecin"
DESCRIPTION = "HPRIM Médecin: the patient, the text and the results of each letter"

_TOP = (
    ("code_patient", "nom", "prenom", "adresse", "adresse_2", "ville", "date_naissance", "nir", "numero_dossier", "date_examen"),
    ("expediteur", "destinataire"),
)
_RESULT = ("analyse", "code", "type", "resultat", "unite", "min", "max", "signe", "statut", "resultat_2", "unite_2", "min_2", "max_2")
_ENDS = ("****FIN****", "****FINFICHIER****")


def segments(job: Job) -> Iterator[Made]:
    """The letters as one table, their results as another."""
    limits = job.options.limits
    text = Text(job.entry.open(limits), job.shape)
    body = text.read(limits.record_bytes)
    while len(body) < limits.record_bytes and (more := text.read(limits.record_bytes)):
        body += more
    tables = Tables(job)
    letters, results = [], []
    for lines in _letters(body.decode("utf-8", "replace").splitlines()):
        letter, found = _letter(lines)
        letters.append(letter)
        results += found
    yield from tables.add("letters", Values(letters, len(body), plain=False))
    if results:
        yield from tables.add("results", Values(results, len(body), plain=False))
    yield from tables.rest()
    if text.read(1):
        job.entry.problems["record_too_long"] += 1


def _letters(lines: list[str]) -> Iterator[list[str]]:
    held: list[str] = []
    for line in lines:
        if line.strip() in _ENDS:
            if any(held):
                yield held
            held = []
        else:
            held.append(line.strip())
    if any(held):
        yield held


def _letter(lines: list[str]) -> tuple[dict[str, str], list[dict[str, str]]]:
    start = next(i for i, line in enumerate(lines) if line)
    top = lines[start : start + 12]
    letter = dict(zip(_TOP[0] + _TOP[1], top, strict=False))
    postal, _, town = letter.get("ville", "").partition(" ")
    if postal.isdigit():
        letter |= {"code_postal": postal, "ville": town}
    for name in _TOP[1]:
        letter[name] = letter.get(name, "")[10:].strip() or letter.get(name, "")
    below = lines[start + 12 :]
    results = [dict(zip(_RESULT, line.split("|")[1:], strict=False)) for line in below if line.startswith("RES|")]
    letter["texte"] = "\n".join(line for line in below if line and not line.startswith(("RES|", "****")))
    return letter, results

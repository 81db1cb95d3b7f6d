"""HPRIM Santé 2.x: what laboratories and hospitals send to practices; segments H, P, OBR, OBX … as in ASTM E1238."""

from __future__ import annotations

from typing import TYPE_CHECKING

from triage.readers import messages

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triage.readers import Job, Made

READS = ("hprim",)
KIND = "hprim"
DESCRIPTION = "HPRIM Santé 2.x messages: a table for each kind of segment (P, OBR, OBX …)"

NAMES = {
    ("P", 2, 1): "patient_id",
    ("P", 3, 1): "laboratory_id",
    ("P", 5, 1): "nom",
    ("P", 5, 2): "prenom",
    ("P", 5, 3): "second_prenom",
    ("P", 5, 5): "civilite",
    ("P", 6, 1): "nom_naissance",
    ("P", 7, 1): "date_naissance",
    ("P", 8, 1): "sexe",
    ("P", 10, 1): "adresse",
    ("P", 10, 2): "adresse_2",
    ("P", 10, 3): "ville",
    ("P", 10, 4): "departement",
    ("P", 10, 5): "code_postal",
    ("P", 11, 1): "ins",
    ("P", 12, 1): "telephone",
    ("P", 13, 1): "medecin_id",
    ("P", 13, 2): "medecin_nom",
    ("P", 13, 3): "medecin_prenom",
    ("P", 18, 0): "diagnostic",
    ("P", 26, 1): "cim10",
    ("AP", 2, 1): "nir",
    ("OBR", 4, 1): "examen_code",
    ("OBR", 4, 2): "examen",
    ("OBR", 7, 1): "date_prelevement",
    ("OBR", 16, 1): "prescripteur_id",
    ("OBR", 16, 2): "prescripteur_nom",
    ("OBR", 16, 3): "prescripteur_prenom",
    ("OBX", 3, 1): "analyse_code",
    ("OBX", 3, 2): "analyse",
    ("OBX", 5, 0): "valeur_resultat",
    ("OBX", 6, 1): "unite",
    ("OBX", 7, 0): "valeurs_normales",
    ("OBX", 14, 1): "date_resultat",
    ("C", 3, 0): "commentaire",
}
_LAYOUT = messages.Layout("H", (0, 1, 2, 3), NAMES, "P", append="A")


def segments(job: Job) -> Iterator[Made]:
    """The segments of all tables, one table for each kind of segment."""
    return messages.segments(job, _LAYOUT)

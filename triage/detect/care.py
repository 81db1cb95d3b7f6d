"""Whether a table speaks of care: a date is an appointment with a doctor, a height a vital sign, only where it does.

Estate agents, garages and social workers have appointments too, and a football team is listed with its heights.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from triage.detect.headers import tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from triage.detect.plan import ColumnPlan

# What is said of one who is treated, or of where and by whom. Numbers of social security and insurers are in other files too.
_LABELS = frozenset(
    {
        "practitioner",
        "rpps",
        "adeli",
        "finess",
        "specialty",
        "health_facility",
        "blood_group",
        "allergy",
        "optical_correction",
        "lab_result",
    }
    | {"drug", "prescription", "posology", "diagnosis", "medical_act", "health_text"}
)
# What only persons have; establishments have telephones and mail addresses too.
_PERSONS = frozenset(
    {"first_name", "last_name", "full_name", "birth_name", "birth_date", "sex", "title", "age", "nir", "ins", "patient_id"}
)
# Beginnings of words of names: "patient_id", "medecinTraitant", "hospitalisation".
_WORDS = (
    "patient", "medecin", "medic", "docteur", "doctor", "physician", "praticien", "practitioner", "prescri", "chirurg",
    "surg", "infirmi", "nurse", "kine", "dentist", "hopita", "hospita", "cliniq", "clinic", "sante", "health", "soin",
    "maladi", "disease", "patholog", "ordonnanc", "vaccin", "symptom", "allerg", "arteriel", "systol", "diastol", "spo2",
    "glycemi", "cholester", "paciente", "salud", "arzt", "klinik", "kranken",
)  # fmt: skip
_WHOLE = frozenset({"ipp", "mrn", "imc", "bmi", "ald", "rpps", "finess"})


def spoken(columns: Iterable[ColumnPlan]) -> bool:
    """Whether a label or a name of the table is of care."""
    return any(c.shape.filled and (c.label in _LABELS or _named(c.name)) for c in columns)


def places(columns: Sequence[ColumnPlan]) -> bool:
    """Whether the rows are places and nobody's: they have coordinates, and nothing that persons have beside a telephone."""
    held = {c.label for c in columns}
    return "lat_long" in held and not held & _PERSONS


def _named(name: str) -> bool:
    return any(word in _WHOLE or word.startswith(_WORDS) for word in tokens(name))

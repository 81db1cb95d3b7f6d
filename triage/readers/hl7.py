"""HL7 v2 messages: ADT, ORU, ORM, SIU … in files of one or many, framed or not (HL7 v2.5.1, IHE PAM France)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from triage.readers import messages

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triage.readers import Job, Made

READS = ("hl7",)
KIND = "hl7"
DESCRIPTION = "HL7 v2 messages: a table for each kind of segment (PID, PV1, OBX …)"

_PERSON = {1: "last_name", 2: "first_name", 3: "second_name", 5: "title"}
_DOCTOR = {1: "doctor_id", 2: "doctor_last_name", 3: "doctor_first_name"}
_PLACE = {1: "address", 2: "address_2", 3: "city", 4: "region", 5: "postal_code", 6: "country"}


def _parts(segment: str, field: int, names: dict[int, str], before: str = "") -> dict[tuple[str, int, int], str]:
    return {(segment, field, part): before + name for part, name in names.items()}


NAMES = {
    ("MSH", 7, 1): "message_date_time",
    **_parts("PID", 3, {1: "patient_id", 4: "authority", 5: "kind_of_id"}),
    **_parts("PID", 5, _PERSON),
    **_parts("PID", 11, _PLACE),
    **_parts("PID", 13, {1: "phone", 4: "email", 12: "phone_number"}),
    **_parts("PID", 14, {1: "phone_work", 4: "email_work", 12: "phone_work_number"}),
    **_parts("PID", 18, {1: "account_number"}),
    **_parts("PID", 6, {1: "mother_maiden_name"}),
    ("PID", 7, 1): "birth_date",
    ("PID", 8, 1): "sex",
    ("PID", 16, 1): "marital_status",
    ("PID", 17, 1): "religion",
    ("PID", 19, 1): "ssn",
    ("PID", 23, 0): "birth_place",
    ("PID", 30, 1): "death_indicator",
    **_parts("NK1", 2, _PERSON, "relative_"),
    **_parts("NK1", 4, _PLACE, "relative_"),
    ("NK1", 5, 1): "relative_phone",
    **_parts("PV1", 7, _DOCTOR, "attending_"),
    **_parts("PV1", 8, _DOCTOR, "referring_"),
    **_parts("PV1", 9, _DOCTOR, "consulting_"),
    ("PV1", 19, 1): "visit_number",
    ("PV1", 44, 1): "admission_date",
    ("PV1", 45, 1): "discharge_date",
    **_parts("IN1", 16, _PERSON, "insured_"),
    ("IN1", 36, 1): "policy_number",
    **_parts("OBR", 4, {1: "exam_code", 2: "exam"}),
    **_parts("OBR", 16, _DOCTOR, "ordering_"),
    ("OBR", 7, 1): "exam_date",
    **_parts("OBX", 3, {1: "observation_code", 2: "observation"}),
    ("OBX", 5, 0): "observation_value",
    ("OBX", 6, 1): "unit",
    ("OBX", 7, 1): "reference_range",
    ("OBX", 14, 1): "observation_date",
    **_parts("DG1", 3, {1: "diagnosis_code", 2: "diagnosis"}),
    **_parts("AL1", 3, {1: "allergy_code", 2: "allergy"}),
    **_parts("RXE", 2, {1: "drug_code", 2: "drug"}),
    **_parts("RXO", 1, {1: "drug_code", 2: "drug"}),
    ("NTE", 3, 0): "comment",
}
_LAYOUT = messages.Layout("MSH", (0, 1, 2, 3), NAMES, "PID")


def segments(job: Job) -> Iterator[Made]:
    """The segments of all tables, one table for each kind of segment."""
    return messages.segments(job, _LAYOUT)

"""The result of a run as plain data: the shape of impact.json.

Every figure a report prints is a field here, so that a reader can recompute each sentence from the file.
Rates are 0-1 with full precision, counts are integers, ``None`` means "not determined", and a suppressed
figure has ``n`` and ``share`` set to ``None`` and ``suppressed`` true.
Types are msgspec structs: the JSON Schema shipped with the package is generated from this module.
"""

from __future__ import annotations

from typing import Literal

from triage.model.base import Band, Coherence, Confidence, Figure, FileStatus, Struct
from triage.model.figures import (
    Algorithm,
    Claim,
    Contact,
    Credentials,
    EmailDomain,
    FieldsPerRow,
    Financial,
    Health,
    Keyed,
    Persons,
    RolePersons,
    Scaled,
    Size,
    Theme,
    TypeCount,
    Unique,
)
from triage.model.findings import (
    AgeBand,
    Authenticity,
    Check,
    Clue,
    Combination,
    Commune,
    DateField,
    Demographics,
    FilePeriod,
    Geography,
    MonthCount,
    Organisations,
    Origin,
    Overlap,
    Period,
    Place,
    SchemaBreak,
    Sequence,
)
from triage.model.judgement import (
    Aepd,
    Breach,
    Cnil,
    Distribution,
    Duties,
    Enisa,
    EnisaFlags,
    Hibp,
    Limit,
    ProblemCount,
    Risk,
    Sentence,
    Severity,
    Summary,
)
from triage.model.source import Candidate, Column, Estimate, FileProblem, FormatCount, InputFile, Inputs, Lines, Part, Reason, Table, Tool

__all__ = [
    "SCHEMA_VERSION",
    "Aepd",
    "AgeBand",
    "Algorithm",
    "Authenticity",
    "Band",
    "Breach",
    "Candidate",
    "Check",
    "Claim",
    "Clue",
    "Cnil",
    "Coherence",
    "Column",
    "Combination",
    "Commune",
    "Confidence",
    "Contact",
    "Credentials",
    "DateField",
    "Demographics",
    "Distribution",
    "Duties",
    "EmailDomain",
    "Enisa",
    "EnisaFlags",
    "Estimate",
    "FieldsPerRow",
    "Figure",
    "FilePeriod",
    "FileProblem",
    "FileStatus",
    "Financial",
    "FormatCount",
    "Geography",
    "Health",
    "Hibp",
    "InputFile",
    "Inputs",
    "Keyed",
    "Limit",
    "Lines",
    "MonthCount",
    "Organisations",
    "Origin",
    "Overlap",
    "Part",
    "Period",
    "Persons",
    "Place",
    "ProblemCount",
    "Reason",
    "Result",
    "Risk",
    "RolePersons",
    "Scaled",
    "SchemaBreak",
    "Sentence",
    "Sequence",
    "Severity",
    "Size",
    "Struct",
    "Summary",
    "Table",
    "Theme",
    "Tool",
    "TypeCount",
    "Unique",
]

SCHEMA_VERSION = "1.0"


class Result(Struct, frozen=True, kw_only=True):
    """Everything one run established."""

    schema_version: str
    language: Literal["fr", "en"]
    tool: Tool
    inputs: Inputs
    tables: tuple[Table, ...]
    columns: tuple[Column, ...]
    size: Size
    claims: tuple[Claim, ...]
    types: tuple[TypeCount, ...]
    absent: tuple[str, ...]
    health: Health
    credentials: Credentials
    financial: Financial
    contact: Contact
    period: Period
    geography: tuple[Geography, ...]
    demographics: Demographics
    combinations: tuple[Combination, ...]
    origin: Origin
    authenticity: Authenticity
    overlap: tuple[Overlap, ...]
    severity: Severity
    risks: tuple[Risk, ...]
    duties: Duties
    limits: tuple[Limit, ...]
    open_questions: tuple[str, ...]
    summary: Summary
    hibp: Hibp
    problems: tuple[ProblemCount, ...]

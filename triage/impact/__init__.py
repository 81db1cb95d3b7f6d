"""From a case to its figures: one module a section of impact.json."""

from triage.impact.build import build
from triage.impact.case import Case, CaseTable

__all__ = ["Case", "CaseTable", "build"]

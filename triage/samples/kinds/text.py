"""Free text."""

from __future__ import annotations

import polars as pl

from triage.samples import texts
from triage.samples.cast import Who
from triage.samples.kinds import kind
from triage.samples.recipe import Column


@kind("text", label="free_text")
def text(who: Who, column: Column) -> pl.Series:
    """Sentences of the recipe's ``text``, drawn under a ``key`` that columns may share to speak of the same words."""
    return texts.told(who, column).cells

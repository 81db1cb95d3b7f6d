"""What clinical documents hold besides their own text: a letter as PDF, pictures, files."""

from __future__ import annotations

import io
from functools import partial
from typing import TYPE_CHECKING

from triage import cda

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triage.entry import Entry
    from triage.options import Options

READS = ("cda",)
DESCRIPTION = "the files that CDA documents hold"
READ_TOO = True


def members(entry: Entry, options: Options) -> Iterator[Entry]:
    """What the document holds in base64, in its order."""
    for name, data in cda.enclosed(cda.document(entry, options.limits)):
        yield entry.member(name, partial(io.BytesIO, data), size=len(data))

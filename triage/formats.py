"""The kinds of files that are read, as ``triage formats`` and the documentation list them."""

from __future__ import annotations

FORMATS = {
    "csv": "delimited text: any delimiter and quoting, a header or none; UTF-8, UTF-16, cp1252 and other single-byte encodings",
    "text": "other text, one row a line",
}
"""Kind, as in ``inputs.files[].kind``, to what it covers."""

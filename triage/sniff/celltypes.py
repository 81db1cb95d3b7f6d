"""The coarse type of a cell: enough to tell a good split from a bad one, and a header from a row.

These are looks, not verdicts: labels are judged elsewhere, by rules. Every repetition knows its end from its first
character: what two of them could share, a hostile cell of five hundred digits would share out for minutes.
"""

from __future__ import annotations

import re
from functools import lru_cache

_DATE = r"(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2})|\d{1,2}[ -][A-Za-zéû]{3,9}\.?[ -](?:\d{4}|\d{2}))"
_TIME = r"\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?: ?[AaPp][Mm])?(?:Z| ?[+-]\d{2}:?\d{2}| UTC)?"
_TYPES = (
    ("number", re.compile(r"[+-]?(?:\d+|\d{1,3}(?:[ \u00a0\u202f.,']\d{3})+)(?:[.,]\d+)?(?:[eE][+-]?\d+)?|[+-]?[.,]\d+(?:[eE][+-]?\d+)?")),
    ("amount", re.compile(r"[-+(]?[$€£¥]? ?[+-]?\d[\d ,.\u00a0\u202f]*(?: ?(?:[€$£%]|EUR|USD|k€))?\)?")),
    ("date", re.compile(rf"{_DATE}(?:[T ]{_TIME})?")),
    ("time", re.compile(_TIME)),
    ("email", re.compile(r"[\w.+%'-]+@[\w-]+(?:\.[\w-]+)+")),
    ("phone", re.compile(r"(?:\+|00)\d{1,3}(?:[ .-]?\(?\d\)?){3,20}|0[1-9](?:[ .-]?\d{2}){4}|\(\d{3}\) ?\d{3}-\d{4}")),
    ("url", re.compile(r"(?:https?|ftp|s3)://\S+|www\.\S+\.\S+", re.IGNORECASE)),
    ("ip", re.compile(r"\d{1,3}(?:\.\d{1,3}){3}(?:/\d{1,2})?")),
    ("uuid", re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)),
    ("hash", re.compile(r"[0-9a-f]{32,128}", re.IGNORECASE)),
    ("iban", re.compile(r"[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?")),
    ("bool", re.compile(r"true|false|vrai|faux|oui|non|yes|no", re.IGNORECASE)),
    ("nothing", re.compile(r"-+|\?|\*|n/?[ad]|null|none|nan|\\N", re.IGNORECASE)),
    ("json", re.compile(r"\{.*\}|\[.*\]", re.DOTALL)),
    ("word", re.compile(r"(?=[\d_-]*+[^\W\d_])[\w-]+")),
    ("words", re.compile(r"[\w(&#@/'\u2019«][\w ()'’&/.+°#*:!?«»%@=-]*")),
)
# What a cell rarely holds unless it was split wrongly: delimiters without a space after them, quotes at its ends.
_DIRTY = re.compile(r"[;|](?! |$)|\t|^\"|\"$|^'[^']*$|^[^']*'$|,\S.*,\S")
TYPED = frozenset({"number", "amount", "date", "time", "email", "phone", "url", "ip", "uuid", "hash", "iban", "bool"})
# Types a header's cell cannot have. Numbers are absent: years and days head columns.
DATA = frozenset({"date", "time", "email", "phone", "url", "ip", "uuid", "hash", "iban"})
HEADER_WORDS = frozenset(
    """
    id nom name prenom first last firstname lastname date code type ville city cp adresse address mail email courriel tel
    telephone phone age sexe sex gender libelle label title titre statut status url pays country region departement
    numero number num no ref reference montant amount price prix total count nb year annee month mois day jour time
    heure description comment commentaire user username login password latitude longitude lat lon value valeur key
    category categorie zip postal company societe siret siren nir iban birth naissance created updated
    """.split()  # noqa: SIM905 - a list of ninety words reads better as text
)
_TOKEN = re.compile(r"[A-Za-zÀ-ÿ]+")
_GIANT = 2000


@lru_cache(maxsize=65_536)
def of(cell: str) -> str:
    """The type of a trimmed cell: ``empty``, one of the table above, ``text``, or ``dirty`` (looks badly split).

    ``of("12,5")`` is ``number``; ``of('5;2')`` is ``dirty``.
    """
    if not cell:
        return "empty"
    if len(cell) > _GIANT:
        return "text"
    for name, pattern in _TYPES:
        if pattern.fullmatch(cell):
            return name
    torn = any(cell.count(a) != cell.count(b) for a, b in ("()", "[]", "{}"))
    return "dirty" if torn or _DIRTY.search(cell) else "text"


def speaks(cell: str) -> bool:
    """Whether the cell uses words of headers, or is written as programs write names: ``birthDate``, ``code_insee``."""
    tokens = {t.lower() for t in _TOKEN.findall(cell)}
    return bool(tokens & HEADER_WORDS) or re.fullmatch(r"[a-z]+(?:[A-Z][a-z]+)+|\w[^\W_]*_\w+", cell) is not None

"""Lists of credentials, told from other text by their lines: combo lists and the logs of password stealers.

A combo list is ``mail:password`` or ``url:login:password``, a line each. Where every line has the same number of colons
above one, the list is delimited text like any other (``mail:hash:salt``), and is left to it.
"""

from __future__ import annotations

import re

MAIL = r"[^\s:,;|\t]+@[^\s:,;|@]+\.\w+"
URL = r"(?:[a-z][a-z0-9+.-]*://[^\s:/|;]+(?::\d{1,5})?(?:/[^\s:|;]*)?)"
FORMS = {
    "combo_mail": re.compile(rf"({MAIL}):(\S.*)"),
    "combo_url": re.compile(rf"({URL})[: |;]([^\s:|;]+)[:|;](\S.*)", re.IGNORECASE),
}
KEYS = {
    "url": r"url|host|hostname|site|website|origin",
    "login": r"user ?name|user ?login|user|login|e-?mail|username",
    "password": r"password|pass|user ?password|pwd",
    "software": r"soft(?:ware)?|browser|application|app|profile|storage",
}
KEYED = re.compile(r"[ \t]*(?P<key>" + "|".join(KEYS.values()) + r")[ \t]*:(?P<value>[^\n]*)", re.IGNORECASE)
_ENDS = re.compile(r"\r\n|\r|\n")
_ENOUGH, _SHARE, _SAMPLE = 3, 0.9, 2000
# Separators of an address, a login and a password.
_CELLS = 2


def of(text: str) -> str | None:
    """``combo_mail``, ``combo_url`` or ``stealer``; None for any other text. The last line may be cut and is left out."""
    lines = _ENDS.split(text, _SAMPLE)
    filled = [line for line in (lines[:-1] if len(lines) > _ENOUGH else lines) if line.strip()]
    if len(filled) < _ENOUGH:
        return None
    if _stealer(filled):
        return "stealer"
    for name, form in FORMS.items():
        if sum(form.fullmatch(line) is not None for line in filled) >= _SHARE * len(filled):
            colons = {line.count(":") for line in filled}
            if name == "combo_url":
                return None if any(_tabular(filled, sign) for sign in ";|") else name
            return name if len(colons) > 1 or colons == {1} else None
    return None


def _tabular(lines: list[str], sign: str) -> bool:
    """Whether the lines are records of more than three cells: a table may begin with an address of the web too."""
    counts = [line.count(sign) for line in lines]
    return min(counts) > _CELLS and counts.count(counts[0]) >= _SHARE * len(counts)


def _stealer(lines: list[str]) -> bool:
    """Whether an address, a login and a password come in turn, a line each, under names of fields."""
    keys = [found["key"].lower() for line in lines if (found := KEYED.fullmatch(line))]
    passwords = [k for k in keys if re.fullmatch(KEYS["password"], k)]
    logins = [k for k in keys if re.fullmatch(KEYS["login"], k)]
    few = min(len(passwords), len(logins))
    return (
        few > 0
        and abs(len(passwords) - len(logins)) <= 1
        and len(keys) * 2 >= len(lines)
        and any(re.fullmatch(KEYS["url"], k) for k in keys)
    )

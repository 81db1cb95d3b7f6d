"""The values options take, from the text a user types. Every fault is a ValueError that says what was expected."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias, TypedDict

from triage.limits import Limits
from triage.options import Context, Options, Reading

if TYPE_CHECKING:
    from triage.model import Band

Language: TypeAlias = Literal["fr", "en"]

UNITS = ("rows", "persons", "patients", "accounts", "contracts", "appointments", "emails")
ROLES = ("seller", "organisation", "press")


def claim(text: str) -> tuple[int, str, str, str]:
    """``323069:patients:Dumpsec:seller``: how many, of what, who says so, and as what (a seller if not told).

    What was announced stands in the summary beside what is measured, in the words of who announced it.
    """
    parts = text.split(":")
    count, unit, who, role = (*parts, ROLES[0])[:4] if len(parts) in {3, 4} else ("", "", "", "")
    if not count.isdecimal() or unit not in UNITS or not who.strip() or role not in ROLES:
        raise ValueError(f"expected N:UNIT:WHO[:ROLE], UNIT one of {', '.join(UNITS)}, ROLE one of {', '.join(ROLES)}")
    return int(count), unit, who.strip(), role


def limit(text: str) -> tuple[str, int]:
    """``cell_bytes=131072``: a known limit and its value, 1 or more."""
    name, _, number = text.partition("=")
    if not number.isdecimal() or int(number) < 1:
        raise ValueError("expected NAME=VALUE with a whole number from 1")
    try:
        Limits().with_values({name: int(number)})
    except KeyError:
        raise ValueError("no limit has this name; docs/limits.md lists them") from None
    return name, int(number)


def encoding(text: str) -> str:
    """A text encoding by any name Python knows it under (``latin-1``; not ``rot13``, which decodes no bytes)."""
    try:
        "".encode(text)
    except LookupError:
        raise ValueError("unknown encoding; for example utf-8, cp1252, utf-16-le") from None
    return text


def delimiter(text: str) -> str:
    r"""One character or several; ``tab`` and ``\t`` are the tabulation, which shells make hard to type."""
    if text in {"tab", "\\t"}:
        return "\t"
    if not text or set(text) & {"\n", "\r", '"'}:
        raise ValueError("expected characters that neither end a line nor quote a cell")
    return text


def quote(text: str) -> str:
    """One character; ``none`` (no cell is quoted) is the empty string."""
    if text == "none":
        return ""
    if len(text) != 1:
        raise ValueError("expected one character, or none")
    return text


class Scan(TypedDict):
    """What the options of ``triage scan`` give, by their names."""

    output: Path | None
    formats: tuple[str, ...]
    language: Language
    excel: bool
    quiet: bool
    encoding: str | None
    delimiter: str | None
    quote: str | None
    header: bool | None
    follow: bool
    rules: tuple[Path, ...]
    only: tuple[str, ...]
    excluded: tuple[str, ...]
    allowed: tuple[str, ...]
    password_file: Path | None
    claims: tuple[tuple[int, str, str, str], ...]
    exposure: Literal["unknown", "known", "public", "none"]
    malicious: bool
    controller: Literal["health", "bank", "none"]
    date: datetime | None
    jobs: int
    resume: bool
    key_file: Path | None
    sample: int | None
    require_sandbox: bool
    no_sandbox: bool
    verify: bool
    limits: tuple[tuple[str, int], ...]
    fail_on: Band | None
    skip_unreadable: bool
    debug: bool


def _passwords(path: Path | None) -> tuple[str, ...]:
    """One password a line; blanks at its ends may belong to it, the line end does not."""
    if path is None:
        return ()
    lines = path.read_text("utf-8", "surrogateescape").split("\n")
    return tuple(dict.fromkeys(line for text in lines if (line := text.removesuffix("\r"))))


def options(given: Scan) -> Options:
    """What the scan itself is asked; the others say what is done with its result."""
    day = given["date"]
    return Options(
        language=given["language"],
        reading=Reading(given["encoding"], given["delimiter"], given["quote"], given["header"]),
        context=Context(given["exposure"], given["malicious"], given["controller"], day.date() if day else None, given["claims"]),
        limits=Limits().with_values(dict(given["limits"])),
        rules=given["rules"],
        only=frozenset(given["only"]),
        excluded=frozenset(given["excluded"]),
        allowed=frozenset(given["allowed"]),
        passwords=_passwords(given["password_file"]),
        follow=given["follow"],
        verify=given["verify"],
        jobs=given["jobs"],
        sample=given["sample"],
        isolation="required" if given["require_sandbox"] else "none" if given["no_sandbox"] else "best",
    )

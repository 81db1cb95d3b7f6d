"""cnil.md: the CNIL's notification form in its own order and lists, filled in as far as the files tell.

A ticked box (``[x]``) follows from the files, ``[?]`` from an assumption of the examination; what only the controller
knows is left blank and marked. Lists as coded in the télé-service (MADIS, March 2024).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from triage import text
from triage.report.sections import Words
from triage.report.to_markdown import escape
from triage.summary import sample

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from triage.model import Result
    from triage.report import Style

FILE = "cnil.md"
_SURE = 1.0  # ENISA's ease of identification: the row designates a person
_ANNEX = ("S0", "S1", "S2", "S3", "S4", "S5", "S6", "S10")

# What a risk of the result is called in the form's list of consequences.
_CONSEQUENCES = {
    "identity_theft": ("identity_theft",), "phishing": ("fraud",), "blackmail": ("reputation",), "direct_debits": ("fraud", "financial"),
    "card_fraud": ("fraud", "financial"), "false_prescriptions": ("fraud",), "password_reuse": ("fraud",),
}  # fmt: skip


def render(result: Result, style: Style) -> str:
    """Markdown with task lists."""
    return "\n".join(_lines(result, Words(result, style.language))) + "\n"


def _lines(result: Result, words: Words) -> Iterator[str]:
    yield f"# {escape(words.said('form', 'title'))}\n"
    yield f"> {escape(words.said('form', 'note'))}\n"
    for name, part in _PARTS.items():
        yield f"## {escape(words.said('form_section', name))}\n"
        yield from part(result, words)
        yield ""


def _blank(words: Words, *fields: str) -> Iterator[str]:
    for field in fields:
        yield f"{_field(words, field)}**[{escape(words.said('form', 'blank'))}]**"


def _told(words: Words, field: str, value: str) -> str:
    return _field(words, field) + escape(value)


def _field(words: Words, field: str) -> str:
    return f"- {escape(words.said('form_field', field))}{text.NBSP if words.language == 'fr' else ''}: "


def _boxes(words: Words, table: str, sure: Iterable[str], assumed: Iterable[str] = ()) -> Iterator[str]:
    """A closed list of the form; an assumption says that it is one."""
    for key, said in words.table(table).items():
        if key in sure:
            yield f"- [x] {escape(said)}"
        elif key in assumed:
            yield f"- [?] {escape(said)} ({escape(words.said('form', 'assumed'))})"
        else:
            yield f"- [ ] {escape(said)}"


def _notification(_: Result, words: Words) -> Iterator[str]:
    yield from _blank(words, "kind", "delay")


def _controller(_: Result, words: Words) -> Iterator[str]:
    yield from _blank(words, "identity", "dpo", "processors")


def _nature(_: Result, words: Words) -> Iterator[str]:
    """What lies in a file that others hold has lost its confidentiality; the rest cannot be seen in it."""
    yield from _boxes(words, "form_nature", ("confidentiality",))
    yield from _blank(words, "certainty", "discovered", "started", "ended", "circumstances")


def _origin(result: Result, words: Words) -> Iterator[str]:
    malicious = result.severity.enisa.cb.malicious > 0
    yield from _boxes(words, "form_origin", (), ("hacking",) if malicious else ())
    yield ""
    yield from _boxes(words, "form_cause", (), ("external_malicious",) if malicious else ("unknown",))


def _data(result: Result, words: Words) -> Iterator[str]:
    found = result.duties
    yield from _boxes(words, "form_data", found.cnil_categories or ("non_connues",))
    yield _told(words, "sensitive", words.said("form", "yes" if found.art9 or found.art10 else "no"))
    yield _told(words, "records", words.say("basis", {"by": sample.total(result)}))


def _people(result: Result, words: Words) -> Iterator[str]:
    """Who they are is the controller's to say; patients and minors show in the data."""
    patients = "sante" in result.duties.cnil_categories
    sure = ["minors"] if result.demographics.minors else []
    yield from _boxes(words, "form_people", sure, ("patients",) if patients else ("undetermined",))
    persons = result.size.persons
    if persons.estimate is None or sample.taken(result):
        yield from _blank(words, "persons")
    else:
        about = "" if persons.exact else words.said("form", "about") + " "
        n = persons.estimate if persons.exact else text.about(persons.estimate)
        yield _told(words, "persons", about + text.number(n, words.language))
    yield _told(words, "identifiable", words.said("form", "yes" if result.severity.enisa.ei >= _SURE else "no"))


def _consequences(result: Result, words: Words) -> Iterator[str]:
    found = {"control"} | {c for risk in result.risks for c in _CONSEQUENCES.get(risk.id, ())}
    if result.health.rows_with_mention or result.health.prescription.n:
        found.add("secrecy")
    yield from _boxes(words, "form_consequence", found if result.types else ())
    yield ""
    yield from _boxes(words, "form_severity", (str(result.severity.cnil.level),) if result.types else ())


def _measures(result: Result, words: Words) -> Iterator[str]:
    yield _told(words, "intelligible", words.said("form", "yes" if result.severity.enisa.flags.unintelligible else "no"))
    yield from _blank(words, "before", "after")


def _information(_: Result, words: Words) -> Iterator[str]:
    yield from _boxes(words, "form_information", ())
    yield from _blank(words, "informed", "how")


def _authorities(_: Result, words: Words) -> Iterator[str]:
    yield from _blank(words, "cert_sante", "others")


def _facts(_: Result, words: Words) -> Iterator[str]:
    for key, said in words.sentences():
        if key.partition(".")[0] in _ANNEX:
            yield f"- {escape(said)}"


_PARTS: dict[str, Callable[[Result, Words], Iterator[str]]] = {
    "notification": _notification,
    "controller": _controller,
    "nature": _nature,
    "origin": _origin,
    "data": _data,
    "people": _people,
    "consequences": _consequences,
    "measures": _measures,
    "information": _information,
    "authorities": _authorities,
    "facts": _facts,
}

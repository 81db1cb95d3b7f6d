"""What the text and Markdown reports share: sections of sentences, rows of the column table, problems in words."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from triage import text
from triage.problems import PROBLEMS
from triage.summary import sample, titles
from triage.summary.voice import Voice

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from triage.model import Column, ProblemCount, Result, Table
    from triage.summary.figures import Decimal, Value
    from triage.text import Language

HEADLINE = "S0"
MANY = 6  # a section of so many sentences is a list: one a line
HEAD = ("index", "name", "label", "role", "filled", "valid", "confidence")


class Section(NamedTuple):
    """A heading and its sentences; the headline has no heading."""

    heading: str
    sentences: tuple[str, ...]


class Trouble(NamedTuple):
    """A problem in words: how many times, what it means, what to do."""

    times: str
    meaning: str
    remedy: str


class Words:
    """The words of a report around its sentences, in one language."""

    def __init__(self, result: Result, language: Language) -> None:
        self._result = result
        self._language = language
        self._voice = Voice(language, titles.shipped())

    @property
    def language(self) -> Language:
        """The language of the report."""
        return self._language

    def say(self, key: str, values: Mapping[str, Value]) -> str:
        """A template of the language file with its values."""
        return self._voice.say(key, values)

    def say_or(self, key: str, values: Mapping[str, Value], other: str) -> str:
        """A template with its values; ``other``, made safe, where the language file lacks it or a value of it is not there."""
        try:
            return self._voice.say(key, values)
        except KeyError:
            return text.safe_name(other.replace("_", " "))

    def table(self, name: str) -> dict[str, str]:
        """A closed list of the language file, in its order."""
        return self._voice.table(name)

    def title(self, label: str) -> str:
        """The name of a label."""
        return self._voice.title(label)

    def said(self, table: str, key: str) -> str:
        """A word of the language file."""
        return self._voice.word(table, key)

    def fill(self, table: str, key: str, **values: str) -> str:
        """A word of the language file with what stands in its braces."""
        return self._voice.word(table, key).format(**values)

    def theme(self, name: str) -> str:
        """The name of a health theme."""
        return self._voice.theme(name)

    def decimal(self, value: Decimal) -> str:
        """A number with its decimals."""
        return text.decimal(value.x, value.places, self._language)

    def headline(self) -> str:
        """The first sentence; nothing where the result has no summary."""
        return next((s.sentences[0] for s in self._grouped() if s.heading == HEADLINE), "")

    def sections(self) -> Iterator[Section]:
        """The other sentences under their headings, in the order of the summary."""
        for section in self._grouped():
            if section.heading != HEADLINE:
                yield Section(self.said("section", section.heading), section.sentences)

    def sentences(self) -> Iterator[tuple[str, str]]:
        """Every sentence with its id."""
        summary = self._result.summary
        for sentence in summary.fr if self._language == "fr" else summary.en:
            yield sentence.id, text.inert(sentence.text)

    def _grouped(self) -> Iterator[Section]:
        for name, group in groupby(self.sentences(), key=lambda s: s[0].partition(".")[0]):
            yield Section(name, tuple(said for _, said in group))

    def tables(self) -> Iterator[tuple[str, list[tuple[str, ...]]]]:
        """Each table's caption and the rows of its columns, as ``HEAD`` names them."""
        for table in self._result.tables:
            rows = [self._row(c) for c in self._result.columns if c.table == table.index]
            yield self.caption(table), rows

    def caption(self, table: Table) -> str:
        """Number, name inside a container where there is one, rows; never the file's name."""
        name = text.safe_header(table.table) if table.table else ""
        number = f"{self.said('heading', 'table')} {table.index + 1}"
        rows = f"{self.say('basis', {'by': sample.table_rows(table)})} × {table.columns_count}"
        return " · ".join(x for x in (number, name, rows) if x)

    def _row(self, c: Column) -> tuple[str, ...]:
        role = self.said("role", c.role) if c.role else ""
        confidence = self.said("confidence", c.confidence) if c.confidence else ""
        rates = (self.percent(c.fill_rate), self.percent(c.valid_rate))
        return (str(c.index + 1), text.safe_name(c.name), c.label, role, *rates, confidence)

    def percent(self, share: float | None) -> str:
        """A share in percent; nothing where there is none."""
        return "" if share is None else text.percent(share, self._language)

    def problems(self) -> list[Trouble]:
        """Problems with their remedies, most frequent first."""
        ranked = sorted(self._result.problems, key=lambda p: (-p.count, p.code))
        return [Trouble(text.number(p.count, self._language), self.meaning(p.code), self._remedy(p)) for p in ranked]

    def _remedy(self, problem: ProblemCount) -> str:
        """What to do, in the report's language; the result's own English where the language file lacks it."""
        said = self.said("remedy", problem.code)
        return problem.remedy if said == problem.code.replace("_", " ") else said

    def meaning(self, code: str) -> str:
        """The problem in the report's language; the closed list's own English where the language file lacks it."""
        said = self.said("problem", code)
        known = PROBLEMS.get(code)
        return known.meaning if known and said == code.replace("_", " ") else said

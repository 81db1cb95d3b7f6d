"""Says drafts in one language: its templates, its words, its grammar.

A template is a line of ``rules/summary/<language>.toml`` with figures in braces. After a colon stands how a figure is
said: ``{rows:ligne|lignes}`` puts the count and the noun that agrees with it, ``{rows:=porte|portent}`` the agreeing
word alone, ``{noun:the}`` a definite article, ``{list:,}`` commas without a last "and",
``{list:else|then}`` other words between the parts, ``{date:from}`` a preposition.
"""

from __future__ import annotations

import tomllib
from functools import lru_cache, singledispatchmethod
from string import Formatter
from typing import TYPE_CHECKING, Any

from triage import resources, text
from triage.summary import figures as f
from triage.summary import grammar

if TYPE_CHECKING:
    from collections.abc import Mapping

    from triage.summary.titles import Title, Titles
    from triage.text import Language

_FORMATTER = Formatter()


@lru_cache(maxsize=2)
def _read(language: Language) -> dict[str, Any]:
    path = resources.rules_dir() / "summary" / f"{language}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


class Voice:
    """A language with the names of labels and themes."""

    def __init__(self, language: Language, titles: Titles) -> None:
        self.language = language
        self._titles = titles
        said = _read(language)
        self._templates: Mapping[str, str] = {k: grammar.typeset(v, language) for k, v in said["templates"].items()}
        self._words: Mapping[str, Mapping[str, str]] = said["words"]
        self._nouns = grammar.Nouns(*(frozenset(said["grammar"][x]) for x in grammar.Nouns._fields))

    def say(self, key: str, values: Mapping[str, f.Value]) -> str:
        """The template with its values.

        Raises:
            KeyError: the language lacks the template, or the template names a value that is not there.
        """
        said = []
        for before, name, spec, _ in _FORMATTER.parse(self._templates[key]):
            said.append(before)
            if name is not None:
                said.append(self._show(values[name], spec or ""))
        return "".join(said)

    def word(self, table: str, key: str) -> str:
        """A word of a closed list; ``key`` itself, without underscores, where the list lacks it."""
        found = self._words.get(table, {}).get(key)
        return text.safe_name(key.replace("_", " ")) if found is None else grammar.typeset(found, self.language)

    def table(self, name: str) -> dict[str, str]:
        """A closed list of the language file, in its order."""
        return {key: self.word(name, key) for key in self._words[name]}

    def title(self, label: str) -> str:
        """The name of a label; its id where neither a rule nor the language names it."""
        return self.word("noun", label) if label in self._words["noun"] else _named(self._titles.labels, label, self.language)

    def theme(self, name: str) -> str:
        """The name of a health theme."""
        return _named(self._titles.themes, name, self.language)

    @singledispatchmethod
    def _show(self, value: f.Value, spec: str) -> str:
        """One value as its ``spec`` says; each kind of value has its own way below."""
        raise TypeError(f"{type(value).__name__}:{spec}")

    @_show.register
    def _(self, value: f.Count, spec: str) -> str:
        if spec.startswith("="):
            return self._agreeing(value.n, spec[1:])
        if value.about:
            n = value.n if value.low is not None else text.about(value.n)  # an interval tells how sure it is, better than zeros
            said = f"{self.word('grammar', 'about')} {text.number(n, self.language)}" if n >= 1 else text.number(n, self.language)
        else:
            said = text.number(value.n, self.language)
        noun = spec or (self.word("units", value.unit) if value.unit else "")
        said = f"{said} {self._agreeing(value.n, noun)}" if noun else said
        if value.low is None or value.high is None:
            return said
        return f"{said} ({self._between(text.number(value.low, self.language), text.number(value.high, self.language))})"

    @_show.register
    def _(self, value: f.Share, spec: str) -> str:
        del spec
        said = text.percent(value.x, self.language)
        if value.low is None or value.high is None:
            return said
        return f"{said}, {self._between(text.percent(value.low, self.language), text.percent(value.high, self.language))}"

    @_show.register
    def _(self, value: f.Decimal, spec: str) -> str:
        del spec
        return text.decimal(value.x, value.places, self.language)

    @_show.register
    def _(self, value: f.Volume, spec: str) -> str:
        del spec
        return text.volume(value.n, self.language)

    @_show.register
    def _(self, value: f.When, spec: str) -> str:
        return grammar.day(value.iso, self.language, spec)

    @_show.register
    def _(self, value: f.Word, spec: str) -> str:
        del spec
        return self.word(value.table, value.key)

    @_show.register
    def _(self, value: f.Noun, spec: str) -> str:
        name = self.title(value.label)
        if "short" in spec:  # another bracket follows: the title's own would be one too many
            name = name.partition(" (")[0]
        return grammar.definite(name, self._nouns) if "the" in spec and self.language == "fr" else name

    @_show.register
    def _(self, value: f.Theme, spec: str) -> str:
        del spec
        return self.theme(value.id)

    @_show.register
    def _(self, value: f.Text, spec: str) -> str:
        del spec
        return text.safe_name(value.text)

    @_show.register
    def _(self, value: f.Listing, spec: str) -> str:
        said = [self.say(part.key, part.values) for part in value.parts]
        return grammar.enumerate_words(said, self.language, spec)

    def _between(self, low: str, high: str) -> str:
        return self.word("grammar", "between").format(low=low, high=high)

    def _agreeing(self, n: int, forms: str) -> str:
        """``singular|plural`` by the count."""
        one, _, many = forms.partition("|")
        return many if many and grammar.is_plural(n, self.language) else one


def _named(titles: Mapping[str, Title], key: str, language: Language) -> str:
    found = titles.get(key)
    return found.singular.get(language, key) if found else text.safe_name(key.replace("_", " "))

"""For those who write rules: a new file with its comments, and everything that is wrong or lacking in a folder at once.

``rules.load`` stops at the first fault, because a scan must not run on half a folder; a writer wants them all, each with
what to type.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from triage import resources, signatures
from triage import rules as engine
from triage.detect import trial, validators
from triage.detect.headers import tokens
from triage.files import make_directory, write

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

# What the shipped rules hold themselves to.
_MATCH, _NO_MATCH = 5, 8
_SKELETON = """\
# A label is this one file; `triage rules lint --rules DIR` says what is wrong in it, `triage rules test --rules DIR` runs its
# examples, `triage scan … --rules DIR` uses it. rules/README.md of the project documents every key.
id = "{label}"                                   # the name of this file
title = {{ fr = "{words}", en = "{words}" }}     # as the summary names it: lower case, no article
plural = {{ fr = "{words}", en = "{words}" }}
class = "generic"                                # what a leak of it weighs: a key of classes.toml
content_decidable = false                        # true if the form alone is enough where the column has no name
sensitive = false                                # true if a false alarm would harm
references = []                                  # where the form is laid down: a standard, a decree, a vendor's page
false_positives = []                             # what looks like it and is not

[header]
any = ["{label}"]                                # words of a column's name that say the label
weak = []                                        # words that support it, and decide nothing
none = []                                        # words that rule it out

[value]                                          # the form of a whole cell
pattern = '[A-Z]{{3}}\\d{{6}}'                   # Rust's dialect: no look-around; single quotes keep backslashes
# strip = " .-"                                  # separators people put into the value
# validator = "luhn"                             # a key: {validators}
# lexicon = "communes"                           # a list of rules/lexicons

[decide]
rank = 50                                        # among equals the higher wins: the more specific label
base_rate = 0.01                                 # chance that a random cell of the form passes the key
min_share = 0.9                                  # share of the filled cells with the form, without a header
header_share = 0.5                               # the same, where the name says the label

[examples]                                       # made up, never from a leak
match = ["ABC123456"]
no_match = [{{ value = "ABC12", why = "too short" }}]
"""


def skeleton(label: str) -> str:
    """A rule file to start from, with a comment on each key; it loads as it is."""
    return _SKELETON.format(label=label, words=label.replace("_", " "), validators=" ".join(sorted(validators.NAMES)))


def write_new(label: str, folder: Path) -> str:
    """Writes the skeleton into a folder, which is made if need be, and gives what to do next."""
    make_directory(folder)
    write(folder / f"{label}.toml", skeleton(label).encode())
    return f"{folder / label}.toml is written: fill it in, then triage rules lint --rules {folder}"


def shown(label: str, folders: Sequence[Path]) -> str:
    """The files of a label as they are, the shipped one first."""
    return "\n".join(
        path.read_text("utf-8") for folder in (resources.rules_dir(), *folders) for path in engine.files(folder) if path.stem == label
    )


def test(rules: engine.Rules) -> list[str]:
    """Every example that fails in the engine that scans."""
    return [str(failure) for failure in engine.test(rules)]


def lint(folders: Sequence[Path], shipped: engine.Rules) -> list[str]:
    """Every complaint about the files of these folders (the shipped one where there is none); each says what to type."""
    folders = folders or (resources.rules_dir(),)
    known = [*shipped.classes]
    found: list[str] = []
    for folder in folders:
        files, signed = list(engine.files(folder)), sorted((folder / signatures.FOLDER).glob("*.toml"))
        found += [f"{folder}: no rule file; write one with `triage rules new LABEL -o {folder}`"] * (not files and not signed)
        for path in files:
            found += [str(complaint) for complaint in _of_file(path, known, shipped)]
        found += [complaint for path in signed for complaint in _of_signature(path)]
    return found


def _of_signature(path: Path) -> Iterator[str]:
    try:
        signature = signatures.read(path)
    except ValueError as error:
        yield f"{path.parent}/{error}"
        return
    if not signature.references:
        yield f'{path}: no reference; write references = ["the page that shows the form"]'


def _of_file(path: Path, known: Iterable[str], shipped: Mapping[str, engine.Rule]) -> Iterator[str]:
    try:
        rule = engine.read(path, dict.fromkeys(known))
    except engine.RuleError as error:
        yield str(error)
        return
    for complaint in (*_examples(rule), *_said(rule), *_words(rule, shipped), *_decides(rule)):
        yield f"{path}: {complaint}"


def _examples(rule: engine.Rule) -> Iterator[str]:
    yield from (f"{failure}; correct the pattern or the example" for failure in trial.failures({rule.id: rule}))
    for kind, has, wanted in (("match", rule.examples.match, _MATCH), ("no_match", rule.examples.no_match, _NO_MATCH)):
        if len(has) < wanted:
            yield f"{len(has)} {kind} examples; add {wanted - len(has)} to [examples] {kind}"


def _said(rule: engine.Rule) -> Iterator[str]:
    if not rule.references:
        yield 'no reference; write references = ["the standard or page that lays the form down"]'
    if not rule.false_positives:
        yield 'no known false positive; write false_positives = ["what looks like it"]'


def _words(rule: engine.Rule, shipped: Mapping[str, engine.Rule]) -> Iterator[str]:
    """Header words that no name can meet, stand twice, or say another label as well."""
    header = rule.header
    for word in (*header.any, *header.weak, *header.none):
        if not tokens(word):
            yield f'header word "{word}" has no letter or figure; take it out'
    for word in sorted(set(header.any) & set(header.weak)):
        yield f'header word "{word}" is in any and in weak; take it out of weak'
    # Of two labels that one word says, the form and then the rank decide; with one rank the alphabet would.
    equal = [r for r in shipped.values() if r.id != rule.id and r.decide.rank == rule.decide.rank]
    others = {word: r.id for r in equal for word in r.header.any}
    for word in header.any:
        if word in others:
            yield f'header word "{word}" says {others[word]} too, of the same rank; move it to weak, or write another rank'


def _decides(rule: engine.Rule) -> Iterator[str]:
    value = rule.value
    formless = rule.text is None and not (value.pattern or value.keyword or value.min_length or value.max_length)
    if formless and rule.content_decidable:
        yield "content_decidable, but no form to decide by; write [value] pattern, or content_decidable = false"
    if formless and not rule.header.any:
        yield 'no form and no header word: nothing gives this label; write [header] any = ["…"]'
    if value.validator and rule.decide.base_rate <= 0:
        yield "base_rate is 0; write the chance that a random cell passes the key"

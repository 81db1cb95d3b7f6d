"""The one place where evidence becomes a verdict.

Evidence on a column and a label: what the name says (``Header``), the share of cells with the form, the share of those
with a right key against the chance that a random cell has one, the share of distinct values in a closed list, and what
neighbouring columns say (``near``). A column gets the best label that is at least likely, else a generic one.

validated: a key or a closed list proves it · likely: form and header (or neighbour) agree, or the form is the label's
alone · possible: one of them only.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from triage.detect import generic
from triage.detect.plan import Counts, Header, Hits, Opinion, Verdict
from triage.detect.prose import MENTIONS, PERSONAL
from triage.model import Candidate, Reason

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from triage.detect.plan import ColumnPlan
    from triage.model import Confidence
    from triage.rules import Decide, Rule

# Right keys must be so many that chance gives them less than once in a million columns; once in a hundred for a likely label.
_CHANCE, _LONE = 1e-6, 0.01
# Share of random values that a closed list holds, above which a column of its entries may be any numbers.
_COMMON = 0.2
# Neighbours that prove: the key right row by row, the civil status that the NIR repeats.
_PROOFS = frozenset({"key_beside", "nir_beside"})
# What a report shows of the labels that were not given.
_CANDIDATES = 4
# A drug with its dosage says more than a drug, and a mention of health more than that a text is a message or free.
_PRECEDENCE = ("prescription", "drug", "posology", "health_text", "message", "free_text")
_HEALTH = "health_text"
_TEXTS = frozenset({_HEALTH, "message", "free_text"})
# Health text: mentions in one filled cell in a hundred and in eleven, in cells that read like sentences.
_MENTION_SHARE, _MENTIONS, _PROSE = 0.01, 11, 0.25
# Share of the values without a key that makes a column keyless, and how many of them content alone must show.
_MOST, _KEYLESS = 0.9, 20
_ALL = 0.95
# A column of illnesses: distinct ones, and their share of the cells; share of mentions among phrases ("test VIH").
_ILLNESSES, _HALF, _REASONS = 3, 0.5, 0.1
# Distinct labels among which one is no note.
_LABELS = 10
# Words a cell has in the mean where the name of the column says that it is a text.
_PHRASE = 2.0
# Strength of a name that holds a word among others; share of codes of illnesses under a name of two letters ("DP").
_PART, _CODED, _LEAST_CODES = 2, 0.8, 5
# Share of cells with a form of the label's own that need no company; of values in the list that bear a weak name out.
_SELF, _LISTED = 0.3, 0.5
_NO_HEADER, _NO_HITS = Header(), Hits()


class Case(NamedTuple):
    """A column before one rule."""

    rule: Rule
    column: ColumnPlan
    counts: Counts

    @property
    def decide(self) -> Decide:
        """The thresholds of the rule."""
        return self.rule.decide

    @property
    def header(self) -> Header:
        """What the name says of the label."""
        return self.column.headers.get(self.rule.id, _NO_HEADER)

    @property
    def hits(self) -> Hits:
        """What the probe found of the label."""
        return self.column.hits.get(self.rule.id, _NO_HITS)

    @property
    def near(self) -> str:
        """The neighbour that speaks for the label, "" where none does."""
        return self.column.near.get(self.rule.id, "")

    @property
    def formless(self) -> bool:
        """The rule has no form: a name or a neighbour must say it."""
        value = self.rule.value
        return not (value.pattern or value.keyword or value.min_length or value.max_length)

    @property
    def matched(self) -> int:
        """Cells with the form."""
        return self.counts.matched.get(self.rule.id, 0)

    @property
    def valid(self) -> int:
        """Cells with a right key too."""
        return self.counts.valid.get(self.rule.id, 0)

    @property
    def distinct(self) -> int:
        """Distinct values, those with the form where there is one: damaged cells do not make a column more various."""
        return self.hits.values or self.counts.distinct

    @property
    def lone(self) -> bool:
        """Values so few that all of them right is still rarer by chance than the label; not enough for a sensitive one."""
        rule, hits = self.rule, self.hits
        right = hits.valid_values if hits.valid_values == hits.values else 0
        return bool(right) and not rule.sensitive and self.decide.base_rate**right <= _LONE

    @property
    def share(self) -> float:
        """Share of filled cells that have the form; 1 where the rule has none."""
        return 1.0 if self.formless else self.matched / max(1, self.counts.filled)

    @property
    def firm_share(self) -> float:
        """Share of filled cells whose form needs no header: the probe's proportion, applied to the census's count."""
        return self.share * self.hits.firm / max(1, self.hits.rows)

    @property
    def key_share(self) -> float:
        """Share of the cells with the form that have a right key."""
        return self.valid / max(1, self.matched)

    @property
    def known_share(self) -> float:
        """Share of the probed distinct values that the rule's list holds."""
        return self.hits.known / max(1, self.column.shape.distinct)

    @property
    def proved(self) -> bool:
        """A key or a closed list leaves no doubt: right in most cells, and in more of them than chance explains."""
        decide, value = self.decide, self.rule.value
        if value.validator:
            needed = math.log(_CHANCE) / math.log(min(0.999, decide.base_rate))
            return self.key_share >= decide.key_share and self.hits.valid_values >= needed
        return bool(value.lexicon) and self.hits.known >= decide.min_hits and self.known_share >= max(decide.known_share, decide.key_share)


def judge(column: ColumnPlan, counts: Counts, rules: Mapping[str, Rule]) -> Verdict:
    """The verdict on one column; without a filled cell it is ``empty``."""
    if not counts.filled:
        return Verdict(label="empty", confidence=None, reasons=(Reason(code="no_filled_cell", n=0, of=0),))
    opinions = sorted(_weighed(list(_opinions(column, counts, rules)), rules), key=Opinion.order)
    firm = [o for o in opinions if o.confidence != "possible"]
    given = _first(firm) or generic.opinion(column, counts)
    others = [Candidate(label=o.label, confidence=o.confidence) for o in opinions if o.label != given.label]
    return Verdict(
        label=given.label,
        confidence=given.confidence,
        candidates=tuple(others[:_CANDIDATES]),
        role=column.role,
        reasons=given.reasons,
    )


def _weighed(opinions: list[Opinion], rules: Mapping[str, Rule]) -> list[Opinion]:
    """The same opinions; a list that holds one number in five proves nothing against a name that says what the column is."""
    said = any(o.header > 1 and o.confidence != "possible" for o in opinions)
    common = {o.label for o in opinions if said and not o.header and rules[o.label].decide.base_rate >= _COMMON}
    return [o._replace(confidence="likely") if o.label in common and o.confidence == "validated" else o for o in opinions]


def _first(firm: list[Opinion]) -> Opinion | None:
    """The best opinion; among texts without a name of their own, the one that says most of what they hold."""
    if not firm or firm[0].label not in _TEXTS:
        return next(iter(firm), None)
    return min((o for o in firm if o.label in _PRECEDENCE), key=lambda o: _PRECEDENCE.index(o.label))


def _opinions(column: ColumnPlan, counts: Counts, rules: Mapping[str, Rule]) -> Iterator[Opinion]:
    for label in sorted(
        {*column.headers, *column.hits, *column.near, *column.scores, *([_HEALTH] if counts.health else [])} & rules.keys()
    ):
        case = Case(rules[label], column, counts)
        confidence = _text(case) if case.rule.text else _confidence(case)
        if confidence:
            yield Opinion(label, confidence, _voice(case), case.decide.rank, tuple(_reasons(case)))


def _confidence(case: Case) -> Confidence | None:
    """How far the evidence carries, None where it does not."""
    if case.header.veto and not case.near:
        return None
    if case.header.speaks or case.near:
        return _with_voice(case)
    return _by_content(case)


def _with_voice(case: Case) -> Confidence | None:
    """The name or a neighbour says the label: the content must not contradict."""
    decide = case.decide
    if case.share < decide.header_share or case.key_share < decide.header_key_share:
        return None
    if decide.max_distinct and case.distinct > decide.max_distinct:
        return None
    if case.known_share < decide.header_known_share or not _shaped(case) or generic.named(case.rule.id, case.column.shape) or _mails(case):
        return "possible"
    return "validated" if case.proved or case.near in _PROOFS else "likely"


def _mails(case: Case) -> bool:
    """Whether the logins are e-mail addresses: that label says more, and counts their owners better."""
    return case.rule.id == "login" and case.counts.matched.get("email", 0) >= _ALL * case.counts.filled


def _by_content(case: Case) -> Confidence | None:
    """The content alone, helped by a weak word of the name at most."""
    decide = case.decide
    # A weak word that is the whole name bears out a form that is the label's own, or its list ("Insurance": "MGEN").
    listed = (
        bool(case.rule.value.lexicon)
        and case.hits.known >= case.decide.min_hits
        and case.known_share >= max(_LISTED, case.decide.known_share)
    )
    borne = case.header.strength > _PART and (bool(case.rule.value.firm) or listed)
    if case.formless or not (case.rule.content_decidable or borne) or case.share < decide.min_share:
        return None
    if decide.max_distinct and case.distinct > decide.max_distinct:
        return None
    weak = case.header.strength > 0
    enough = case.hits.firm_values >= (1 if weak or case.lone else decide.min_hits)
    if not (enough and case.firm_share >= (decide.firm_share or decide.min_share) and _shaped(case) and _varied(case)):
        return "possible"
    if case.rule.value.validator:
        return "validated" if case.proved else "likely" if case.lone else _unkeyed(case)
    if case.proved:
        return "validated"
    return "likely" if case.known_share >= decide.known_share * (0.5 if weak else 1.0) else "possible"


def _unkeyed(case: Case) -> Confidence:
    """Values that carry no key (a 13-digit NIR): believed when there are enough and their parts vary as they must.

    Without a rule on their parts the form is believed: it is the label's own (an Ethereum address).
    """
    spread, hits = case.decide.spread, case.hits
    if hits.keyless < _MOST * hits.values or (spread and (hits.spread < spread.least or hits.firm_values < _KEYLESS)):
        return "possible"
    return "likely"


def _varied(case: Case) -> bool:
    """Whether values without any key vary in the part that must vary."""
    spread = case.decide.spread
    return spread is None or bool(case.rule.value.validator) or case.hits.spread >= spread.least


def _shaped(case: Case) -> bool:
    """Tests on the whole column: names look like names, and what is personal stands beside persons."""
    if (case.decide.person and not case.column.persons) or (case.decide.care and not _cared(case)):
        return False
    return generic.names_agree(case.rule.id, case.column, speaks=case.header.speaks or bool(case.near), weak=case.header.strength > 0) and (
        case.counts.distinct >= case.decide.least_distinct
    )


def _cared(case: Case) -> bool:
    """The table speaks of care, or cells with a form of the label's own do."""
    return case.column.care or (bool(case.rule.value.firm) and case.firm_share >= _SELF)


def _text(case: Case) -> Confidence | None:
    """Labels the text scanner judges: its share of cells, with or without the name."""
    text, shape = case.rule.text, case.column.shape
    found, distinct = case.column.scores.get(case.rule.id, (0, 0))
    if text is None or case.header.veto:
        return None
    if case.header.speaks:
        said = case.rule.id in _TEXTS and case.header.strength > 1 and shape.words >= _PHRASE
        return "likely" if said or (found and found >= text.header_share * shape.filled) else None
    if case.header.strength > _PART and text.min_share > 1 and case.column.persons and distinct >= _LEAST_CODES:
        return "likely" if found >= _CODED * shape.filled else None
    if case.rule.id == _HEALTH and case.counts.health is not None:
        return "likely" if _mentioned(case, case.counts.health) else None
    if not found or found < text.min_share * shape.filled or (case.rule.id in _TEXTS and not generic.prose(shape)):
        return None
    return "likely" if distinct >= text.min_hits or (case.rule.id in _TEXTS and generic.paragraphs(shape)) else "possible"


def _mentioned(case: Case, health: int) -> bool:
    """Whether the census found enough health mentions, in a column of texts by its name or by its cells, or of illnesses."""
    column = case.column
    if health < max(_MENTIONS, _MENTION_SHARE * case.counts.filled):
        return False
    if column.site and not column.care:
        # What a restaurant offers in times of an epidemic, and how a museum is accessible.
        return False
    if column.scores.get(MENTIONS, (0, 0))[1] == 1 and column.shape.distinct >= _LABELS and not generic.prose(column.shape):
        # One of many labels that come again and again, as the title of a film does.
        return False
    _, sentences = column.scores.get("free_text", (0, 0))
    prose = sentences >= _PROSE * column.shape.distinct or any(label in _TEXTS and h.strength > 1 for label, h in column.headers.items())
    return (prose and case.counts.personal >= PERSONAL * health) or _illnesses(case)


def _illnesses(case: Case) -> bool:
    """Whether persons have, each, one of a few illnesses or reasons for coming: "Asthma" says of somebody what a sentence would."""
    column = case.column
    named, illnesses = column.scores.get("diagnosis", (0, 0))
    mentioned, cells = column.scores.get(MENTIONS, (0, 0))
    listed = illnesses >= _ILLNESSES and named >= _HALF * column.shape.filled
    phrases = column.shape.words >= _PHRASE and cells >= _ILLNESSES and mentioned >= _REASONS * column.shape.filled
    return column.persons and (listed or phrases)


def _voice(case: Case) -> int:
    """How loud name and neighbours speak, 0-3; a neighbour that was checked cell by cell counts as a whole name."""
    spoken = 0 if case.header.weak or case.header.veto else case.header.strength
    return max(spoken, 3 if case.near else 0)


def _reasons(case: Case) -> Iterator[Reason]:
    if case.header.strength:
        how = {3: "header_exact", 2: "header_run", 1: "header_token"}[case.header.strength]
        yield Reason(code="header_weak" if case.header.weak else how)
    if case.near:
        yield Reason(code="neighbour", detail=case.near)
    if not case.formless:
        yield Reason(code="form", detail=case.rule.id, n=case.matched, of=case.counts.filled)
    if case.rule.value.validator and case.matched and (case.valid or case.hits.keyless < _MOST * case.hits.values):
        yield Reason(code="key", detail=case.rule.value.validator, n=case.valid, of=case.matched)
    if case.rule.value.lexicon:
        yield Reason(code="lexicon", detail=case.rule.value.lexicon, n=case.hits.known, of=case.column.shape.distinct)
    if case.rule.id in case.column.scores:
        found, _ = case.column.scores[case.rule.id]
        yield Reason(code="text", detail=case.rule.id, n=found, of=case.column.shape.filled)

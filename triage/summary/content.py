"""S3: what is in it, from what every row carries to what a few do, the rare but severe types, what was not found."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from triage.summary import sample
from triage.summary.figures import Count, Draft, Listing, Noun, Part, Share, Text, Value, listing, part
from triage.summary.size import personal_labels, rows_seen

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from triage import model

# The least share of rows that lets an adverb stand; it is always followed by the rate itself. RTL said "in the majority
# of cases" of e-mail addresses that under 12 % of the rows had: an adverb without its figure went wrong.
LADDER = (
    (1.0, "every"),
    (0.995, "nearly_all"),
    (0.9, "almost_always"),
    (0.66, "very_often"),
    (0.5, "mostly"),
    (0.25, "often"),
    (0.05, "sometimes"),
    (0.001, "rarely"),
    (0.0, "few"),
)
RARE = 0.05  # under it a severe type leaves the ladder for a sentence of its own
OTHERS = ("practitioner", "professional", "relative", "establishment", "insured")
# Labels by which a practitioner is named: among the fields of the row this is one, "the prescriber", whatever its columns.
_NAMED = ("practitioner", "last_name", "full_name")
INSIDE = "inside"
# Labels of columns whose cells may be opened.
_OPENED = frozenset({"unknown", "category", "code", "id", "free_text", "health_text", "number"})
# What the scanner of texts tells of persons, by label.
_IN_TEXTS = frozenset({"full_name", "phone", "email", "birth_date", "address", "rpps"})
_DOMAINS = 5
# Absences worth a sentence, as in organisations' statements ("no bank data, no password"); the rest is in `absent`.
_ABSENT = (
    "nir", "email", "phone", "address", "health_text", "diagnosis", "prescription", "blood_group",
    "iban", "card", "password", "password_hash", "passport", "id_card",
)  # fmt: skip


class Kind(NamedTuple):
    """A type with its place in ``types`` and its share of the rows read."""

    place: int
    type: model.TypeCount
    share: float


def rung(rows: int, total: int) -> str:
    """The adverb's id for so many of so many rows; ``every`` only where no row is missing."""
    if rows == total:
        return "every"
    return next(name for least, name in LADDER[1:] if rows >= least * total)


def rung_of(found: Kind, result: model.Result) -> str:
    """The rung of a type; no sample tells that every row has something."""
    name = rung(found.type.rows, found.type.asked)
    return "nearly_all" if name == "every" and sample.taken(result) else name


def drafts(result: model.Result) -> Iterator[Draft]:
    """S3 as a whole."""
    found = [t for t in kinds(result) if t.type.role != INSIDE]
    severe = [t for t in found if t.type.rare_but_severe and t.share < RARE]
    own = [t for t in found if t not in severe and t.type.role not in OTHERS and not is_detail(t, result)]
    named = [t for t in found if t.type.role == "practitioner" and t.type.label in _NAMED]
    own = sorted([*own, *named[:1]], key=lambda t: -t.type.rows)
    for _, name in LADDER:
        if on_rung := [t for t in own if rung_of(t, result) == name]:
            yield _ladder(name, on_rung, result)
    for role in OTHERS:
        if others := [t for t in found if t not in severe and t.type.role == role]:
            items = listing(part("S3.bare", noun=Noun(t.type.label), share=_share(t, result)) for t in others)
            yield Draft(f"S3.{role}", {"list": items}, _fields(others), interval=True)
    if within_rows := [t for t in found if t not in severe and t.type.role not in OTHERS and is_detail(t, result)]:
        items = listing(_item("S3.item", t, result) for t in within_rows)
        yield Draft("S3.details", {"list": items}, _fields(within_rows), interval=True)
    if severe:
        yield Draft("S3.severe", {"list": listing(_item("S3.severe_item", t, result) for t in severe)}, _fields(severe), interval=True)
    yield from _inside(result)
    yield from _texts(result)
    yield from _valid(result)
    yield from _mail(result.contact)
    yield from _absent(result)


def kinds(result: model.Result) -> list[Kind]:
    """Types that are more than generic, most frequent first, ties by name; of a label and role the fullest one."""
    personal = personal_labels(result)
    found = [Kind(i, t, t.rows / t.asked) for i, t in enumerate(result.types) if t.label in personal and t.rows]
    found.sort(key=lambda t: (-t.type.rows, t.type.label, t.type.role or ""))
    fullest: dict[tuple[str, str | None], Kind] = {}
    for t in found:
        fullest.setdefault((t.type.label, t.type.role if t.type.role in (*OTHERS, INSIDE) else None), t)
    return list(fullest.values())


def is_detail(found: Kind, result: model.Result) -> bool:
    """Whether the type is told of rows within rows: its share is one of those."""
    return found.type.asked != rows_seen(result)


def _ladder(name: str, found: Sequence[Kind], result: model.Result) -> Draft:
    """One rung; what every row carries is told in the order of the columns, the rest by frequency."""
    if name == "every":
        order = {(c.label, c.role): -i for i, c in reversed(list(enumerate(result.columns)))}
        found = sorted(found, key=lambda t: -order.get((t.type.label, t.type.role), 0))
        items = listing(part("S3.item_every", noun=_noun(t)) for t in found)
    else:
        items = listing(_item("S3.item", t, result) for t in found)
    return Draft(f"S3.{name}", {"list": items, "n": items.count}, _fields(found), interval=True)


def _item(key: str, found: Kind, result: model.Result) -> Part:
    """A type with its share and rows; of a sample with the share's interval, as its rows are not those of the whole."""
    noun, share = _noun(found), _share(found, result)
    return (
        part(f"{key}_sampled", noun=noun, share=share)
        if sample.taken(result)
        else part(key, noun=noun, share=share, rows=Count(found.type.rows))
    )


def _noun(found: Kind) -> Noun:
    """What the type is called among the fields of the data subject."""
    return Noun("prescriber" if found.type.role == "practitioner" else found.type.label)


def _share(found: Kind, result: model.Result) -> Share:
    return sample.share(found.type.rows, found.type.asked, sampled=sample.taken(result))


def _fields(found: Sequence[Kind]) -> tuple[str, ...]:
    return (*(f"types[{t.place}].rows" for t in found), "tables[].rows_read", "tables[].rows_repaired")


def within(result: model.Result, labels: Collection[str] | None = None) -> Listing:
    """The columns whose cells hold several values, each with the ``labels`` found there (all unless given) and their cells."""
    held = {t.label for t in result.types if t.role == INSIDE and (labels is None or t.label in labels)}
    found = []
    for c in result.columns:
        if c.label in _OPENED and (told := {label: n for label, n in c.mentions.items() if label in held}):
            name = part("S6.column", name=Text(c.name)) if c.name else part("S6.column_number", number=Text(str(c.index + 1)))
            items = listing(part("S3.inside_item", noun=Noun(label), cells=Count(n)) for label, n in told.items())
            found.append(part("S3.inside_column", column=listing([name]), list=items))
    return listing(found)


def _inside(result: model.Result) -> Iterator[Draft]:
    """What stands within cells of several values, column by column."""
    if (found := within(result)).parts:
        yield Draft("S3.inside", {"list": found}, ("types", "columns[].mentions"))


def _texts(result: model.Result) -> Iterator[Draft]:
    """Who is named in texts, and how to reach him: no types of a row, but more than nothing."""
    within = {t.label for t in result.types if t.role == INSIDE}
    cells = Counter[str]()
    for column in result.columns:
        cells.update({label: n for label, n in column.mentions.items() if label in _IN_TEXTS and label not in within})
    if cells:
        items = listing(part("S3.inside_item", noun=Noun(label), cells=Count(n)) for label, n in sorted(cells.items(), key=_largest))
        yield Draft("S3.texts", {"list": items}, ("columns[].mentions",))


def _largest(told: tuple[str, int]) -> tuple[int, str]:
    return -told[1], told[0]


def _valid(result: model.Result) -> Iterator[Draft]:
    """Right check keys by label, over the cells that have the label's form."""
    keyed: dict[str, tuple[int, int]] = {}
    for column in result.columns:
        if column.valid is not None and column.matched:
            valid, matched = keyed.get(column.label, (0, 0))
            keyed[column.label] = (valid + column.valid, matched + column.matched)
    if keyed:
        items = listing(part("S3.valid_item", noun=Noun(label), rate=Share(v / m)) for label, (v, m) in sorted(keyed.items()))
        yield Draft("S3.valid", {"list": items}, ("columns[].valid", "columns[].matched"))


def _mail(contact: model.Contact) -> Iterator[Draft]:
    """The share of .fr addresses and the first domains, with exact counts as Zataz gives them."""
    domains = contact.email_domains[:_DOMAINS]
    items = listing(part("S3.domain", domain=Text(d.domain), rows=Count(d.rows), share=Share(d.share)) for d in domains)
    values: dict[str, Value] = {"list": items}
    fields = tuple(f"contact.email_domains[{i}].rows" for i in range(len(domains)))
    if contact.fr_share is None:
        if domains:
            yield Draft("S3.domains", values, fields)
        return
    values["fr"] = Share(contact.fr_share)
    yield Draft("S3.mail" if domains else "S3.fr_share", values, ("contact.fr_share", *fields))


def _absent(result: model.Result) -> Iterator[Draft]:
    """What was looked for and not found; a file whose texts mention health is not said to lack health texts."""
    found = {"health_text", "diagnosis"} if result.health.rows_with_mention else set()
    if absent := [label for label in _ABSENT if label in result.absent and label not in found]:
        items = listing(part("S3.name", noun=Noun(label)) for label in absent)
        yield Draft("S3.absent", {"list": items, "n": items.count}, ("absent",))

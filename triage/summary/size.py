"""S0-S2: the headline, what was examined, how much it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from triage.summary import sample
from triage.summary.figures import Count, Draft, Noun, Part, Share, Text, Value, Volume, Word, listing, part, plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from triage import model

# Kinds of distinct values and the label that each counts, in the order of a reader's interest.
_UNIQUE = ("nir", "name_dob", "email", "phone", "iban", "patient_id", "login")
# Those named beside the data subject.
_OTHERS = ("practitioner", "professional", "relative", "establishment")
_SCALED = 4  # labels told at the scale of a claim; the others are in impact.json
_PLAIN_UNIT = "rows"
_GENERIC = frozenset({"generic", ""})


def unit(result: model.Result) -> str:
    """The unit that all tables share, ``rows`` where they differ: a base of appointments is counted in appointments."""
    units = {t.unit for t in result.tables if t.parent is None}
    return units.pop() if len(units) == 1 else _PLAIN_UNIT


def rows_seen(result: model.Result) -> int:
    """Rows read and repaired, without rows within rows."""
    return sum(t.rows_read + t.rows_repaired for t in result.tables if t.parent is None)


def rows_among(result: model.Result, n: int) -> int:
    """The rows of which ``n`` are a share: those within rows too where they are among them."""
    rows = rows_seen(result)
    return rows if n <= rows else sum(t.rows_read + t.rows_repaired for t in result.tables)


def personal_labels(result: model.Result) -> set[str]:
    """The labels found that are more than a number, a date or a code."""
    classes = {c.label: c.class_ for c in result.columns}
    return {t.label for t in result.types if classes.get(t.label, "found_in_text") not in _GENERIC}


def _basis(keys: Sequence[str]) -> Value:
    """The first key by which persons were told apart, and whether others stood in for it."""
    return listing([part("basis" if len(keys) == 1 else "basis_and_others", by=Word("basis", keys[0]))])


def headline(result: model.Result) -> Iterator[Draft]:
    """S0: rows, persons, kinds of data, severity."""
    persons, enisa = result.size.persons, result.severity.enisa
    values: dict[str, Value] = {
        "rows": sample.total(result, unit(result)),
        "types": Count(len(personal_labels(result))),
        "cnil": Word("cnil", str(result.severity.cnil.level)),
        "se": plain(enisa.se, 1),
        "band": Word("band", enisa.band),
    }
    if sample.taken(result):
        yield _sampled_headline(result, values)
        return
    if not result.types:
        yield Draft("S0.nothing", values, ("size.rows_total", "types"))
        return
    if not personal_labels(result):
        yield Draft("S0.text_only", values, ("size.rows_total", "types"))
        return
    fields = ("size.rows_total", "types", "severity.cnil.level", "severity.enisa.se", "severity.enisa.band")
    if persons.estimate is None:
        yield Draft("S0.no_persons", values, fields)
        return
    values["persons"] = Count(persons.estimate, about=not persons.exact)
    values["basis"] = _basis(persons.basis.split("+"))
    yield Draft("S0", values, (*fields, "size.persons.estimate", "size.persons.basis"))


def _sampled_headline(result: model.Result, values: dict[str, Value]) -> Draft:
    """Rows by interval, and no number of persons: how many of a sample are one says nothing of the whole."""
    values["read"] = Count(rows_seen(result))
    fields = ("tables[].rows_estimated", "tables[].rows_read", "types")
    if not result.types:
        return Draft("S0.sampled_nothing", values, fields)
    return Draft("S0.sampled", values, (*fields, "severity.cnil.level", "severity.enisa.se", "severity.enisa.band"))


def examined(result: model.Result) -> Iterator[Draft]:
    """S1: files, volume, formats, the largest table, what could not be read."""
    inputs = result.inputs
    formats = listing(part("S1.format", format=Word("kind", x.format), n=Count(x.files)) for x in inputs.formats)
    values: dict[str, Value] = {"files": Count(inputs.files_count), "bytes": Volume(inputs.bytes), "formats": formats}
    if inputs.formats:
        one = len(inputs.formats) == 1
        values["format"] = Word("kind", inputs.formats[0].format)
        yield Draft("S1.one_format" if one else "S1", values, ("inputs.files_count", "inputs.bytes", "inputs.formats"))
    yield from _largest(result)
    yield from _unread(result)
    for index, x in enumerate(inputs.formats):
        if x.format == "random":
            values = {"n": Count(x.files), "bytes": Volume(x.bytes)}
            yield Draft("S1.random", values, (f"inputs.formats[{index}].files", f"inputs.formats[{index}].bytes"))
    yield from _fingerprint(result)


def _largest(result: model.Result) -> Iterator[Draft]:
    tables = [t for t in result.tables if t.parent is None]
    if not tables:
        return
    table = max(tables, key=lambda t: (sample.table_rows(t).n, -t.index))
    at = f"tables[{result.tables.index(table)}]"
    values: dict[str, Value] = {
        "tables": Count(len(tables)),
        "rows": sample.table_rows(table, table.unit),
        "columns": Count(table.columns_count),
    }
    fields: list[str] = [f"{at}.rows_total", f"{at}.columns_count"]
    form: list[Part] = []
    if table.encoding:
        form.append(part("S1.encoding", encoding=Word("encoding", table.encoding)))
        fields.append(f"{at}.encoding")
    if table.delimiter:
        form.append(part("S1.delimiter", delimiter=Word("delimiter", table.delimiter)))
        fields.append(f"{at}.delimiter")
    values["form"] = listing(form)
    key = "S1.table" if len(tables) == 1 else "S1.largest"
    yield Draft(key if form else key + "_plain", values, tuple(fields))


def _unread(result: model.Result) -> Iterator[Draft]:
    rows = result.size.rows_total
    rejected = sum(t.rows_rejected for t in result.tables)
    repaired = sum(t.rows_repaired for t in result.tables)
    missing = sum(f.status in ("partial", "unreadable", "skipped") for f in result.inputs.files)
    if rejected and rows:
        values: dict[str, Value] = {"bad": Count(rejected), "share": Share(rejected / rows)}
        yield Draft("S1.unread", values, ("tables[].rows_rejected", "size.rows_total"))
    if sample.taken(result):
        yield Draft("S1.sampled", {"read": Count(rows_seen(result))}, ("tables[].sampled", "tables[].rows_read"))
    # With a file missing, "every row was read" would claim too much.
    elif rows and not rejected and not missing:
        yield _all_read(rows, repaired)
    if missing:
        yield Draft("S1.incomplete", {"files": Count(missing)}, ("inputs.files[].status",))


def _all_read(rows: int, repaired: int) -> Draft:
    if repaired:
        return Draft("S1.repaired", {"repaired": Count(repaired)}, ("tables[].rows_repaired",))
    return Draft("S1.read", {"rows": Count(rows)}, ("tables[].rows_rejected",))


def _fingerprint(result: model.Result) -> Iterator[Draft]:
    """The fingerprint of a single file; several stand in the inventory."""
    files = result.inputs.files
    if len(files) == 1 and files[0].sha256:
        yield Draft("S1.sha256", {"sha256": Text(files[0].sha256)}, ("inputs.files[0].sha256",))


def amounts(result: model.Result) -> Iterator[Draft]:
    """S2: rows and their duplicates, fields a row, distinct values, persons and their bracket, claims."""
    size = result.size
    duplicates = sum(t.rows_exact_dup for t in result.tables if t.parent is None)
    if sample.taken(result):
        yield Draft("S2.sampled", {"rows": sample.total(result, unit(result))}, ("tables[].rows_estimated",))
    elif size.rows_total:
        values: dict[str, Value] = {
            "rows": Count(size.rows_total, unit=unit(result)),
            "dup": Count(duplicates),
            "share": Share(duplicates / size.rows_total),
            "unique": Count(size.rows_unique),
        }
        fields = ("size.rows_total", "tables[].rows_exact_dup", "size.rows_unique")
        yield Draft("S2" if duplicates else "S2.no_duplicate", values, fields)
    per_row = size.fields_per_row
    if per_row.max and per_row.median is not None:
        values = {"max": Count(per_row.max), "median": Count(per_row.median)}
        yield Draft("S2.fields", values, ("size.fields_per_row.max", "size.fields_per_row.median"))
    if size.units:
        items = listing(part("S2.unit", n=Count(n, unit=name)) for name, n in size.units.items())
        yield Draft("S2.units", {"list": items}, tuple(f"size.units.{name}" for name in size.units))
    yield from _distinct(size)
    yield from _persons(size, sampled=sample.taken(result))
    yield from _claims(result)


def _distinct(size: model.Size) -> Iterator[Draft]:
    found = {key: n for key in _UNIQUE if (n := getattr(size.unique, key))}
    if found:
        items = listing(part(f"S2.unique_{key}", n=Count(n)) for key, n in found.items())
        yield Draft("S2.unique", {"list": items}, tuple(f"size.unique.{key}" for key in found))


def _persons(size: model.Size, *, sampled: bool) -> Iterator[Draft]:
    """The keys of persons (``basis``: those that may have told some, best first), the bracket, the others named."""
    persons = size.persons
    keys = persons.basis.split("+")
    if len(keys) > 1:
        yield Draft("S2.keys", {"basis": listing(part("basis", by=Word("basis", key)) for key in keys)}, ("size.persons.basis",))
    if persons.through:
        numbers = listing(part("S2.number", noun=Noun(label)) for label in persons.through)
        yield Draft("S2.through", {"list": numbers}, ("size.persons.through",))
    if persons.low is not None and persons.high is not None and persons.low != persons.high and not sampled:
        values: dict[str, Value] = {"low": Count(persons.low), "high": Count(persons.high)}
        yield Draft("S2.bracket", values, ("size.persons.low", "size.persons.high"))
    found = {role: p for role in _OTHERS if (p := size.persons_by_role.get(role)) and p.estimate}
    if found:
        items = listing(part(f"S2.role_{role}", n=Count(p.estimate or 0, about=not p.exact)) for role, p in found.items())
        named = Count(sum(p.estimate or 0 for p in found.values()))
        yield Draft("S2.roles", {"list": items, "n": named}, tuple(f"size.persons_by_role.{role}.estimate" for role in found))


def _claims(result: model.Result) -> Iterator[Draft]:
    """What somebody announced beside what is there: the user's words, checked for nothing but control characters."""
    for index, claim in enumerate(result.claims):
        values: dict[str, Value] = {
            "who": Text(claim.by),
            "role": Word("claimant", claim.role),
            "claim": Count(claim.count, unit=claim.unit),
        }
        at = f"claims[{index}]"
        if claim.measured is None or claim.ratio is None or sample.taken(result):
            yield Draft("S2.claim_unmeasured", values, (f"{at}.count",))
            continue
        about = claim.measured_unit == "persons" and not result.size.persons.exact
        values |= {"measured": Count(claim.measured, about, claim.measured_unit), "ratio": Share(claim.ratio)}
        yield Draft("S2.claim", values, (f"{at}.count", f"{at}.measured", f"{at}.ratio"))
        yield from _at_scale(at, claim)


def _at_scale(at: str, claim: model.Claim) -> Iterator[Draft]:
    """What the announced whole would hold, were the files a fair sample of it: in the conditional, for nobody knows."""
    if shown := claim.at_scale[:_SCALED]:
        items = listing(part("S2.scaled", noun=Noun(s.label), n=Count(s.estimate, about=True, low=s.low, high=s.high)) for s in shown)
        yield Draft("S2.at_scale", {"list": items}, tuple(f"{at}.at_scale[{i}].estimate" for i in range(len(shown))))

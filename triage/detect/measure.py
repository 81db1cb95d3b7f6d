"""The probed cells as one long frame of distinct values, and what is measured on it: shapes and hits of every rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import polars as pl

from triage.detect import lexicons, patterns
from triage.detect.plan import Hits, Shape

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from triage.rules import Rule

# A padded or fixed-width export fills cells with blanks, tabs, no-break spaces or NUL; NOTHING is what stands for "no value".
PADDING = " \t\r\n\x00\u00a0"
NOTHING = ("", "\\N", "NULL")
# A whole number that passed through a floating point column ("35000.0"): pandas and spreadsheets write codes, telephones
# and NIR so. Smaller ones are measures.
FLOATED = r"^([1-9]\d{3,14})\.0$"
# Distinct values of a column that are looked at, characters of a cell, and the longest cell a pattern can match.
_VALUES, _CHARS, _CELL = 500, 2000, 200
_NUMBER = r"^[+-]?(?:(?:[0-9]{1,3}(?:[ \u{a0}\u{202f}.,'][0-9]{3})+|[0-9]+)(?:[.,][0-9]*)?|[.,][0-9]+)(?:[eE][+-]?[0-9]+)? ?[%€$£]?$"
_NAME = r"^[^0-9@/;:|(){}<>=+#&%]+$"
# Words a sentence has at least.
_SENTENCE = 4
# Share of names in a list is judged on tokens of two letters or more.
_TOKEN, _NAME_CHARS = 2, 60


def tidied(cell: pl.Expr) -> pl.Expr:
    """The cell without padding, and without the decimal of a number that has none."""
    return cell.str.strip_chars(PADDING).str.replace(FLOATED, "$1")


def melt(frame: pl.DataFrame) -> pl.DataFrame:
    """Columns of raw cells to rows ``column`` (UInt16), ``cell`` (trimmed, never empty), ``rows``: distinct per column."""
    ids = {name: n for n, name in enumerate(frame.columns)}
    long = frame.unpivot(variable_name="column", value_name="cell").lazy()
    return (
        long.select(
            pl.col("column").replace_strict(ids, return_dtype=pl.UInt16),
            tidied(pl.col("cell")).str.slice(0, _CHARS),
        )
        .filter(pl.col("cell").is_not_null() & ~pl.col("cell").is_in(NOTHING))
        .group_by("column", "cell", maintain_order=True)
        .agg(pl.len().alias("rows"))
        .filter(pl.int_range(pl.len()).over("column") < _VALUES)
        .collect()
    )


def of_column(long: pl.DataFrame, index: int) -> pl.DataFrame:
    """The rows of one column; those of ``melt`` are in the order of the columns, so that none but its own are looked at."""
    column = long["column"]
    start, end = (int(column.search_sorted(index, side)) for side in ("left", "right"))
    return long.slice(start, end - start)


def shapes(long: pl.DataFrame) -> dict[int, Shape]:
    """Column to its shape."""
    cell = pl.col("cell")
    lower, upper = cell.str.to_lowercase(), cell.str.to_uppercase()
    spaces = cell.str.count_matches(" ", literal=True)
    measured = long.lazy().with_columns(
        chars=cell.str.len_chars(),
        number=cell.str.contains(_NUMBER),
        integer=cell.str.contains("^[+-]?[0-9]+$"),
        digit=cell.str.contains("[0-9]"),
        letter=lower != upper,
        small=cell != upper,
        capital=cell != lower,
        mark=cell.str.contains(r"[!-/:-@\[-`{-~]"),
        space=spaces > 0,
        word=spaces + 1,
        sentence=(spaces >= _SENTENCE - 1) & (lower != upper),
    )
    table = measured.group_by("column").agg(
        filled=pl.col("rows").sum(),
        distinct=pl.len(),
        length_min=pl.col("chars").min(),
        length_max=pl.col("chars").max(),
        length_mean=pl.col("chars").mean(),
        digits=pl.col("digit").mean(),
        letters=pl.col("letter").mean(),
        numbers=pl.col("number").mean(),
        integers=pl.col("integer").mean(),
        lower=pl.col("small").mean(),
        upper=pl.col("capital").mean(),
        marks=pl.col("mark").mean(),
        mixed=(pl.col("letter") & pl.col("digit")).mean(),
        spaced=pl.col("space").mean(),
        words=pl.col("word").mean(),
        sentences=pl.col("sentence").mean(),
    )
    named = names(long)
    table_rows = {row.pop("column"): row for row in table.collect().iter_rows(named=True)}
    return {column: msgspec.convert(row | named.get(column, {}), Shape) for column, row in table_rows.items()}


def names(long: pl.DataFrame) -> dict[int, dict[str, float]]:
    """Column to the shares of its distinct values that are first names, last names, both in one, or common words.

    ``given`` is the share of tokens that are commoner as first name than as last name: "MARTIN" is a first name too,
    and only the column as a whole tells. A column with few name-like values is left out.
    """
    worded = (
        long.lazy()
        .filter(pl.col("cell").str.contains(_NAME) & (pl.col("cell").str.len_chars() <= _NAME_CHARS))
        .select("column", "cell", token=lexicons.fold(pl.col("cell")).str.split(" "))
    )
    tokens = (
        worded.explode("token")
        .filter(pl.col("token").str.len_bytes() >= _TOKEN)
        .join(lexicons.everyone().lazy(), on="token", how="left")
        .group_by("column", "cell")
        .agg(
            first=pl.col("first").is_not_null().all(),
            last=pl.col("last").is_not_null().all(),
            any_first=pl.col("first").is_not_null().any(),
            any_last=pl.col("last").is_not_null().any(),
            words=pl.len(),
            named=(pl.col("first").is_not_null() | pl.col("last").is_not_null()).sum(),
            given=(pl.col("first").fill_null(0) > pl.col("last").fill_null(0)).sum(),
            common=pl.col("common").all(),
        )
        .group_by("column")
        .agg(
            first_names=pl.col("first").sum(),
            last_names=pl.col("last").sum(),
            full_names=((pl.col("words") > 1) & pl.col("any_first") & pl.col("any_last") & (pl.col("named") >= 2)).sum(),  # noqa: PLR2004  # a first and a last name
            given=pl.col("given").sum() / pl.col("named").sum().clip(1),
            common=pl.col("common").sum(),
        )
        .join(long.lazy().group_by("column").agg(distinct=pl.len()), on="column")
        .with_columns(pl.col("first_names", "last_names", "full_names", "common") / pl.col("distinct"))
        .drop("distinct")
        .collect()
    )
    return {row.pop("column"): row for row in tokens.iter_rows(named=True)}


def hits(long: pl.DataFrame, rules: Mapping[str, Rule]) -> dict[int, dict[str, Hits]]:
    """Column to label to how its cells meet the rule; labels that too few cells of a column meet are left out.

    Keys, lists and slices are asked only of the cells that have the form, where the form is met often enough to matter:
    half the least share that the rule asks.
    """
    short = long.filter(pl.col("cell").str.len_chars() <= _CELL)
    longest = long.select(pl.col("cell").str.len_chars().max()).item() or 0
    met = patterns.forms(short["cell"], {label: rule for label, rule in rules.items() if rule.value.min_length <= longest})
    often = _often(long, short, met, rules)
    firm = patterns.firms(short["cell"], {label: rules[label] for label in often})
    closer = [
        _closer(short.hstack([firm[label].alias("firm")] if label in firm.columns else []).filter(met[label]), rules[label])
        for label in often
    ]
    found: dict[int, dict[str, Hits]] = {}
    for row in _counted(closer):
        label, column = row.pop("label"), row.pop("column")
        if column in often[label]:
            found.setdefault(column, {})[label] = Hits(**row)
    return found


def _often(long: pl.DataFrame, short: pl.DataFrame, met: pl.DataFrame, rules: Mapping[str, Rule]) -> dict[str, set[int]]:
    """Label to the columns in which its form is met often enough."""
    if not met.width:
        return {}
    rows = met.select(pl.all() * short["rows"]).hstack([short["column"].alias("")]).group_by("").sum()
    filled = dict(long.group_by("column").agg(pl.col("rows").sum()).iter_rows())
    found = {}
    for label in met.columns:
        least = min(rules[label].decide.min_share, rules[label].decide.header_share) / 2
        columns = {column for column, n in zip(rows[""], rows[label], strict=True) if n / filled[column] > least}
        if columns:
            found[label] = columns
    return found


def _closer(cells: pl.DataFrame, rule: Rule) -> pl.DataFrame:
    """What is true of each cell that has the form of one rule."""
    cell, value, spread = pl.col("cell"), rule.value, rule.decide.spread
    checked, no = patterns.key(rule, cell), pl.lit(value=False)
    return cells.select(
        pl.lit(rule.id).alias("label"),
        "column",
        "rows",
        valid=no if checked is None else checked.fill_null(value=False),
        keyless=no if checked is None else checked.is_null(),
        firm=pl.col("firm").fill_null(value=False) if "firm" in cells.columns else pl.lit(value=True),
        known=lexicons.listed(lexicons.fold(cell), lexicons.codes(value.lexicon)) if value.lexicon else no,
        part=patterns.bare(rule, cell).str.slice(spread.start, spread.length) if spread else pl.lit(""),
    )


def _counted(closer: list[pl.DataFrame]) -> Iterator[dict[str, Any]]:
    """The numbers of ``Hits`` by label and column."""
    if closer:
        table = (
            pl.concat(closer)
            .group_by("label", "column", maintain_order=True)
            .agg(
                rows=pl.col("rows").sum(),
                values=pl.len(),
                valid=pl.col("rows").filter("valid").sum(),
                valid_values=pl.col("valid").sum(),
                keyless=pl.col("keyless").sum(),
                firm=pl.col("rows").filter("firm").sum(),
                firm_values=pl.col("firm").sum(),
                known=pl.col("known").sum(),
                spread=pl.col("part").filter("firm").n_unique(),
            )
        )
        yield from table.iter_rows(named=True)

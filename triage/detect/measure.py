"""The probed cells as one long frame of distinct values, and what is measured on it: shapes and hits of every rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from triage.detect import lexicons, patterns
from triage.detect.plan import Hits, Shape

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from triage.rules import Rule

# A padded or fixed-width export fills cells with blanks, tabs, no-break spaces or NUL; NOTHING is what stands for "no value".
PADDING = " \t\r\n\x00\u00a0"
NOTHING = ("", "\\N", "NULL")
# Distinct values of a column that are looked at, characters of a cell, and the longest cell a pattern can match.
_VALUES, _CHARS, _CELL = 1000, 2000, 200
_NUMBER = r"^[+-]?(?:[0-9]{1,3}(?:[ \u{a0}\u{202f}.,'][0-9]{3})+|[0-9]*)(?:[.,]?[0-9]+)(?:[eE][+-]?[0-9]+)? ?[%€$£]?$"
_NAME = r"^[^0-9@_/;:|(){}<>=+#&%]+$"
# Words a sentence has at least.
_SENTENCE = 4
# Share of names in a list is judged on tokens of two letters or more.
_TOKEN, _NAME_CHARS = 2, 60


def melt(frame: pl.DataFrame) -> pl.DataFrame:
    """Columns of raw cells to rows ``column`` (UInt16), ``cell`` (trimmed, never empty), ``rows``: distinct per column."""
    ids = {name: n for n, name in enumerate(frame.columns)}
    long = frame.unpivot(variable_name="column", value_name="cell").lazy()
    return (
        long.select(
            pl.col("column").replace_strict(ids, return_dtype=pl.UInt16),
            pl.col("cell").str.strip_chars(PADDING).str.slice(0, _CHARS),
        )
        .filter(pl.col("cell").is_not_null() & ~pl.col("cell").is_in(NOTHING))
        .group_by("column", "cell", maintain_order=True)
        .agg(pl.len().alias("rows"))
        .filter(pl.int_range(pl.len()).over("column") < _VALUES)
        .collect()
    )


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
    return {column: Shape(**row, **named.get(column, {})) for column, row in table_rows.items()}


def names(long: pl.DataFrame) -> dict[int, dict[str, float]]:
    """Column to the shares of its distinct values that are first names, last names, both in one, or common words.

    ``given`` is the share of tokens that are commoner as first name than as last name: "MARTIN" is a first name too,
    and only the column as a whole tells. A column with few name-like values is left out.
    """
    worded = long.lazy().filter(pl.col("cell").str.contains(_NAME) & (pl.col("cell").str.len_chars() <= _NAME_CHARS)).select("column", "cell", token=lexicons.fold(pl.col("cell")).str.split(" "))
    tokens = (
        worded.explode("token")
        .filter(pl.col("token").str.len_bytes() >= _TOKEN)
        .join(lexicons.people().lazy(), on="token", how="left")
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
    """Column to label to how its cells meet the rule, all rules in one query; labels without a hit are left out."""
    short = long.lazy().filter(pl.col("cell").str.len_chars() <= _CELL)
    flags = [flag for rule in rules.values() for flag in _flags(rule)]
    formed = [label for label, rule in rules.items() if patterns.form(rule, pl.col("cell")) is not None]
    table = short.with_columns(flags).group_by("column").agg([a for label in formed for a in _sums(rules[label])]).collect()
    return {row["column"]: dict(_read(row, formed)) for row in table.iter_rows(named=True)}


def _flags(rule: Rule) -> Iterator[pl.Expr]:
    cell = pl.col("cell")
    shaped = patterns.form(rule, cell)
    if shaped is None:
        return
    yield shaped.alias(f"{rule.id}:form")
    keyed, sure = patterns.key(rule, cell), patterns.firm(rule, cell)
    if keyed is not None:
        yield (shaped & keyed).fill_null(value=False).alias(f"{rule.id}:key")
    if sure is not None:
        yield (shaped & sure).alias(f"{rule.id}:firm")
    if rule.value.lexicon:
        yield (shaped & lexicons.fold(cell).is_in(lexicons.codes(rule.value.lexicon).implode())).alias(f"{rule.id}:known")


def _sums(rule: Rule) -> Iterator[pl.Expr]:
    """Rows and distinct values for each flag of a rule."""
    shaped = pl.col(f"{rule.id}:form")
    made = {"form": True, "key": bool(rule.value.validator), "firm": bool(rule.value.ambiguous or rule.value.firm), "known": bool(rule.value.lexicon)}
    for kind, there in made.items():
        if there:
            flag = pl.col(f"{rule.id}:{kind}")
            yield flag.sum().alias(f"{rule.id}:{kind}:values")
            yield pl.col("rows").filter(flag).sum().alias(f"{rule.id}:{kind}:rows")
    if spread := rule.decide.spread:
        part = patterns.bare(rule, pl.col("cell")).str.slice(spread.start, spread.length)
        yield part.filter(shaped).n_unique().alias(f"{rule.id}:spread")


def _read(row: dict[str, int], labels: list[str]) -> Iterator[tuple[str, Hits]]:
    for label in labels:
        found = {kind: (row.get(f"{label}:{kind}:rows"), row.get(f"{label}:{kind}:values")) for kind in ("form", "key", "firm", "known")}
        rows, values = found["form"]
        if not rows:
            continue
        firm, firm_values = found["firm"] if found["firm"][0] is not None else (rows, values)
        yield (
            label,
            Hits(
                rows=rows,
                values=values or 0,
                valid=found["key"][0] or 0,
                valid_values=found["key"][1] or 0,
                firm=firm or 0,
                firm_values=firm_values or 0,
                known=found["known"][1] or 0,
                spread=row.get(f"{label}:spread", 0),
            ),
        )

"""A dump as mysqldump writes it: CREATE TABLE, then inserts of many rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from triage.samples.recipe import Column, File, RecipeError, Table
from triage.samples.writers import Part, writer

_ROWS = 500
# Types whose values stand without quotes.
_BARE = ("int", "bigint", "tinyint", "decimal", "double")
_TOP = """-- MySQL dump 10.13  Distrib 8.0.36, for Linux (x86_64)
--
-- Host: localhost    Database: {name}
-- ------------------------------------------------------
-- Server version\t8.0.36

/*!40101 SET NAMES utf8mb4 */;
/*!40014 SET @OLD_FOREIGN_KEY_CHECKS=@@FOREIGN_KEY_CHECKS, FOREIGN_KEY_CHECKS=0 */;
"""


def _tells(file: File, table: Table) -> dict[str, Any]:
    if file.options or file.parts != 1 or file.page:
        raise RecipeError(f"file {file.path}: a dump is one file without options")
    return {"table": table.name, "encoding": "utf-8", "delimiter": None, "newline": None, "quote": None, "header": True}


@writer("mysqldump", _tells)
def mysqldump(part: Part) -> Iterator[bytes]:
    """Every table of the file, one after the other."""
    yield _TOP.format(name=part.leak.recipe.id).encode()
    for name in part.file.tables:
        columns = part.columns(name)
        yield _create(name, columns).encode()
        for block in part.blocks(name):
            for start in range(0, len(block.cells), _ROWS):
                rows = _tuples(block.cells.slice(start, _ROWS), columns)
                yield " ".join(("INSERT INTO", f"`{name}`", "VALUES", f"{','.join(rows)};\n")).encode()
        yield f"/*!40000 ALTER TABLE `{name}` ENABLE KEYS */;\nUNLOCK TABLES;\n".encode()
    yield b"-- Dump completed on 2024-01-31  3:14:15\n"


def _create(name: str, columns: tuple[Column, ...]) -> str:
    lines = ",\n".join(f"  `{column.name}` {column.type or 'varchar(255)'} DEFAULT NULL" for column in columns)
    return (
        f"\n--\n-- Table structure for table `{name}`\n--\n\nDROP TABLE IF EXISTS `{name}`;\n"
        f"CREATE TABLE `{name}` (\n{lines}\n) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;\n\n"
        f"LOCK TABLES `{name}` WRITE;\n/*!40000 ALTER TABLE `{name}` DISABLE KEYS */;\n"
    )


def _tuples(cells: pl.DataFrame, columns: tuple[Column, ...]) -> list[str]:
    written = [_values(cells[name], column).fill_null("NULL") for name, column in zip(cells.columns, columns, strict=True)]
    rows = cells.select(pl.concat_str([pl.lit("("), pl.concat_str(written, separator=","), pl.lit(")")])).to_series()
    return rows.to_list()


def _values(cells: pl.Series, column: Column) -> pl.Series:
    if column.type.startswith(_BARE):
        return cells
    for plain, escaped in (("\\", "\\\\"), ("'", "\\'"), ("\n", "\\n"), ("\r", "\\r")):
        cells = cells.str.replace_all(plain, escaped, literal=True)
    return "'" + cells + "'"

"""Text in blocks of named lines (``Nom : …``, ``Tél : …``), told by names that come again in turn.

Cards typed or exported one below the other, the logs of stealers, calendars (iCalendar), debian control files: a block is a
record. Where the same names come in any order (a table of two columns, rules for robots) it is none.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

FORMAT = "fields"
# A name of a few words that begins with a letter, and a sign; "http://" and "12:30" are none, nor is a whole sentence.
NAMED = re.compile(r"[ \t]*(?:[-*•][ \t]+)?(?P<name>[^\W\d_][^\n:=;|@\t]{0,39}?)[ \t]*[:=](?!//)(?P<value>[^\n]*)")
_SIGNS, _RULE = "-=_*#~+.", 3
_WORDS = 5
# Names that come so often, and their share of the lines; share of names that come twice in a block.
_AGAIN, _SHARE, _TWICE = 3, 0.6, 0.1
_FEWEST, _MOST = 2, 100
_SAMPLE = 4000

Block = list[tuple[str, str]]


def name_of(line: str) -> tuple[str, str] | None:
    """Name and value of a line; None where it is something else."""
    found = NAMED.fullmatch(line)
    if found is None or found["name"].count(" ") >= _WORDS:
        return None
    return found["name"].rstrip(), found["value"].strip()


def ruled(line: str) -> bool:
    r"""Whether a line parts what stands above it from what stands below: blank, ruled, or ruled around a few words.

    mysql's ``\G`` writes ``*** 2. row ***`` between its rows.
    """
    bare = line.strip()
    words = bare.strip(_SIGNS + " ")
    if not words:
        return not bare or len(bare) >= _RULE
    ends = bare[:_RULE] + bare[-_RULE:]
    return ":" not in words and len(ends) == 2 * _RULE and not ends.strip(_SIGNS)


def of(text: str) -> str | None:
    """``fields``, or None; the last line may be cut and is left out."""
    lines = text.split("\n", _SAMPLE)[:-1]
    filled = [line for line in lines if not ruled(line)]
    named = [found[0] for line in filled if (found := name_of(line.rstrip("\r")))]
    names = Counter(named)
    again = {name for name, n in names.items() if n >= _AGAIN}
    if not (_FEWEST <= len(again) <= _MOST and sum(names[name] for name in again) >= _SHARE * len(filled)):
        return None
    made = [[name for name, _ in block] for block in blocks(lines, opening(lines))]
    twice = sum(len(block) - len(set(block)) for block in made)
    several = sum(len(set(block)) >= _FEWEST for block in made)
    return FORMAT if twice <= _TWICE * len(named) and several * 2 > len(made) else None


def opening(lines: Iterable[str]) -> str | None:
    """The name that begins a block: the first of those that come about as often as any; a title above the blocks comes once."""
    names = Counter(found[0] for line in lines if (found := name_of(line.rstrip("\r"))))
    return next((name for name, n in names.items() if n * 2 >= max(names.values())), None)


def blocks(lines: Iterable[str], first: str | None, *, begun: bool = False) -> Iterator[Block]:
    """The blocks of lines: one begins with the name ``first``, or, behind a blank or ruled line, with a name that it has.

    A line without a name goes on with the value above it; what stands above the first block is left out,
    unless they have ``begun`` before.
    """
    block: list[tuple[str, list[str]]] = []
    held: set[str] = set()
    apart = False
    for line in lines:
        found = name_of(line.rstrip("\r"))
        if found is None:
            if ruled(line):
                apart = True
            elif block and not apart:
                block[-1][1].append(line.strip())
            continue
        name, value = found
        if not block and name != first and not begun:
            continue
        begun = True
        if block and (name == first or (apart and name in held)):
            yield _joined(block)
            block, held = [], set()
        block.append((name, [value]))
        held.add(name)
        apart = False
    if block:
        yield _joined(block)


def _joined(block: list[tuple[str, list[str]]]) -> Block:
    return [(name, "\n".join(parts)) for name, parts in block]

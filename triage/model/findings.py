"""When, where, who and whence: ``period``, ``geography``, ``demographics``, ``combinations``, ``origin``, ``authenticity``."""

from __future__ import annotations

import msgspec

from triage.model.base import Coherence, Struct


class MonthCount(Struct, frozen=True, kw_only=True):
    """Rows of one month (of one year for births)."""

    month: str
    n: int


class DateField(Struct, frozen=True, kw_only=True):
    """Dates of one column; ``min`` to ``max`` are ISO days, months or years, as law 3 lets them out."""

    column: str
    role: str
    n: int
    min: str | None
    p5: str | None
    median: str | None
    p95: str | None
    max: str | None
    implausible: int
    default: int
    future: int
    histogram: tuple[MonthCount, ...]


class FilePeriod(Struct, frozen=True, kw_only=True):
    """First and last event of one file."""

    path: str
    min: str | None
    max: str | None


class Period(Struct, frozen=True, kw_only=True):
    """What the dates span; ``newest`` and ``oldest`` are of events."""

    fields: tuple[DateField, ...]
    newest: str | None
    oldest: str | None
    by_file: tuple[FilePeriod, ...]


class Place(Struct, frozen=True, kw_only=True):
    """A département, region or zone with its share of the denominator.

    ``residents`` is its population, ``ratio`` the share over that of its residents among all (2: twice as many as chance),
    ``one_in`` n where about one resident in n stands in the files (data subjects' places only).
    """

    code: str
    name: str
    n: int | None
    share: float | None
    suppressed: bool = False
    residents: int | None = None
    ratio: float | None = None
    one_in: int | None = None


class Commune(Struct, frozen=True, kw_only=True):
    """A commune of at least eleven rows."""

    name: str
    department: str
    n: int
    share: float


class Geography(Struct, frozen=True, kw_only=True):
    """Places by one basis: whose postal codes, how many (``denominator``), over what share of the rows (``coverage``).

    ``zones`` are the quarters of the telephone numbering plan (north-west …); ``one_in``: one resident of France in n.
    """

    basis: str
    denominator: int
    coverage: float
    departments: tuple[Place, ...]
    regions: tuple[Place, ...]
    communes: tuple[Commune, ...]
    cumulative: float | None
    zones: tuple[Place, ...] = ()
    one_in: int | None = None


class AgeBand(Struct, frozen=True, kw_only=True):
    """Persons of an age, bounds included."""

    from_: int = msgspec.field(name="from")
    to: int
    n: int | None


class Demographics(Struct, frozen=True, kw_only=True):
    """Who the persons are; ``basis`` names the column it was told from.

    ``sex_known`` and ``birth_known`` are the persons of whom it is known: the denominators of ``women`` and of ages.
    """

    basis: str | None
    women: float | None
    minors: int | None
    age_median: float | None
    bands: tuple[AgeBand, ...]
    sex_known: int | None = None
    birth_known: int | None = None
    deceased: int | None = None
    over_110: int | None = None


class Combination(Struct, frozen=True, kw_only=True):
    """A set of labels that stand together: in so many rows, and in the rows that one person has over all files."""

    id: str
    labels: tuple[str, ...]
    rows: int | None
    persons: int | None
    suppressed: bool = False


class Organisations(Struct, frozen=True, kw_only=True):
    """Bodies that a column names: how many, never which."""

    distinct: int | None = None
    kinds: tuple[str, ...] = ()
    first_share: float | None = None
    column: str | None = None


class Sequence(Struct, frozen=True, kw_only=True):
    """A counter among the columns: which part of its range is there, how many gaps."""

    column: str
    density: float
    gaps: int


class Clue(Struct, frozen=True, kw_only=True):
    """A technical trace of the source."""

    kind: str
    value: str


class Origin(Struct, frozen=True, kw_only=True):
    """What the files say of where they come from."""

    organisations: Organisations
    sequences: tuple[Sequence, ...]
    clues: tuple[Clue, ...]


class Check(Struct, frozen=True, kw_only=True):
    """A check of coherence: how many cells were checked, how many passed."""

    id: str
    n: int
    passed: int
    rate: float | None
    verdict: Coherence


class SchemaBreak(Struct, frozen=True, kw_only=True):
    """A row from which a table's columns are filled otherwise: glued sources."""

    table: int
    row: int
    columns: tuple[str, ...]


class Authenticity(Struct, frozen=True, kw_only=True):
    """Whether the data hold together; ``signs`` are those of generated data (too few names, reserved mail domains …)."""

    checks: tuple[Check, ...]
    verdict: Coherence
    schema_breaks: tuple[SchemaBreak, ...]
    signs: tuple[str, ...] = ()


class Overlap(Struct, frozen=True, kw_only=True):
    """What two sets share."""

    reference: str
    fields: tuple[str, ...]
    rows_common: int
    share_here: float
    share_there: float
    extra_fields_common: tuple[str, ...]

"""Facts about a person, drawn like the people of France; every fact is a column over the entity's ids.

Ages follow Insee's pyramid of 2020 by bands of five years (thousands), names and first names their births, places
their population. A tenth are born abroad. Nothing comes from a real person: each part is drawn for itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from triage.samples import lists
from triage.samples.draw import cumulative, place
from triage.samples.keys import two_digits, zero_padded

if TYPE_CHECKING:
    from triage.samples.cast import Who

_PYRAMID = (3600, 4100, 4200, 4100, 3800, 3700, 4000, 4200, 4100, 4500, 4500, 4400, 4100, 3900, 3500, 2300, 1800, 1300, 650, 180, 20)
_YEAR = 365.25
_BORN_ABROAD = 0.11
_BORN_NEARBY = 0.72
_MARRIED_NAME = 0.55
_GROWN_UP = 25
# Heads of families are of age: the pyramid, squeezed above 18.
_OF_AGE, _GROWN = 18, 0.82
_CORSICA_SPLIT = 1976
# Insee's most frequent countries of birth of residents born abroad (thousands, rounded); 99 and the country's code.
_COUNTRIES = {"99352": 890, "99350": 840, "99139": 600, "99351": 320, "99127": 280, "99208": 240, "99134": 240, "99109": 200, "99132": 150}
_COUNTRIES |= {"99131": 150, "99341": 130, "99326": 120, "99312": 100, "99114": 100, "99216": 100, "99122": 90, "99243": 80, "99333": 70}


def woman(who: Who) -> pl.Series:
    """Whether the person is a woman."""
    base = who.other("woman") if who.settings.opposite_sex else None
    return ~base if base is not None else who.chance("woman", who.settings.women)


def age(who: Who) -> pl.Series:
    """Age in years (Float64) on the recipe's day."""
    bands = range(len(_PYRAMID))
    years = [_PYRAMID[b] * _overlap(b * 5, who.settings.youngest, who.settings.oldest) for b in bands]
    upper = cumulative(years)
    at = place(upper, who.unit("age band"))
    lived = (at.cast(pl.Float64) * 5 + who.unit("age in band") * 5).clip(who.settings.youngest, who.settings.oldest + 0.99)
    return (lived * _GROWN + _OF_AGE).zip_with(who.ids == who.kin, lived) if who.settings.family else lived


def _overlap(start: int, youngest: int, oldest: int) -> float:
    """How much of a five-year band lies within the ages asked for."""
    return max(0, min(start + 5, oldest + 1) - max(start, youngest)) / 5


def birth(who: Who) -> pl.Series:
    """Birth date; never after the recipe's last possible one."""
    days = (who.world.today - (who.fact(age) * _YEAR).cast(pl.Int32)).clip(None, who.world.born_before)
    return days.cast(pl.Int32).cast(pl.Date)


def first_name(who: Who) -> pl.Series:
    """A first name of the person's sex, folded."""
    women, men = lists.first_names("F"), lists.first_names("M")
    female = who.pick("first name", women.names, women.upper)
    male = who.pick("first name", men.names, men.upper)
    return female.zip_with(who.fact(woman), male)


def birth_name(who: Who) -> pl.Series:
    """The name at birth, folded."""
    names = lists.last_names()
    return names.names.gather(place(names.upper, who.shared("birth name")))


def married(who: Who) -> pl.Series:
    """Whether the person bears another name than at birth: many married women, few others."""
    return who.fact(woman) & (who.fact(age) > _GROWN_UP) & who.chance("married name", _MARRIED_NAME)


def last_name(who: Who) -> pl.Series:
    """The name in use, folded."""
    names = lists.last_names()
    taken = who.pick("married name", names.names, names.upper)
    return taken.zip_with(who.fact(married), who.fact(birth_name))


def department(who: Who) -> pl.Series:
    """Position of the département in ``places().codes``: spread over the ids so that shares are as asked."""
    return place(who.upper, (who.kin.cast(pl.Float64) + 0.5) / who.count)


def home(who: Who) -> pl.Series:
    """Row of ``places().frame`` where the person lives."""
    return lists.places().draw(who.fact(department), who.shared("home"))


def birth_place(who: Who) -> pl.Series:
    """Row of ``places().frame`` where the person was born, if in France: mostly near home."""
    places = lists.places()
    near = places.draw(who.fact(department), who.unit("born nearby"))
    far = place(places.upper, who.unit("born far"))
    return near.zip_with(who.chance("born nearby or far", _BORN_NEARBY), far)


def born_abroad(who: Who) -> pl.Series:
    """Whether the person was born in another country."""
    return who.chance("born abroad", _BORN_ABROAD)


def birth_code(who: Who) -> pl.Series:
    """Insee code of the birth place, as the NIR holds it: Corsicans born before 1976 have 20, people from abroad 99."""
    here = lists.places().frame["insee"].gather(who.fact(birth_place))
    old = here.str.replace("^2[AB]", "20").zip_with(who.fact(birth).dt.year() < _CORSICA_SPLIT, here)
    abroad = who.pick("birth country", list(_COUNTRIES), cumulative(list(_COUNTRIES.values())))
    return abroad.zip_with(who.fact(born_abroad), old)


def nir_stem(who: Who) -> pl.Series:
    """The ten first characters of the NIR: sex, year, month, place."""
    sex = who.fact(woman).cast(pl.Int8) + 1
    born = who.fact(birth)
    return sex.cast(pl.String) + two_digits(born.dt.year() % 100) + two_digits(born.dt.month()) + who.fact(birth_code)


def nir(who: Who) -> pl.Series:
    """The 13 characters of the NIR; the order number keeps two persons of one stem apart."""
    return who.fact(nir_stem) + zero_padded(who.orders(), 3)


def orders(stems: pl.Series) -> pl.Series:
    """Order numbers 1-999 for the stems of a whole population, distinct within a stem while it has 999 persons or fewer."""
    frame = pl.DataFrame({"stem": stems}).with_row_index("person")
    rank = pl.col("person").rank("ordinal").over("stem").cast(pl.Int64)
    start = pl.col("person").min().over("stem").cast(pl.Int64)
    return frame.select(((start * 37 + rank * 101) % 999 + 1).cast(pl.Int16)).to_series()

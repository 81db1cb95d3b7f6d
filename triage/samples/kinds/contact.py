"""Where and how somebody is reached."""

from __future__ import annotations

import polars as pl

from triage.samples import lists, people
from triage.samples.cast import Who
from triage.samples.draw import cumulative
from triage.samples.keys import zero_padded
from triage.samples.kinds import constant, kind
from triage.samples.recipe import Column

_STREET_TYPES = {"RUE": 60, "AVENUE": 9, "ALLEE": 7, "CHEMIN": 5, "IMPASSE": 8, "PLACE": 4, "BOULEVARD": 4, "LIEU-DIT": 3}
_STREETS = (
    "DES LILAS", "DU GENERAL DE GAULLE", "VICTOR HUGO", "DE LA GARE", "DES ECOLES", "PASTEUR", "JEAN JAURES", "DE L'EGLISE", "DU MOULIN",
    "DES ROSIERS", "LEON GAMBETTA", "DE BRETAGNE", "DES ACACIAS", "DU STADE", "DE LA MAIRIE", "DES PEUPLIERS", "DE VERDUN",
    "DU 8 MAI 1945", "DU 11 NOVEMBRE", "DES CERISIERS", "DE LA FONTAINE", "DU CHATEAU", "DE LA REPUBLIQUE", "DES TILLEULS",
    "MARIE CURIE", "ANATOLE FRANCE", "EMILE ZOLA", "DES PRES", "DU BOIS", "DES VIGNES", "DE LA CROIX", "DE LA FORET", "DU PUITS",
    "DES CHENES", "DES HIRONDELLES", "DE LA LIBERTE", "JULES FERRY", "DU LAVOIR", "DE KERLANN", "DU PONT", "DE LA PLAGE", "DES GENETS",
    "DES FRERES LUMIERE", "ARISTIDE BRIAND", "PAUL VERLAINE", "DES MIMOSAS", "DU COTEAU", "DE LA VALLEE", "DE LA MER", "DE L'OUEST",
    "DU PORT", "DE L'ABBAYE", "DES CAMELIAS", "DU VERGER", "DES JARDINS", "SAINT-MICHEL", "NOTRE-DAME", "DE LA PAIX", "DES ARTISANS",
    "DU MARCHE", "DES ALOUETTES", "LOUISE MICHEL", "DE LA POSTE", "DU CALVAIRE", "D'ORLEANS",
)  # fmt: skip
_FLOORS = ("APPT", "BAT", "RESIDENCE LES PINS APPT", "ESC", "LOT", "CHEZ M.", "BP")
_MOBILE = ("060", "061", "062", "064", "065", "066", "067", "068", "076", "077", "078")
_LANDLINES = {
    "01": ("30", "34", "39", "40", "42", "43", "45", "46", "47", "48", "60", "64", "69"),
    "02": ("31", "33", "35", "37", "40", "41", "43", "47", "48", "51", "54", "97", "98", "99"),
    "03": ("20", "21", "22", "23", "24", "25", "26", "27", "28", "29", "44", "80", "81", "83", "84", "86", "87", "88", "89"),
    "04": ("42", "50", "66", "67", "68", "70", "72", "73", "74", "75", "76", "77", "78", "79", "90", "91", "92", "93", "94", "95"),
    "05": ("46", "49", "53", "55", "56", "57", "58", "59", "61", "62", "63", "65"),
}
# Prefixes of the départements a recipe is about; elsewhere any of the zone's.
_OWN_PREFIX = {"56": "0297", "45": "0238", "27": "0232", "22": "0296", "35": "0299", "41": "0254", "29": "0298", "33": "0556", "44": "0240"}
_OWN_PREFIX |= {"971": "05909", "972": "0596", "973": "0594", "974": "0262", "976": "0269"}
# Numbering zone by region; the south-west, and overseas without its own prefix, is 05.
_ZONES = dict.fromkeys(("24", "28", "52", "53"), "02") | dict.fromkeys(("27", "32", "44"), "03") | dict.fromkeys(("84", "93", "94"), "04")
_ZONES |= {"11": "01"}
_SOUTH_EAST = {"11", "30", "34", "48", "66"}
_DOMAINS = {
    "gmail.com": 27, "orange.fr": 22, "hotmail.fr": 11, "wanadoo.fr": 11, "free.fr": 7, "sfr.fr": 5, "yahoo.fr": 5, "laposte.net": 4,
    "hotmail.com": 3, "live.fr": 2, "outlook.fr": 1.5, "bbox.fr": 0.8, "neuf.fr": 0.7,
}  # fmt: skip


def _place(who: Who, what: str) -> pl.Series:
    return lists.places().frame[what].gather(who.fact(people.home))


@kind("address", label="address")
def address(who: Who, _column: Column) -> pl.Series:
    """Number, kind of street and an invented name."""
    number = (who.below("street number", 120) + 1).cast(pl.String)
    bis = who.pick("bis", ["", " BIS", " TER"], cumulative([94, 5, 1]))
    street = who.pick("street type", list(_STREET_TYPES), cumulative(list(_STREET_TYPES.values())))
    return number + bis + " " + street + " " + who.pick("street", _STREETS)


@kind("address_extra", label="address")
def address_extra(who: Who, _column: Column) -> pl.Series:
    """Second line of an address."""
    return who.pick("floor", _FLOORS) + " " + (who.below("floor number", 60) + 1).cast(pl.String)


@kind("postal_code", label="postal_code")
def postal_code(who: Who, _column: Column) -> pl.Series:
    """Postal code of the commune."""
    return _place(who, "postal_code")


@kind("city", label="city")
def city(who: Who, column: Column) -> pl.Series:
    """Commune, without its arrondissement: as printed with ``case = "title"``, else as old software writes it (``ST AVE``)."""
    name = _place(who, "name").str.replace(r" \d+er? Arrondissement$", "")
    if column.options.get("case") == "title":
        return name
    plain = name.str.normalize("NFKD").str.replace_all(r"\p{M}", "").str.to_uppercase()
    return plain.str.replace(r"^SAINT(E?)-", "ST$1 ").str.replace_all("-", " ", literal=True).str.replace_all("’", "'", literal=True)


@kind("country", label="country")
def country(who: Who, _column: Column) -> pl.Series:
    """Country of residence."""
    return who.pick("country", ["FRANCE", "BELGIQUE", "ROYAUME-UNI", "SUISSE"], cumulative([995, 2, 2, 1]))


@kind("phone", label="phone")
def phone(who: Who, column: Column) -> pl.Series:
    """A number of the ``line`` (fixed or mobile) in one of the ``styles``: plain, spaced, dotted, international."""
    mobile = column.options.get("line") == "mobile"
    prefix = who.pick("mobile prefix", _MOBILE) if mobile else _landline(who)
    number = prefix + zero_padded(who.below(f"{column.options.get('line')} number", 10**7), 7)
    number = number.str.slice(0, 10)
    return _styled(who, number, column.options.get("styles", {"plain": 1.0}))


def _landline(who: Who) -> pl.Series:
    """First four digits of a landline of the département."""
    places = lists.places()
    regions = dict(lists.read("departments.tsv").select("code", "region").iter_rows())
    zones = [_ZONES.get(regions[code], "04" if code in _SOUTH_EAST else "05") for code in places.codes]
    own = pl.Series([_OWN_PREFIX.get(code) for code in places.codes], dtype=pl.String)
    zone = pl.Series(zones).gather(who.fact(people.department))
    any_of_zone = constant("", zone)
    for name, prefixes in _LANDLINES.items():
        any_of_zone = (name + who.pick(f"landline {name}", prefixes)).zip_with(zone == name, any_of_zone)
    here = own.gather(who.fact(people.department))
    return here.zip_with(here.is_not_null(), any_of_zone)


def _styled(who: Who, number: pl.Series, styles: dict[str, float]) -> pl.Series:
    """The ten digits as people write them."""
    style = who.pick("phone style", list(styles), cumulative(list(styles.values())))
    pairs = number.str.replace(r"^(..)(..)(..)(..)(..)$", "$1 $2 $3 $4 $5")
    out = pairs.zip_with(style == "spaced", number)
    out = pairs.str.replace_all(" ", ".", literal=True).zip_with(style == "dotted", out)
    return ("+33" + number.str.slice(1)).zip_with(style == "international", out)


@kind("email", label="email")
def email(who: Who, column: Column) -> pl.Series:
    """An address with an invented local part at a ``domains`` table's provider (large French ones unless told)."""
    domains: dict[str, float] = column.options.get("domains", _DOMAINS)
    return local_part(who, "email") + "@" + who.pick("email domain", list(domains), cumulative(list(domains.values())))


def local_part(who: Who, purpose: str) -> pl.Series:
    """``prenom.nom``, ``pnom``, ``nom.prenom`` or ``prenomnom``, mostly with digits; names are drawn apart from the person's."""
    first = _bare(who.pick(f"{purpose} first", lists.first_names("F").names, lists.first_names("F").upper))
    last = _bare(who.pick(f"{purpose} last", lists.last_names().names, lists.last_names().upper))
    form = who.pick(f"{purpose} form", ["first.last", "last.first", "firstlast", "flast"])
    out = (first + "." + last).zip_with(form == "first.last", first.str.slice(0, 1) + last)
    out = (last + "." + first).zip_with(form == "last.first", out)
    out = (first + last).zip_with(form == "firstlast", out)
    digits = (who.below(f"{purpose} digits", 10_000) + 1).cast(pl.String)
    return out + digits.zip_with(who.chance(f"{purpose} has digits", 0.75), constant("", out))


def _bare(names: pl.Series) -> pl.Series:
    """Letters only, lower case."""
    return names.str.replace_all(r"[^A-Z]", "").str.to_lowercase()

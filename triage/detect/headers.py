"""What a column's name says: whole tokens after normalisation, never a piece of a word ("cid" is not in "acid")."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from triage.detect.plan import Header

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from triage.rules import Rule

_EXACT, _RUN, _TOKEN = 3, 2, 1
# In a name of more words than that ("Quel est le lien avec la commune ?") a single one says little.
# The longest header word of the rules has five tokens ("nom de jeune fille …").
_LONGEST = 5
# A word of one or two letters ("cp", "rh") means something only when it is the whole name.
_SHORT = 2
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[A-Za-z])(?=[0-9])|(?<=[0-9])(?=[A-Za-z])")
_NUMBER = frozenset({"n", "no", "nr", "num", "numero", "nro", "number"})
# Words that say whose the value is or how many of them there are, not what it is.
_BESIDE = frozenset(
    [
        "patient",
        "pat",
        "adh",
        "adherent",
        "client",
        "customer",
        "user",
        "utilisateur",
        "usager",
        "personne",
        "person",
        "assure",
        "benef",
        "beneficiaire",
        "agent",
        "contact",
        "membre",
        "member",
        "salarie",
        "employee",
        "titulaire",
        "prescripteur",
        "medecin",
        "praticien",
        "elu",
        "eleve",
        "etudiant",
        "candidat",
        "auteur",
        "gerant",
        "dirigeant",
        "demandeur",
        "proprietaire",
        "locataire",
        "occupant",
        "declarant",
        "responsable",
        "conjoint",
        "enfant",
        "parent",
        "ayant",
        "droit",
        "num",
        "de",
        "du",
        "la",
        "le",
        "des",
        "d",
        "l",
        "of",
        "the",
        "principal",
        "principale",
        "complet",
        "complete",
    ]
)


# Prefixes by which programs and forms name the kind of a field.
_DECORATION = frozenset({"str", "txt", "lib", "lbl", "libelle", "fld", "col", "champ", "c", "t", "f", "p", "s", "dte", "dt", "int", "num"})
_PREFIX = re.compile(r"^(?:str|txt|lbl|fld)(?=[a-z]{3})")
# Letters of whom old software writes before the word, in one with it: PATNOM, ADHCP, BENNIR.
_WHOSE = re.compile(
    r"^(?:patient|pat|adherent|adh|benef|ben|assure|assu|ass|client|cli|salarie|sal|usager|usag|eleve|elv|med|prs|mpr|resp|conj|enf|abo|tit)(?=[a-z]{2})"
)
# Abbreviations of "date" with which names of dates begin: DT_ENT, DTE_SORTIE.
_DAYS = frozenset({"dt", "dte", "dat", "dats"})
_TABLES = frozenset({"tbl", "tab", "mem", "bln", "num", "dat"})


def _shorn(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words without figures, and without a prefix written in one with the first ("strCity", "STRCITY")."""
    kept = tuple(w for w in words if not w.isdigit())
    return (_PREFIX.sub("", kept[0]), *kept[1:]) if kept else kept


def _bare(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words without those that lead in: tables, kinds of fields, whose data they are ("tblPat_strTA" is "TA")."""
    for n, word in enumerate(words[:-1]):
        if word not in _TABLES | _DECORATION | _BESIDE:
            return words[n:]
    return words[-1:]


def _unowned(words: tuple[str, ...]) -> tuple[str, ...]:
    """One word without the letters of whose data it is; "dosage" and "message" are words of their own."""
    return (_WHOSE.sub("", words[0]),) if len(words) == 1 and not words[0].endswith("age") else ()


def tokens(name: str) -> tuple[str, ...]:
    """The words of a name, lower case, without accents: "N° Sécu", "numSecu" and "NUM_SECU" give ("num", "secu")."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name.replace("°", "o ")))
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    words = [w for w in re.split(r"[^a-z0-9]+", _CAMEL.sub("_", plain).lower()) if w]
    if len(words) > 1 and words[0] in _NUMBER:
        words[0] = "num"
    return tuple(words)


class HeaderWords:
    """The header words of all rules, ready to be looked up.

    A weak word counts only where it is the whole name: "nom" may be a last name, "nom_piece_detachee" is none.
    """

    def __init__(self, rules: Mapping[str, Rule]) -> None:
        self._said: dict[str, list[tuple[str, str]]] = {}
        for label, rule in rules.items():
            for kind in ("any", "weak", "none"):
                for word in getattr(rule.header, kind):
                    self._said.setdefault("_".join(tokens(word)), []).append((label, kind))
        self._joined: dict[str, list[tuple[str, str]]] = {}
        self._glued: dict[str, list[tuple[str, str]]] = {}
        for word, said in self._said.items():
            self._joined.setdefault(word.replace("_", ""), []).extend(said)
            if "_" in word:
                self._glued.setdefault(word.replace("_", ""), []).extend(said)

    def read(self, name: str) -> dict[str, Header]:
        """Label to what the name says of it; labels the name is silent about are left out."""
        words = tokens(name)
        found: dict[str, dict[str, int]] = {}
        for strength, said in self._lookup(name, words):
            for label, kind in said:
                kinds = found.setdefault(label, {})
                kinds[kind] = max(strength, kinds.get(kind, 0))
        return {
            label: Header(
                strength=max(kinds.get("any", 0), kinds.get("weak", 0)),
                weak=kinds.get("any", 0) == 0,
                veto="none" in kinds and kinds.get("any", 0) < _EXACT,
            )
            for label, kinds in found.items()
        }

    def _lookup(self, name: str, words: tuple[str, ...]) -> Iterator[tuple[int, list[tuple[str, str]]]]:
        core = tuple(w for w in words if w not in _BESIDE and not w.isdigit())
        undecorated = words[1:] if words and words[0] in _DECORATION else words
        for whole in {words, core, undecorated, _shorn(words), _bare(words), _unowned(words)} - {()}:
            if said := self._joined.get("".join(whole)):
                yield _EXACT, said
        if "." in name:
            # A path of JSON: its end names the value, what stands before says whose it is.
            yield _EXACT, [s for s in self._joined.get("".join(tokens(name.rpartition(".")[2])), []) if s[1] == "any"]
        if len(words) > 1 and words[0] in _DAYS:
            yield _TOKEN, [s for s in self._joined.get("date", []) if s[1] == "any"]
        for size in range(1, min(_LONGEST, len(words)) + 1):
            for start in range(len(words) - size + 1):
                run = "_".join(words[start : start + size])
                said = self._said.get(run, []) if size > 1 or len(words) <= _LONGEST else []
                yield (_RUN if size > 1 else _TOKEN), [s for s in said if s[1] == "none" or (s[1] == "any" and len(run) > _SHORT)]
        # Several words written in one are no chance: "user.profile.lastname".
        yield from ((_RUN, [s for s in self._glued.get(word, []) if s[1] == "any"]) for word in words if len(words) > 1)

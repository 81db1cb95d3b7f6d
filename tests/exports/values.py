"""Values as exports have them: drawn from a seeded generator and public lists, nobody's data."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable
from functools import cache
from typing import Any

from benign.columns import ean13, luhn
from stdnum import iban as std_iban
from stdnum.fr import nir as std_nir

from triage.detect import lexicons

Row = dict[str, Any]
Maker = Callable[[random.Random, Row], str]
# Names that no French list has, as one in twelve of a real file.
_ABROAD_FIRST = ("Oluwaseun", "Xiaoming", "Bogumiła", "Tierno", "Nguyễn", "Sanjeev", "Hrvoje", "Makan")
_ABROAD_LAST = ("Oyelaran", "Papadakis-Wolf", "Tkachuk", "Szczepański", "Ramanathan", "Vũ", "O'Shaughnessy", "Hrvatin")
_STREETS = (
    "rue des Lilas",
    "avenue Jean Jaurès",
    "impasse du Moulin",
    "bd de la Liberté",
    "chemin de la Croix Verte",
    "place de l'Église",
    "allée des Tilleuls",
    "rue du Général Leclerc",
    "route de Paimpol",
    "quai Émile Zola",
    "lotissement Les Genêts",
    "r. Victor Hugo",
    "lieu-dit Kerlann",
    "cité Bel Air",
    "AV DE LA GARE",
)
_DOMAINS = ("gmail.com", "orange.fr", "wanadoo.fr", "hotmail.fr", "free.fr", "laposte.net", "exemple.org")
DRUGS = (
    "DOLIPRANE 1000 MG CPR",
    "LEVOTHYROX 75 MCG",
    "KARDEGIC 75MG SACHET",
    "METFORMINE 850",
    "RAMIPRIL 5 MG GELULE",
    "XARELTO 20MG",
    "AMOXICILLINE 500 MG",
    "VENTOLINE 100",
    "SERESTA 10 MG",
    "ATORVASTATINE 10",
    "INEXIUM 20",
    "SPASFON",
    "LEXOMIL",
    "TRUVADA",
    "SUBUTEX 8MG",
    "PREVISCAN 20",
)
CIM = (
    "E11.9",
    "I10",
    "F32.1",
    "C50.9",
    "J45.0",
    "B24",
    "N18.5",
    "G40.9",
    "K35.8",
    "M54.5",
    "Z21",
    "O80.0",
    "E66.0",
    "F10.2",
    "I50.1",
    "J18.9",
)


@cache
def listed(kind: str) -> tuple[list[str], list[int]]:
    """Names of INSEE with their counts, the frequent ones first."""
    table = lexicons.table(f"{kind}_names.tsv").head(4000 if kind == "last" else 900)
    return table["name"].to_list(), [int(n) for n in table["count"]]


@cache
def towns() -> list[tuple[str, str, str]]:
    """Name, postal code, INSEE code of communes."""
    table = lexicons.table("communes.tsv")
    rows = zip(table["name"], table["postal_codes"], table["insee"], strict=True)
    return [(name, codes.split("|")[0], insee) for name, codes, insee in rows if codes]


def person(draw: random.Random, number: int) -> Row:
    """One data subject, and what a row of an export may say of it."""
    sex, year, month, day = draw.choice("12"), draw.randint(1930, 2012), draw.randint(1, 12), draw.randint(1, 28)
    first, last = (draw.choices(*listed(kind))[0] for kind in ("first", "last"))
    if draw.random() < 1 / 12:
        first, last = draw.choice(_ABROAD_FIRST), draw.choice(_ABROAD_LAST)
    town, postal, insee = draw.choice(towns())
    body = f"{sex}{year % 100:02d}{month:02d}{insee if insee.isdigit() else '35238'}{draw.randint(1, 400):03d}"
    return {
        "n": number,
        "sex": sex,
        "year": year,
        "month": month,
        "day": day,
        "first": first.title(),
        "last": last.upper(),
        "town": town,
        "postal": postal,
        "insee": insee,
        "nir13": body,
        "key": std_nir.calc_check_digits(body + "00"),
        "birthplace": draw.choice(towns())[0],
    }


def plain(text: str) -> str:
    """Small ASCII letters of a name."""
    return "".join(c for c in text.lower().replace("é", "e").replace("è", "e").replace("ï", "i") if c.isascii() and c.isalpha()) or "x"


def doctor(draw: random.Random) -> str:
    return f"{draw.choices(*listed('last'))[0].upper()} {draw.choices(*listed('first'))[0].title()}"


def iban(draw: random.Random) -> str:
    bank, desk, account = (
        f"{draw.choice([30002, 20041, 10278, 14505])}",
        f"{draw.randint(0, 99999):05d}",
        f"{draw.randint(0, 10**11 - 1):011d}",
    )
    rest = 97 - (89 * int(bank) + 15 * int(desk) + 3 * int(account)) % 97
    bban = f"{bank}{desk}{account}{rest:02d}"
    return f"FR{std_iban.calc_check_digits('FR00' + bban)}{bban}"


def spaced(text: str, *sizes: int) -> str:
    """Groups of characters with blanks between them."""
    starts = [sum(sizes[:n]) for n in range(len(sizes))]
    return " ".join(text[start : start + size] for start, size in zip(starts, sizes, strict=True)).strip()


def letters(draw: random.Random) -> str:
    return draw.choice("ABCDEFG") + draw.choice("ABCDEFGHJKLMNP")


def siret(draw: random.Random) -> str:
    siren = luhn(digits(8, draw.choice("345789"))(draw, {}))
    return luhn(f"{siren}{draw.randint(1, 30):04d}")


def tax(draw: random.Random) -> str:
    """A VAT number: its key and its SIREN."""
    siren = luhn(digits(8, draw.choice("345789"))(draw, {}))
    return f"FR{(12 + 3 * (int(siren) % 97)) % 97:02d}{siren}"


def phone(draw: random.Random) -> str:
    return (
        f"0{draw.choice('1234566677')}{draw.randint(10_000_000, 99_999_999)}".replace("0639", "0612")
        .replace("070", "076")
        .replace("071", "077")
        .replace("072", "078")
    )


def day(draw: random.Random, low: int = 2018, high: int = 2024, form: str = "{d:02d}/{m:02d}/{y}") -> str:
    return form.format(d=draw.randint(1, 28), m=draw.randint(1, 12), y=draw.randint(low, high))


def born(form: str = "{day:02d}/{month:02d}/{year}") -> Maker:
    return lambda _d, p: form.format(**p)


def digits(count: int, head: str = "") -> Maker:
    return lambda d, _p: head + "".join(d.choice("0123456789") for _ in range(count - len(head)))


def one(*words: str) -> Maker:
    return lambda d, _p: d.choice(words)


def some(share: float, make: Maker) -> Maker:
    """Filled in part."""
    return lambda d, p: make(d, p) if d.random() < share else ""


def sentence(draw: random.Random, _p: Row) -> str:
    return (
        draw.choice(
            (
                "Rappeler avant 18h, la cliente ne répond pas sur son portable.",
                "Colis refusé par le gardien, à reprogrammer.",
                "Souhaite être contacté par courrier uniquement.",
                "N'a pas renvoyé le formulaire, relance faite le 12.",
                "Digicode en panne, passer par la cour.",
                "Demande de changement d'adresse en cours de traitement.",
                "Dossier incomplet : manque un justificatif de domicile.",
                "Accord de principe donné par téléphone.",
                "A déménagé depuis, nouvelle adresse inconnue.",
            )
        )
        + f" (réf. {draw.randint(1, 999)})"
    )


def clinical(draw: random.Random, _p: Row) -> str:
    return (
        draw.choice(
            (
                "Patient diabétique sous metformine, à jeun depuis hier soir.",
                "Enceinte de 7 mois, surveillance toxoplasmose.",
                "VIH + suivi en infectiologie, charge virale à contrôler.",
                "Sous Previscan, INR tous les mardis.",
                "Cancer du sein opéré, contrôle CA 15-3.",
                "Antécédent de phlébite, ne pas piquer au bras gauche.",
                "Dépression sévère sous Seroplex, hospitalisé en psychiatrie.",
                "Pas d'allergie connue. Prélèvement difficile.",
                "Insuffisance rénale, dialyse trois fois par semaine.",
                "Hépatite C traitée, sérologie de contrôle demandée.",
            )
        )
        + f" Vu le {draw.randint(1, 28)}/0{draw.randint(1, 9)}."
    )


M: dict[str, Maker] = {
    "nom": lambda _d, p: p["last"],
    "nom_min": lambda _d, p: p["last"].title(),
    "prenom": lambda _d, p: p["first"],
    "prenom_maj": lambda _d, p: p["first"].upper(),
    "nom_prenom": lambda _d, p: f"{p['last']} {p['first']}",
    "prenom_nom": lambda _d, p: f"{p['first']} {p['last'].title()}",
    "nir15": lambda _d, p: f"{p['nir13']}{p['key']}",
    "nir13": lambda _d, p: p["nir13"],
    "nir_esp": lambda _d, p: spaced(p["nir13"] + p["key"], 1, 2, 2, 2, 3, 3, 2),
    "cle": lambda _d, p: p["key"],
    "sexe_mf": lambda _d, p: "MF"[int(p["sex"]) - 1],
    "sexe_12": lambda _d, p: p["sex"],
    "sexe_hf": lambda _d, p: ("Homme", "Femme")[int(p["sex"]) - 1],
    "civ": lambda _d, p: ("M.", "Mme")[int(p["sex"]) - 1],
    "civ_long": lambda _d, p: ("MONSIEUR", "MADAME")[int(p["sex"]) - 1],
    "adresse": lambda d, _p: f"{d.randint(1, 180)}{d.choice(['', '', ' bis', ' B'])} {d.choice(_STREETS)}",
    "adresse2": lambda d, _p: d.choice(["", "", "Bât. C", "Appt 12", "Rés. Les Pins", "Esc. 2 - 3e étage", "chez Mme Le Goff"]),
    "adresse_complete": lambda d, p: f"{d.randint(1, 180)} {d.choice(_STREETS)}, {p['postal']} {p['town']}",
    "cp": lambda _d, p: p["postal"],
    "ville": lambda _d, p: p["town"],
    "ville_maj": lambda _d, p: p["town"].upper().replace("É", "E").replace("È", "E").replace("-", " "),
    "insee": lambda _d, p: p["insee"],
    "lieu": lambda _d, p: p["birthplace"].upper(),
    "dept": lambda _d, p: p["insee"][:3] if p["insee"].startswith("97") else p["insee"][:2],
    "tel": lambda d, _p: phone(d),
    "tel_points": lambda d, _p: ".".join(phone(d)[i : i + 2] for i in range(0, 10, 2)),
    "tel_esp": lambda d, _p: " ".join(phone(d)[i : i + 2] for i in range(0, 10, 2)),
    "tel33": lambda d, _p: "+33" + phone(d)[1:],
    "mail": lambda d, p: f"{plain(p['first'])}.{plain(p['last'])}{d.choice(['', '', p['year'] % 100])}@{d.choice(_DOMAINS)}",
    "iban": lambda d, _p: iban(d),
    "iban_esp": lambda d, _p: spaced(iban(d), *[4] * 7),
    "bic": one("BNPAFRPPXXX", "AGRIFRPP835", "CEPAFRPP351", "PSSTFRPPREN", "SOGEFRPP", "CMCIFRPP"),
    "carte": lambda d, _p: luhn("4970" + digits(11)(d, {})),
    "ddn": born(),
    "ddn_iso": born("{year}-{month:02d}-{day:02d}"),
    "ddn_compact": born("{year}{month:02d}{day:02d}"),
    "date": lambda d, _p: day(d),
    "date_iso": lambda d, _p: day(d, form="{y}-{m:02d}-{d:02d}"),
    "horodatage": lambda d, _p: day(d, form="{y}-{m:02d}-{d:02d} ") + f"{d.randint(7, 19):02d}:{d.randint(0, 59):02d}:00",
    "medecin": lambda d, _p: f"Dr {doctor(d)}",
    "rpps": lambda d, _p: luhn("10" + digits(8)(d, {})),
    "finess": lambda d, _p: luhn(f"{d.choice(['35', '22', '29', '75', '13'])}" + digits(6)(d, {})),
    "siret": lambda d, _p: siret(d),
    "siren": lambda d, _p: luhn(digits(8, d.choice("345789"))(d, {})),
    "cim": one(*CIM),
    "medicament": one(*DRUGS),
    "ligne": lambda d, _p: f"{d.choice(DRUGS)} {d.choice(['1 cp matin et soir', '1 gel/j pdt 7 jours', '2 cp x 3/j QSP 1 mois', '1-0-1'])}",
    "posologie": one(
        "1 comprimé matin et soir",
        "1 cp x3/jour pendant 5 jours",
        "2 gélules au coucher",
        "1 sachet par jour",
        "1-0-1",
        "20 gouttes le soir",
        "1 inj SC / semaine",
    ),
    "cip13": lambda d, _p: ean13("34009" + digits(7)(d, {})),
    "groupe": one("A+", "O+", "B+", "O-", "A-", "AB+", "B-", "AB-"),
    "abo": one("A", "B", "O", "AB"),
    "rh": one("POS", "NEG"),
    "commentaire": sentence,
    "clinique": clinical,
    "login": lambda _d, p: f"{plain(p['first'])[:1]}{plain(p['last'])}{p['n'] % 90}",
    "mdp": lambda d, p: (
        d.choice(["Soleil", "doudou", plain(p["first"]), "Bzh", "azerty"]) + f"{d.randint(1, 9999)}" + d.choice(["", "!", "*", "A"])
    ),
    "md5": lambda d, _p: hashlib.md5(str(d.random()).encode(), usedforsecurity=False).hexdigest(),
    "bcrypt": lambda d, _p: "$2y$10$" + "".join(d.choice("./ABCDEFGHabcdefgh0123456789") for _ in range(53)),
    "ip": lambda d, _p: f"{d.choice([82, 90, 86, 92, 109])}.{d.randint(0, 255)}.{d.randint(0, 255)}.{d.randint(1, 254)}",
    "plaque": lambda d, _p: f"{letters(d)}-{d.randint(100, 999)}-{letters(d)}",
    "imei": lambda d, _p: luhn("35" + digits(12)(d, {})),
    "iccid": lambda d, _p: luhn("893301" + digits(12)(d, {})),
    "montant": lambda d, _p: f"{d.uniform(5, 900):.2f}".replace(".", ","),
    "numero": lambda _d, p: str(100_245 + p["n"] * 7),
    "pays": one("FRANCE", "FRANCE", "FRANCE", "BELGIQUE", "MAROC", "ALGERIE"),
    "nationalite": one("Française", "Française", "Française", "Portugaise", "Algérienne", "Belge"),
}

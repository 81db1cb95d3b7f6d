"""Columns of every day that look like sensitive ones: made here, drawn from a seeded generator, nobody's data."""

from __future__ import annotations

import base64
import hashlib
import json
import random
from collections.abc import Callable, Iterator

ROWS = 400
_CONSONANTS, _VOWELS = "bcdfglmnprstv", "aeiou"


def ean13(body: str) -> str:
    """A trade item number with its key (GS1 General Specifications 7.9)."""
    total = sum(int(d) * (3 if i % 2 else 1) for i, d in enumerate(body))
    return body + str(-total % 10)


def luhn(body: str) -> str:
    total = sum(sum(divmod(int(d) * (2 - i % 2), 10)) for i, d in enumerate(reversed(body)))
    return body + str(-total % 10)


def word(draw: random.Random, syllables: int = 3) -> str:
    return "".join(draw.choice(_CONSONANTS) + draw.choice(_VOWELS) for _ in range(syllables))


def digits(draw: random.Random, n: int) -> str:
    return "".join(draw.choice("0123456789") for _ in range(n))


def hexadecimal(draw: random.Random, n: int) -> str:
    return "".join(draw.choice("0123456789abcdef") for _ in range(n))


FIRST_NAMES = (
    "Diane",
    "Alma",
    "Muse",
    "Zoé",
    "Clio",
    "Mégane",
    "Captur",
    "Isabelle",
    "Charlotte",
    "Amandine",
    "Monalisa",
    "Agata",
    "Marabel",
    "Chérie",
    "Florine",
)
TOWNS = (
    "Vichy",
    "Évian",
    "Cognac",
    "Roquefort",
    "Camembert",
    "Dijon",
    "Chablis",
    "Sancerre",
    "Meaux",
    "Brie",
    "Cantal",
    "Morbier",
    "Munster",
    "Livarot",
)
ILLS = ("A10", "B24", "C50", "D12", "E11", "F32", "G40", "A20", "B12", "C90", "J45", "K29", "N18", "A85")

_MAKERS: dict[str, Callable[[random.Random, int], str]] = {
    "isbn": lambda d, _i: ean13("978" + digits(d, 9)),
    "ean": lambda d, _i: ean13("3" + digits(d, 11)),
    "ean_in_store": lambda d, _i: ean13("2" + digits(d, 11)),
    "ean_german": lambda d, _i: ean13("4" + digits(d, 11)),
    "gtin14": lambda d, _i: ean13("0" + digits(d, 12)),
    "sku": lambda d, _i: f"{d.choice('ABCDEFGH')}{d.choice('KLMNP')}-{digits(d, 5)}-{d.choice(['S', 'M', 'L'])}",
    "epoch_s": lambda d, _i: str(d.randint(1_400_000_000, 1_790_000_000)),
    "epoch_ms": lambda d, _i: str(d.randint(1_400_000_000_000, 1_790_000_000_000)),
    "epoch_ms_three_days": lambda d, _i: str(1_601_012_000_000 + d.randint(0, 250_000_000)),
    "epoch_ms_three_years": lambda _d, i: str(1_500_000_000_000 + i * 236_000_000),
    "epoch_us": lambda d, _i: str(d.randint(1_400_000_000_000_000, 1_790_000_000_000_000)),
    "timestamp14": lambda d, _i: (
        f"20{d.randint(10, 24)}{d.randint(1, 12):02d}{d.randint(1, 28):02d}{d.randint(0, 23):02d}{d.randint(0, 5)}0{d.randint(0, 5)}5"
    ),
    "latitude": lambda d, _i: f"{d.uniform(41, 51):.6f}",
    "coordinates": lambda d, _i: f"{d.uniform(41, 51):.5f},{d.uniform(-5, 9):.5f}",
    "lambert": lambda d, _i: f"{d.uniform(100_000, 1_200_000):.2f}",
    "git_commit": lambda d, _i: hexadecimal(d, 40),
    "git_short": lambda d, _i: hexadecimal(d, 7),
    "md5_file": lambda _d, i: hashlib.md5(str(i).encode(), usedforsecurity=False).hexdigest(),
    "sha256_file": lambda _d, i: hashlib.sha256(str(i).encode()).hexdigest(),
    "session": lambda d, _i: hexadecimal(d, 26),
    "order": lambda _d, i: f"CMD-2021-{i + 1:06d}",
    "order_number": lambda _d, i: str(100_000_000 + i * 7),
    "invoice": lambda d, _i: f"FA{d.randint(18, 24)}{digits(d, 8)}",
    "tracking": lambda d, _i: f"6A{digits(d, 11)}",
    "tracking_ups": lambda d, _i: f"1Z{hexadecimal(d, 6).upper()}{digits(d, 10)}",
    "digits9": lambda d, _i: digits(d, 9),
    "digits11": lambda d, _i: digits(d, 11),
    "sequence11": lambda _d, i: str(10_000_000_000 + i),
    "steps11": lambda _d, i: str(10_300_000_000 + i * 13),
    "digits13": lambda d, _i: digits(d, 13),
    "digits15": lambda d, _i: digits(d, 15),
    "digits16": lambda d, _i: digits(d, 16),
    "visa_like16": lambda d, _i: "4" + digits(d, 15),
    "imei": lambda d, _i: luhn("35" + digits(d, 12)),
    "loyalty_luhn": lambda d, _i: luhn("913572" + digits(d, 9)),
    "digits23": lambda d, _i: digits(d, 23),
    "product_key": lambda d, _i: f"FR{digits(d, 2)}{''.join(d.choice('ABCDEFGHJKLMNPQRSTUVWXYZ0123456789') for _ in range(23))}",
    "grade": lambda d, _i: d.choice("ABCDE"),
    "grade_abo": lambda d, _i: d.choice(["A", "B", "O"]),
    "grade_ab": lambda d, _i: d.choice(["A", "B", "AB"]),
    "rating": lambda d, _i: d.choice(["A+", "A", "A-", "B+", "B", "B-", "C+", "C"]),
    "bond_rating": lambda d, _i: d.choice(["AAA", "AA+", "AA", "A+", "A", "BBB", "BB-", "B"]),
    "energy": lambda d, _i: d.choice(["A+++", "A++", "A+", "A", "B", "C"]),
    "yes_no": lambda d, _i: d.choice("ON"),
    "plus_minus": lambda d, _i: d.choice("+-"),
    "position": lambda d, _i: d.choice(["POS", "NEG"]),
    "paper": lambda d, _i: d.choice(["A3", "A4", "A5", "B4", "B5"]),
    "blood_sausage": lambda d, _i: d.choice(["O", "A", "B", "N"]),
    "product_first_name": lambda d, _i: d.choice(FIRST_NAMES),
    "product_town": lambda d, _i: d.choice(TOWNS),
    "statistics_code": lambda d, _i: d.choice(ILLS),
    "score": lambda d, _i: f"{d.randint(0, 5)}-{d.randint(0, 5)}",
    "score_sets": lambda d, _i: f"{d.randint(0, 2)}-{d.randint(0, 2)}-{d.randint(0, 2)}",
    "recipe": lambda d, _i: f"{d.randint(1, 9) * 100} g de {d.choice(['farine', 'sucre', 'beurre', 'carottes'])}",
    "dosage_food": lambda d, _i: f"{d.randint(1, 9) * 50} ml",
    "street": lambda d, _i: f"{d.randint(1, 99)} rue du {d.choice(['Matin', 'Docteur Roux', 'Soir', 'Midi'])}",
    "version": lambda d, _i: f"{d.randint(0, 9)}.{d.randint(0, 20)}.{d.randint(0, 99)}",
    "year": lambda d, _i: str(d.randint(1950, 2024)),
    "percent": lambda d, _i: f"{d.uniform(0, 100):.1f} %",
    "amount": lambda d, _i: f"{d.uniform(0, 9000):.2f}".replace(".", ","),
    "measure": lambda d, _i: f"{d.gauss(20, 5):.3f}",
    "slug": lambda d, _i: f"{word(d)}-{word(d)}-{d.randint(1, 99)}",
    "file": lambda d, i: f"{word(d)}_{i}.{d.choice(['csv', 'pdf', 'png'])}",
    "coupon": lambda d, _i: "".join(d.choice("ABCDEFGHJKLMNPQRSTUVWXYZ23456789") for _ in range(8)),
    "room": lambda d, _i: f"{d.choice('ABC')}{d.randint(1, 4)}{d.randint(1, 30):02d}",
    "shade": lambda d, _i: f"#{hexadecimal(d, 6)}",
    "ticker": lambda d, _i: d.choice(["AIR", "BNP", "OR", "MC", "SAN", "GLE", "ACA"]),
    "team": lambda d, _i: d.choice(["Rennes", "Lens", "Brest", "Reims", "Nantes", "Lorient"]),
    "chromosome": lambda d, _i: d.choice(["A1", "A2", "B1", "B2", "C1", "C2"]),
    "decimal9": lambda d, _i: f"0.{digits(d, 9)}",
    "scientific": lambda d, _i: f"{d.uniform(1, 9):.6f}e-{d.randint(10, 99)}",
    "salary": lambda d, _i: f"{d.randint(20, 99)}{d.randint(0, 9)}00",
    "fips": lambda d, _i: f"{d.choice([19, 36, 48, 53])}{d.randint(0, 150) * 2 + 1:03d}",
    "unit": lambda d, _i: d.choice(["mm", "mg/L", "g", "UI"]),
    "scoreboard": lambda d, _i: f"{d.choice(['A', 'B', 'O'])}{d.choice(['+', '-'])}{d.randint(1, 9)}",
    "json": lambda d, i: json.dumps({"id": i, "motif": word(d), "ok": True}),
    "array": lambda d, _i: f"{{{word(d)},{word(d)}}}",
    "uai": lambda d, _i: f"0{digits(d, 6)}{d.choice('ABCDEFGHJKLMNPRSTUVWXYZ')}",
    "rna": lambda d, _i: f"W{digits(d, 9)}",
    "naf": lambda d, _i: f"{d.randint(1, 99):02d}.{d.randint(10, 99)}{d.choice('ABCDEFGHZ')}",
    "iris": lambda d, _i: f"{d.randint(1, 95):02d}{digits(d, 7)}",
    "parcel": lambda d, _i: f"{d.randint(1, 95):02d}{d.randint(1, 300):03d}000{d.choice('ABCD')}{d.choice('ABCDE')}{digits(d, 4)}",
    "pdl14": lambda d, _i: digits(d, 14),
    "uic_station": lambda d, _i: f"87{digits(d, 6)}",
    "irve": lambda d, _i: f"FR{d.choice('ABCDEFGH')}{digits(d, 2)}P{digits(d, 6)}",
    "rotation": lambda d, _i: d.choice(["AF", "BA", "LH", "U2"]) + digits(d, 4),
    "rank": lambda _d, i: f"{i + 1}e",
    "time_run": lambda d, _i: f"{d.randint(0, 2)}:{d.randint(0, 59):02d}:{d.randint(0, 59):02d}",
    "vote": lambda d, _i: d.choice(["P", "C", "A", "N"]),
    "blood_test_flag": lambda d, _i: d.choice(["+", "-", "++", "±"]),
    "lot": lambda d, _i: f"L{d.randint(1, 366):03d}{d.choice('ABC')}",
    "epsg": lambda d, _i: d.choice(["2154", "4326", "3857"]),
    "base64_md5": lambda _d, i: base64.b64encode(hashlib.md5(str(i).encode(), usedforsecurity=False).digest()).decode(),
}
# Names a program or a statistician would give, none of which says what the column might be mistaken for.
NAMES = ("", "col7", "code", "name")


def columns() -> Iterator[tuple[str, list[str]]]:
    """Kind and cells of each benign column."""
    for kind, make in _MAKERS.items():
        draw = random.Random(kind)
        yield kind, [make(draw, i) for i in range(ROWS)]

"""Each vectorised key is equal to a kept library's, over right, mutated and random values.

Where ours is stricter or wider on purpose, the difference is written here.
"""

from __future__ import annotations

import random
import string

import phonenumbers
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum import bitcoin as std_bitcoin
from stdnum import iban as std_iban
from stdnum import imei as std_imei
from stdnum import luhn as std_luhn
from stdnum.fr import nif as std_nif
from stdnum.fr import nir as std_nir
from stdnum.fr import siren as std_siren
from stdnum.fr import siret as std_siret
from stdnum.fr import tva as std_tva

from triage import resources, rules
from triage.detect import iban, phones, trial, validators

RULES = rules.load(resources.rules_dir())
MANY = settings(max_examples=60, deadline=None)


def digits(length):
    return st.text("0123456789", min_size=length, max_size=length)


def answers(name, values):
    cell = pl.col("cell")
    return pl.DataFrame({"cell": values}, schema={"cell": pl.String}).select(validators.check(name, cell).alias("x"))["x"].to_list()


def mutations(value, alphabet=string.digits):
    """Every value one character away, and every swap of neighbours."""
    found = {value[:i] + c + value[i + 1 :] for i in range(len(value)) for c in alphabet}
    found |= {value[:i] + value[i + 1] + value[i] + value[i + 2 :] for i in range(len(value) - 1)}
    return sorted(found)


def nirs(draw):
    department = draw.choice([f"{draw.randint(1, 95):02d}", "2A", "2B", "97", "99"])
    born, place = f"{draw.randint(0, 99):02d}{draw.randint(1, 12):02d}", f"{draw.randint(1, 990):03d}{draw.randint(1, 999):03d}"
    body = f"{draw.choice('1278')}{born}{department}{place}"
    return body + std_nir.calc_check_digits(body + "00")


@MANY
@given(st.lists(digits(9) | digits(11) | digits(14) | digits(16) | digits(19), min_size=1, max_size=50))
def test_luhn_is_stdnum(values):
    assert answers("luhn", values) == [std_luhn.is_valid(v) for v in values]


@pytest.mark.parametrize("value", ["552081317", "10999999906", "4970100000000006", "55208131700018"])
def test_luhn_of_mutations_is_stdnum(value):
    values = mutations(value)
    assert answers("luhn", values) == [std_luhn.is_valid(v) for v in values]


@MANY
@given(st.lists(digits(9), min_size=1, max_size=50))
def test_siren_is_stdnum(values):
    assert trial.holds(RULES["siren"], pl.Series("cell", values)) == [std_siren.is_valid(v) for v in values]


@MANY
@given(st.lists(digits(14) | digits(5).map(lambda d: "356000000" + d), min_size=1, max_size=50))
def test_siret_is_stdnum_la_poste_included(values):
    assert answers("siret", values) == [std_siret.is_valid(v) for v in values]


@pytest.mark.parametrize("value", ["55208131700018", "35600000049837", "35600000000048"])
def test_siret_of_mutations_is_stdnum(value):
    values = mutations(value)
    assert answers("siret", values) == [std_siret.is_valid(v) for v in values]


def test_nir_of_right_ones_and_their_mutations_is_stdnum_where_the_structure_holds():
    """Stricter on purpose: sex, month, commune and order, of which stdnum checks none ("000000000000097" is right for it)."""
    draw = random.Random(7)
    for _ in range(40):
        values = [v for v in mutations(nirs(draw), string.digits + "AB") if std_like(v)]
        ours = trial.holds(RULES["nir"], pl.Series("cell", values))
        assert ours == [std_nir.is_valid(v) and structured(v) for v in values]


@MANY
@given(st.lists(digits(15), min_size=1, max_size=50))
def test_nir_of_random_digits_is_stdnum_where_the_structure_holds(values):
    assert trial.holds(RULES["nir"], pl.Series("cell", values)) == [std_nir.is_valid(v) and structured(v) for v in values]


def std_like(value):
    """15 characters that are a NIR's by kind: letters in the département only."""
    return (value[:5] + value[7:]).isdigit() and (value[5:7].isdigit() or value[5:7] in {"2A", "2B"})


def structured(value):
    month, department = int(value[3:5]), value[5:7]
    return (
        value[0] in "123478"
        and (1 <= month <= 12 or 20 <= month <= 42 or month >= 50)
        and department != "00"
        and value[7:10] != "000"
        and value[10:13] != "000"
        and 1 <= int(value[13:15]) <= 97
    )


def test_structure_of_the_nir_by_hand():
    good = ["185067511699947", "285072A00499737", "190112B03399634"]
    bad = ["085067511699947", "185137511699962", "185060011699935", "000000000000097"]
    assert trial.holds(RULES["nir"], pl.Series("cell", good + bad)) == [True] * 3 + [False] * 4


def test_a_nir_without_key_has_the_form_and_no_key():
    assert answers("nir", ["1850675116999"]) == [None]


def test_a_key_column_completes_its_nir():
    frame = pl.DataFrame({"n": ["1850675116999", "1 90 11 2B 033 996", "1850675116999"], "k": ["47", "34", "8"]})
    assert frame.select(validators.nir_pair(pl.col("n"), pl.col("k")).alias("x"))["x"].to_list() == [True, True, False]


@MANY
@given(st.lists(digits(7), min_size=1, max_size=30))
def test_finess_is_luhn_with_corsica_as_digits(values):
    for island, figure in (("2A", "21"), ("2B", "22"), ("75", "75")):
        assert answers("finess", [island + v for v in values]) == [std_luhn.is_valid(figure + v) for v in values]


IBANS = [
    "FR7699999000010000000010106",
    "FR0730002999990000000X99Z23",
    "FR1420041010050500013M02606",
    "DE89370400440532013000",
    "GB82WEST12345698765432",
]


@pytest.mark.parametrize("value", IBANS)
def test_iban_of_mutations_is_stdnum(value):
    values = [v for v in mutations(value, string.digits + string.ascii_uppercase) if v[:2] in {"FR", "DE", "GB"}]
    # Stricter on purpose: two figures for a key (stdnum takes "FRQ6…" as well), and the French RIB key.
    expected = [std_iban.is_valid(v) and v[2:4].isdigit() and (v[:2] != "FR" or rib(v[4:])) for v in values]
    assert answers("iban", values) == expected


@MANY
@given(st.data())
def test_iban_of_every_country_is_stdnum(data):
    """Wider on purpose: national keys of other countries (Spain's, Belgium's) are left out on both sides. Stricter: the French RIB key."""
    values = []
    for entry in data.draw(st.lists(st.sampled_from(iban._REGISTRY.split()), min_size=1, max_size=20)):
        account, count = "", ""
        for char in entry[3:]:
            if char.isdigit():
                count += char
                continue
            pool = {"n": string.digits, "a": string.ascii_uppercase, "c": string.digits + string.ascii_uppercase}[char]
            account += data.draw(st.text(pool, min_size=int(count), max_size=int(count)))
            count = ""
        key = std_iban.calc_check_digits(entry[:2] + "00" + account)
        values += [entry[:2] + key + account, entry[:2] + "00" + account]
    expected = [std_iban.is_valid(v, check_country=False) and (v[:2] not in {"FR", "MC"} or rib(v[4:])) for v in values]
    assert answers("iban", values) == expected


def rib(account):
    """CFONB: 97 less (89 bank + 15 branch + 3 account) modulo 97, letters as digits."""
    table = str.maketrans(string.ascii_uppercase, "12345678912345678923456789")
    figures = account.translate(table)
    if not figures.isdigit():
        return False
    bank, branch, number, key = int(figures[:5]), int(figures[5:10]), int(figures[10:21]), int(figures[21:])
    return 97 - (89 * bank + 15 * branch + 3 * number) % 97 == key or (key == 0 and (89 * bank + 15 * branch + 3 * number) % 97 == 0)


def valid_phone(value, regions):
    for region in regions:
        try:
            number = phonenumbers.parse(value, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            return True
    return False


MAINLAND = [f"{n:04d}" for n in range(10_000) if f"{n:04d}"[0] != "0"]


@pytest.mark.parametrize("style", ["0{}", "+33{}", "0033{}", "{}", "+33(0){}"])
def test_french_numbers_are_those_of_phonenumbers(style):
    """All four-digit beginnings of the national plan, in each way of writing; overseas blocks are below."""
    draw = random.Random(style)
    starts = [s for s in draw.sample(MAINLAND, 1500) if not overseas(s)]
    values = [style.format(s + f"{draw.randint(0, 99_999):05d}") for s in starts]
    ours = trial.holds(RULES["phone"], pl.Series("cell", values))
    wrong = [(v, o) for v, o in zip(values, ours, strict=True) if o != valid_phone(v, ["FR"])]
    assert wrong == []


def overseas(start):
    """Blocks of Réunion, Mayotte, Antilles and Guyane: ours holds their allotted blocks, phonenumbers the ranges in service."""
    return start[:3] in {"262", "263", "269", "590", "594", "596", "639", "690", "691", "692", "693", "694", "696", "697", "709"}


@pytest.mark.parametrize(
    ("value", "region"),
    [
        ("0262201234", "RE"),
        ("0692123456", "RE"),
        ("0590201234", "GP"),
        ("0694201234", "GF"),
        ("0596301234", "MQ"),
        ("0696201234", "MQ"),
        ("0639012345", "YT"),
    ],
)
def test_overseas_numbers_in_service_are_ours_too(value, region):
    assert valid_phone(value, [region])
    assert trial.holds(RULES["phone"], pl.Series("cell", [value])) == [True]


@MANY
@given(st.lists(digits(10) | digits(9) | digits(8), min_size=1, max_size=50))
def test_random_digits_are_phones_for_both_or_for_none(values):
    values = [v for v in values if not overseas(v.lstrip("0")) and not v.startswith("00")]
    # A 10-digit number of another first figure than 0 is none of the national plan: phonenumbers may drop a carrier code.
    values = [v for v in values if len(v) != 10 or v[0] == "0"]
    cells = pl.DataFrame({"cell": values}, schema={"cell": pl.String})
    ours = cells.select(phones.valid(pl.col("cell")).alias("x"))["x"].to_list()
    assert ours == [valid_phone(v, ["FR"]) for v in values]


@pytest.mark.parametrize("value", ["+14155552671", "+442079460958", "+4915123456789", "+32470123456", "+41791234567"])
def test_numbers_abroad_are_plausible(value):
    assert trial.holds(RULES["phone"], pl.Series("cell", [value])) == [True]


def test_card_ranges_need_a_scheme_and_a_key():
    """Stricter than Luhn: a number outside the schemes' ranges is no card."""
    values = [
        "4970100000000006",
        "5555555555554444",
        "2223003122003222",
        "378282246310005",
        "1111111111111117",
        "359999999999998",
        "0000000000000000",
    ]
    assert trial.holds(RULES["card"], pl.Series("cell", values)) == [True] * 4 + [False] * 3


@MANY
@given(st.lists(digits(10), min_size=1, max_size=50), st.lists(digits(13), min_size=1, max_size=50))
def test_tax_number_is_stdnum(bodies, values):
    values = values + [body + std_nif.calc_check_digits(body) for body in bodies]
    assert trial.holds(RULES["tax_id"], pl.Series("cell", values)) == [std_nif.is_valid(v) for v in values]


@pytest.mark.parametrize("value", ["0123456789211", "1999888777341", "3023217600053"])
def test_tax_number_of_mutations_is_stdnum(value):
    values = mutations(value)
    assert trial.holds(RULES["tax_id"], pl.Series("cell", values)) == [std_nif.is_valid(v) for v in values]


VAT_KEY = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"


@MANY
@given(st.lists(st.tuples(st.text(VAT_KEY, min_size=2, max_size=2), digits(8)), min_size=1, max_size=60), st.booleans())
def test_vat_number_is_stdnum(parts, monaco):
    sirens = [("000" + body[:6]) if monaco else body + std_luhn.calc_check_digit(body) for _, body in parts]
    figures = [f"FR{int(siren + '12') % 97:02d}{siren}" for siren in sirens]
    values = figures + [f"FR{key}{siren}" for (key, _), siren in zip(parts, sirens, strict=True)]
    assert answers("vat", values) == [std_tva.is_valid(v) for v in values]


@pytest.mark.parametrize("value", ["FR03552081317", "FR11123456782", "FRK7399859412"])
def test_vat_number_of_mutations_is_stdnum(value):
    values = [v for v in mutations(value, VAT_KEY) if v.startswith("FR") and v[4:].isdigit()]
    assert answers("vat", values) == [std_tva.is_valid(v) for v in values]


def test_vat_numbers_of_other_countries_have_no_key_of_ours():
    assert answers("vat", ["DE123456789", "ESA12345678"]) == [None, None]


@MANY
@given(st.lists(digits(14).map(lambda d: d + std_luhn.calc_check_digit(d)) | digits(15) | digits(16), min_size=1, max_size=50))
def test_imei_is_stdnum(values):
    """The 16 figures of an IMEISV have no key: null, where stdnum says yes."""
    assert answers("imei", values) == [std_imei.is_valid(v) if len(v) == 15 else None for v in values]


def test_imei_of_mutations_is_stdnum():
    values = mutations("490154203237518")
    assert answers("imei", values) == [std_imei.is_valid(v) for v in values]


@MANY
@given(st.lists(digits(17) | digits(18) | digits(16), min_size=1, max_size=50))
def test_sim_card_number_is_luhn_of_19_or_20_figures(bodies):
    values = ["89" + body for body in bodies] + [f"89{body}{std_luhn.calc_check_digit('89' + body)}F" for body in bodies]
    expected = [std_luhn.is_valid(v.rstrip("F")) if len(v.rstrip("F")) in {19, 20} else None for v in values]
    assert answers("iccid", values) == expected
    assert answers("iccid", ["208011234567890", "12345678"]) == [None, None]


@MANY
@given(st.lists(digits(10) | st.text(string.digits + string.ascii_uppercase, min_size=11, max_size=11), min_size=1, max_size=30))
def test_rib_key_is_the_formula_of_the_cfonb(accounts):
    accounts = [f"3000299999{a.rjust(11, '0')}" for a in accounts]
    keys = [f"{k:02d}" for k in range(98)]
    values = [account + key for account in accounts for key in (keys[len(account) % 98], "06", "47", "97")]
    values += [account + next(k for k in keys[1:] if rib(account + k)) for account in accounts]
    assert answers("rib", values) == [rib(v) for v in values]
    assert answers("rib", ["20041", "06"]) == [None, None]


BITCOINS = ["1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2", "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy", "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq"]


@pytest.mark.parametrize("value", BITCOINS)
def test_bitcoin_address_of_mutations_is_stdnum(value):
    values = [v for v in mutations(value, "13abcxyzQ") if v[0] in "13" or v.startswith("bc1q")]
    assert answers("bitcoin", values) == [std_bitcoin.is_valid(v) for v in values]


def test_addresses_of_other_currencies_have_no_key_of_ours():
    assert answers("bitcoin", ["0x52908400098527886E0F7030069857D2E4169EE7", "bc1p" + "q" * 58]) == [None, None]

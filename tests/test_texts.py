"""Free text: every theme file's own examples, cues, needles, posology, and columns that must raise no alarm."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import polars as pl
import pytest

from triage import resources, rules
from triage.detect import dosage, lexicons, prose, themes
from triage.detect.mentions import Finder
from triage.detect.texts import COLUMNS, NEEDLES, THEMES, TextScanner

LABELS = rules.load(resources.rules_dir())


@cache
def scanner() -> TextScanner:
    return TextScanner(resources.rules_dir())


def said(text: str, **known: bool) -> set[str]:
    """The columns that are true for one cell."""
    row = scanner().scan(pl.Series([text]), **known).row(0, named=True)
    return {name for name, value in row.items() if value}


def of_themes(text: str, **known: bool) -> set[str]:
    return {name for name in said(text, **known) if ":" in name and not name.startswith("needle:")}


def scored(values: list[str], copies: int = 1) -> dict[str, tuple[int, int]]:
    """Scores of one column that holds each distinct value ``copies`` times."""
    cells = pl.Series(values).unique(maintain_order=True)
    column, rows = pl.repeat(3, len(cells), dtype=pl.UInt16, eager=True), pl.repeat(copies, len(cells), eager=True)
    return scanner().scores(pl.DataFrame({"column": column, "cell": cells, "rows": rows})).get(3, {})


# --- the theme files


def test_every_theme_of_the_contract_has_its_file():
    assert tuple(theme.id for theme in scanner().themes) == THEMES


@pytest.mark.parametrize("theme", scanner().themes, ids=lambda theme: theme.id)
def test_examples_of_the_theme_files(theme):
    assert [text for text in theme.match if f"theme:{theme.id}" not in said(text)] == []
    assert [(text, why) for text, why in theme.no_match if any(name.endswith(f":{theme.id}") for name in said(text))] == []


@pytest.mark.parametrize("theme", scanner().themes, ids=lambda theme: theme.id)
def test_no_match_examples_raise_no_other_theme(theme):
    assert [text for text, _ in theme.no_match if of_themes(text)] == []


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ('id = "diabetes"\ncolour = "red"', "unknown key colour"),
        ('id = "other"\ntitle = {fr = "a", en = "b"}', "id must be"),
        ('id = "diabetes"\ntitle = {fr = "a", en = "b"}\nwords = ["x"]', "needs"),
    ],
)
def test_a_theme_file_that_cannot_be_used_says_what_to_change(tmp_path, content, complaint):
    path = tmp_path / "diabetes.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ValueError, match=complaint):
        themes.read(path)


def test_drugs_that_are_everyday_words_never_count_by_their_letters_alone():
    """First names, towns and frequent words that are brands: `weak`, `never` or knowingly `known`."""
    drugs = pl.read_csv(resources.lexicons_dir() / "drugs.tsv", separator="\t", infer_schema=False, quote_char=None)["term"]
    everyday = pl.concat([lexicons.codes(name) for name in ("first_names", "communes", "common_words")]).str.to_uppercase()
    lists = next(theme.drugs for theme in scanner().themes if theme.id == "treatment")
    both = drugs.filter(drugs.is_in(everyday.implode()) | (drugs.str.len_chars() <= 3))
    assert [term for term in both if term not in lists["known"] and "drug" in said(term)] == []


# --- what is said of a mention


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pas de diabète", {"negated:diabetes"}),
        ("PAS DE DIABETE NI D'HEPATITE", {"negated:diabetes", "negated:hepatitis"}),
        ("Diabète : non", {"negated:diabetes"}),
        ("grossesse = 0", {"negated:pregnancy"}),
        ("VIH négatif", {"negated:hiv_sti"}),
        ("n'est pas enceinte, patiente vue ce jour", {"negated:pregnancy"}),
        ("no history of asthma", {"negated:respiratory"}),
        ("jamais eu de tuberculose", {"negated:infection"}),
        ("sans allergie connue", {"negated:allergy"}),
        ("pas d’allergie connue", {"negated:allergy"}),
        ("pas venu hier. Diabète", {"theme:diabetes"}),
        ("pas de rdv, diabète", {"theme:diabetes"}),
        ("sans doute un diabète", {"theme:diabetes"}),
        ("pas d'asthme mais diabète", {"negated:respiratory", "theme:diabetes"}),
        ("pas de diabète connu. Diabète découvert ce jour", {"theme:diabetes"}),
        ("mère diabétique", {"family:diabetes"}),
        ("ATCD familial de cancer du sein", {"family:cancer"}),
        ("cancer du sein chez sa sœur", {"family:cancer"}),
        ("asthme dans la famille", {"family:respiratory"}),
        ("mère venue la chercher, diabète", {"theme:diabetes"}),
        ("recherche de tuberculose", {"hypothesis:infection"}),
        ("suspicion de grossesse", {"hypothesis:pregnancy"}),
        ("grossesse ?", {"hypothesis:pregnancy"}),
        ("VIH, VHC : à éliminer", {"hypothesis:hiv_sti", "hypothesis:hepatitis"}),
        ("mère sans diabète", {"negated:diabetes"}),
        ("HIV (-)", {"negated:hiv_sti"}),
        ("HIV (+)", {"theme:hiv_sti"}),
        ("fils épileptique", {"family:neurology"}),
        ("VHC+ VIH-", {"theme:hepatitis", "negated:hiv_sti"}),
        ("VIH- VHC+", {"theme:hepatitis", "negated:hiv_sti"}),
        ("VHB-, VHC+, VIH-", {"theme:hepatitis", "negated:hiv_sti"}),
        ("VIH+ VHC- VHB-", {"theme:hiv_sti", "negated:hepatitis"}),
        ("VHC positif VIH négatif", {"theme:hepatitis", "negated:hiv_sti"}),
        ("VIH VHC négatifs", {"negated:hepatitis", "negated:hiv_sti"}),
        ("VIH - suivi", {"theme:hiv_sti"}),
        ("le patient n'a pas le VIH", {"negated:hiv_sti"}),
        ("she doesn't have diabetes", {"negated:diabetes"}),
        ("n'a pas le résultat, VIH connu", {"theme:hiv_sti"}),
        ("history of epilepsy in brother", {"family:neurology"}),
        ("diabetes in her mother", {"family:diabetes"}),
        ("Was his HIV test negative?", {"hypothesis:hiv_sti"}),
        ("HIV test negative", {"negated:hiv_sti"}),
        ("suivi pour TCA", {"theme:psychiatry"}),
        ("tabac 20 PA", {"theme:addiction"}),
        ("tabac : 30PA", {"theme:addiction"}),
        ("smoker 10/day", {"theme:addiction"}),
        ("fumeuse, 10 cig/j", {"theme:addiction"}),
        ("possible TB", {"hypothesis:infection"}),
        ("atcd familiaux : diabète, asthme. Migraines", {"family:diabetes", "family:respiratory", "theme:neurology"}),
    ],
)
def test_negation_family_and_hypothesis(text, expected):
    assert of_themes(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "TP, TCA, fibrinogène",
        "acompte TCA 2020",
        "disque 2 TB",
        "travail TB, élève sérieux",
        "PA 12/8",
        "bureau de tabac, 20 rue du Parc",
        "non smoker",
    ],
)
def test_abbreviations_of_several_senses_say_nothing_alone(text):
    assert of_themes(text) == set()


@pytest.mark.parametrize("text", ["allergie AMOXICILLINE", "allergique (aspirine)", "ALLERGIE: DOLIPRANE"])
def test_an_allergen_is_no_treatment(text):
    assert of_themes(text) == {"theme:allergy"}
    assert not said(text) & {"drug", "prescription"}


@pytest.mark.parametrize(
    ("drug", "theme"),
    [
        ("LEVOTHYROX", "thyroid"),
        ("Xarelto", "cardiology"),
        ("RIFATER", "infection"),
        ("biktarvy", "hiv_sti"),
        ("METFORMINE", "diabetes"),
        ("Ozempic", "diabetes"),
        ("SUBUTEX", "addiction"),
        ("Doliprane", "treatment"),
        ("EUTHYROX", "thyroid"),
        ("Keppra", "neurology"),
    ],
)
def test_drugs_belong_to_the_theme_of_their_atc_code(drug, theme):
    assert of_themes(f"sous {drug}") == {f"theme:{theme}"}


@pytest.mark.parametrize("text", ["Xarelto", "XARELTO", "xarelto", "XaReLtO"])
def test_case_does_not_matter_for_names(text):
    assert "drug" in said(text)


def test_words_of_double_sense_need_company_unless_the_column_is_about_care():
    assert of_themes("ENCEINTE") == set()
    assert of_themes("ENCEINTE", medical=True) == {"theme:pregnancy"}
    assert of_themes("patiente ENCEINTE") == {"theme:pregnancy"}
    assert of_themes("avc le docteur") == set()
    assert of_themes("a fait un AVC") == {"theme:neurology"}


@pytest.mark.parametrize(
    ("code", "theme"),
    [
        ("B24", "hiv_sti"),
        ("f32.1", "psychiatry"),
        ("F10", "addiction"),
        ("C50.9", "cancer"),
        ("O04", "abortion_fertility"),
        ("O80", "pregnancy"),
    ],
)
def test_codes_of_cim10_count_where_the_column_holds_codes(code, theme):
    assert of_themes(code) == set()
    assert of_themes(code, codes=True) == {f"theme:{theme}"}


# --- cells as people write them

CELLS = [
    [part.strip() for part in line.split("|", 2)]
    for line in (Path(__file__).parent / "texts" / "cells.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]
MARKS = {"theme": "", "negated": "-", "hypothesis": "?", "family": "~", "needle": ""}
SAID = {"drug", "prescription", "posology"}


def written(row: dict[str, bool]) -> set[str]:
    """What was found in a cell, in the words of cells.txt."""
    names = {name.partition(":")[::2] for name, value in row.items() if value}
    found = {MARKS[state] + what for state, what in names if what} | ({state for state, _ in names} & SAID)
    found = {"person" if name == "full_name" else name for name in found}
    return found - ({"posology"} if "prescription" in found else set())


@pytest.mark.parametrize("where", ["note", "care"])
def test_cells_as_people_write_them(where):
    """French without accents, abbreviations of doctors, denials, relatives, persons and identifiers, and false friends."""
    cells = [(what, text) for place, what, text in CELLS if place == where]
    found = scanner().scan(pl.Series([text for _, text in cells]), medical=where == "care")
    wrong = [
        (text, sorted(written(row) ^ (set(what.split()) - {"-"})))
        for (what, text), row in zip(cells, found.iter_rows(named=True), strict=True)
        if written(row) != set(what.split()) - {"-"}
    ]
    assert wrong == []


# --- posology and prescriptions


@pytest.mark.parametrize(
    "text",
    [
        "1 cp matin et soir",
        "500 mg x 3/j pdt 7 j",
        "20 UI au coucher",
        "1 gélule par jour",
        "2 bouffées toutes les 6 h",
        "1 sachet 3 fois par jour",
        "1 tablet twice a day",
    ],
)
def test_posology(text):
    assert dosage.posology(pl.Series([text])).struct.field("form").item()


@pytest.mark.parametrize("text", ["1-0-1", "0.5-0-1", "1-1-1-0", "2 par jour", "1 le matin, 1 le soir", "3 fois par jour pendant 5 jours"])
def test_how_often_without_what(text):
    taken = dosage.posology(pl.Series([text])).struct.unnest().row(0, named=True)
    assert taken == {"form": False, "often": True}


@pytest.mark.parametrize(
    "text",
    [
        "1 cp",
        "3 x 4",
        "500 g de farine",
        "12 rue du Matin",
        "2021-01-1",
        "1-0",
        "10-0-1",
        "35 ml/j",
        "ouvert matin et soir",
        "100 km par jour",
        "1000 mg",
    ],
)
def test_no_posology(text):
    assert "posology" not in said(text)


@pytest.mark.parametrize(
    "text",
    [
        "DOLIPRANE 1000 mg 1 cp x3/j pdt 5 jours",
        "Kardegic 75 mg 1 sachet par jour",
        "LEVOTHYROX 75 µg 1 cp le matin",
        "Amoxicilline 1 g matin et soir",
    ],
)
def test_prescription_lines(text):
    assert {"drug", "dosage", "posology", "prescription", "health"} <= said(text)


@pytest.mark.parametrize(
    "text", ["1000 mg", "12 rue du Matin", "solution", "Diane", "Eau minérale 500 ml", "SIROP 250 ML", "gel douche 250 ml"]
)
def test_no_prescription(text):
    assert not said(text) & {"drug", "dosage", "prescription", "health"}


# --- needles


@pytest.mark.parametrize(
    ("text", "needle"),
    [
        ("NIR 1 85 06 75 116 999 47 à vérifier", "nir"),
        ("285072A00499737", "nir"),
        ("1 85 06 75 116 999 clé 47", "nir"),
        ("virement sur FR76 9999 9000 0100 0000 0010 106 BIC AGRIFRPP", "iban"),
        ("FR7699999000010000000010106", "iban"),
        ("carte 4970 1000 0000 0006 exp 12/25", "card"),
        ("4111-1111-1111-1111", "card"),
        ("écrire à a.b@exemple.fr, merci", "email"),
        ("rappeler au 06 12 34 56 78 après 14h", "phone"),
        ("tel:0612345678.", "phone"),
        ("+33 (0)6 12 34 56 78", "phone"),
        ("0612345678/0698765432", "phone"),
        ("prescrit par un médecin, RPPS 10999999914", "rpps"),
        ("né le 12/03/1962", "birth_date"),
        ("DDN : 12.03.62 à vérifier", "birth_date"),
        ("née a Vannes le 3 mars 1962", "birth_date"),
        ("a déménagé au 12 bis rue des Lilas", "address"),
        ("LIVRER 4 PLACE DE LA GARE", "address"),
        ("mot de passe : Soleil35!", "password"),
        ("mdp=azerty1", "password"),
    ],
)
def test_needles(text, needle):
    assert {name for name in said(text) if name.startswith("needle:")} == {f"needle:{needle}"}


@pytest.mark.parametrize(
    "text",
    [
        "185067511699900",
        "FR7799999000010000000010106",
        "4111111111111112",
        "commande 20210612345678",
        "SIRET 12345678200010",
        "réf 06123456789",
        "1 85 06 75 000 999 47",
        "colis 8L00612345678",
        "a@b",
        "2019-06-12 34:56:78",
        "1612345678901",
        "dossier 10999999914",
        "médecin 10999999915",
        "vu le 12/03/2019",
        "nouveau né, contrôle prévu",
        "2 places de parking",
        "3 cours de piano",
        "12 rues barrées",
        "mot de passe oublié",
        "mot de passe : à changer",
        "mdp perdu le 3",
    ],
)
def test_no_needle(text):
    assert not {name for name in said(text) if name.startswith("needle:")}


# --- shape of the answer


def test_the_answer_is_booleans_of_the_same_height_and_order():
    cells = pl.Series(["RAS", "diabète", "à jeun"])
    found = scanner().scan(cells)
    assert tuple(found.columns) == COLUMNS
    assert set(found.dtypes) == {pl.Boolean}
    assert found["theme:diabetes"].to_list() == [False, True, False]
    assert len(COLUMNS) == len(NEEDLES) + 4 * len(THEMES) + 7


def test_no_cell_at_all():
    assert scanner().scan(pl.Series([], dtype=pl.String)).shape == (0, len(COLUMNS))


# --- columns


@pytest.mark.parametrize("label", sorted(set(prose.LABELS)))
def test_examples_of_the_text_rules(label):
    rule = LABELS[label]
    assert rule.text
    assert rule.text.column == label
    cells = pl.Series([*rule.examples.match, *(e.value for e in rule.examples.no_match)])
    found = prose.labels(cells, scanner().inspect(cells))[label].to_list()
    expected = [True] * len(rule.examples.match) + [False] * len(rule.examples.no_match)
    assert [cell for cell, got, want in zip(cells, found, expected, strict=True) if got != want] == []


def test_a_column_of_drugs_and_one_of_prescriptions():
    names = ["DOLIPRANE", "KARDEGIC", "LEVOTHYROX", "XARELTO", "AMOXICILLINE", "METFORMINE"]
    assert scored(names, 10)["drug"] == (60, 6)
    assert "prescription" not in scored(names)
    assert scored([f"{name} 75 mg 1 cp le matin" for name in names])["prescription"] == (6, 6)


BANAL = [f"rappeler le patient après {hour}h pour les résultats" for hour in range(8, 20)]


def test_health_text_from_eleven_mentions_and_one_cell_in_a_hundred():
    ten = [f"patiente diabétique vue le {day}" for day in range(1, 11)]
    assert "health_text" not in scored(BANAL + ten)
    assert scored([*BANAL, *ten, "patiente diabétique, à revoir"])["health_text"] == (11, 11)
    many = [f"rappeler le patient au sujet du dossier {n}" for n in range(1200)]
    assert "health_text" not in scored([*many, *ten, "patiente diabétique, à revoir"])


BENIGN = {
    "first names": "Diane|Alma|Muse|Jasmine|Thaïs|Crystal|Divina|Mélodie|Sylviane|Léa|Ambre|Clément",
    "towns": "Créon|Modane|Saint-Malo|Angoisse|Le Sourd|Viols-le-Fort|Paris|Lyon|Auch|Die|Bar-le-Duc|Sercœur",
    "products": "GEL DOUCHE 250 ML|SIROP DE MENTHE|Enceinte bluetooth|Zinc de toiture|Fer à repasser|Crème de jour|Solution 1 L"
    "|Interrupteur bipolaire|Magnésium 300 mg|Vitamine C 500|Bonnet de nuit|Perceuse Drill 500",
    "statistics codes": "A10|B24|C20|F32|I10|J45|K70|N18|O80|Q90|R75|S72|Z21",
    "recipes": "500 g de farine|3 œufs|1 sachet de levure|2 cuillères à soupe de sucre|sel, poivre|250 ml d'eau|1 gousse d'ail",
    "elements": "Calcium|Magnésium|Sodium|Potassium|Zinc|Fer|Cuivre|Lithium|Fluor|Manganèse|Sélénium|Iode|Phosphore",
    "addresses": "12 rue du Matin|3 place du Marché|25 ter impasse Sainte-Anne|1 lieu-dit Kerlan|7 rue du Docteur Charcot"
    "|4 rue de la Maternité|18 avenue du Général Leclerc|2 quai de la Loire|9 boulevard de l'Hôpital|6 rue des Sourds-Muets|5 rue de Paris",
    "specialities": "Cardiologie|Pneumologie|Gynécologie-obstétrique|Oncologie médicale|Psychiatrie de l'enfant|Neurologie|Allergologie"
    "|Dermatologie|Endocrinologie|Médecine générale|Chirurgie orthopédique et traumatologie|Radiologie",
    "sports": "4-3-3|4-4-2|3-0-1|1-0-1|2-1-2|3-1-0|1-2-3|0-0-1",
    "surveys": "1 fois par jour|2 fois par semaine|1 fois par mois|3 fois par jour|tous les jours|jamais",
    "companies": "Dupont SA|Durand et fils SARL|Greffe du tribunal de commerce|Tabac de la gare|Pharmacie du Marché|Clinique du Parc SA"
    "|ACME LLC|PSA Retail",
    "hi-fi": "Enceinte 2 voies|Enceinte colonne|Paire d'enceintes|Enceinte 5 pouces|Casque à réduction de bruit|Enceinte de plein air",
    "rainfall": "35 ml/j|12 mm par jour|20 ml par jour|3,5 l/j|0 ml/j|120 g/j",
    "IT tickets": "infection virale du poste|compte invalide|clé RSA perdue|accès PMR au guichet|nouveau patch|prise en charge à 24 h",
}


@pytest.mark.parametrize("kind", sorted(BENIGN))
def test_no_alarm_on_benign_columns(kind):
    """Without a header's help no label of health reaches the share its rule asks for."""
    values = BENIGN[kind].split("|")
    found = scored(values, 5)
    filled = 5 * len(values)
    given = {
        label
        for label, (rows, distinct) in found.items()
        if label not in {"free_text", "message"}
        and label in LABELS
        and (text := LABELS[label].text)
        and rows >= text.min_share * filled
        and distinct >= text.min_hits
    }
    assert given == set()


def test_public_lists_hold_no_drug():
    for name in ("first_names.tsv", "last_names.tsv", "communes.tsv", "departments.tsv", "birth_countries.tsv"):
        cells = lexicons.table(name)["name"].unique(maintain_order=True)
        found = prose.labels(cells, scanner().inspect(cells))
        assert not found["drug"].any(), name
        assert found["diagnosis"].sum() < 0.001 * len(cells), name


@pytest.mark.parametrize("more", [0, 40, 300, 660])
def test_more_names_of_drugs_change_no_negation(more):
    """Which of two senses of a word is listed first must not hang on how many words there are: a sort that is not stable did."""
    folder = resources.lexicons_dir().parent
    drugs = pl.read_csv(folder / "lexicons" / "drugs.tsv", separator="\t", infer_schema=False, quote_char=None)
    made = pl.DataFrame({"term": [f"ZYXO{n:03d}" for n in range(more)], "atc": ["A01"] * more, "common": ["0"] * more}, schema=drugs.schema)
    read = themes.load(folder / "themes")
    finder = Finder(themes.vocabulary(read, pl.concat([drugs, made]), folder / "themes" / themes.CUES))
    assert finder.find(pl.Series(["Le VIH est négatif.", "VHC négative"])).select("theme", "negated").rows() == [(0, 1), (0, 2)]

"""Sentences: the worked example of the lab leak, figures equal in both languages, nothing said that was not measured."""

from __future__ import annotations

import re
from string import Formatter

import msgspec
import pytest
import result_factory as factory
from hypothesis import given
from hypothesis import strategies as st

from triage import classes, model, resources, summary
from triage.options import Context
from triage.summary import content, grammar, titles
from triage.summary import figures as f
from triage.summary.voice import Voice


def said(result, language="fr"):
    """Sentences by id, with ordinary spaces so that a test can be read."""
    written = summary.write(result, factory.TITLES)
    return {s.id: re.sub("[\u202f\u00a0]", " ", s.text).replace("’", "'") for s in getattr(written, language)}


# --- the worked example


def test_lab_leak_in_french():
    lab = said(factory.lab())
    assert lab["S0"] == (
        "491 840 lignes, 479 812 personnes distinctes (d'après le NIR), 13 types de données ; gravité maximale (ENISA 5,0, très élevée)."
    )
    assert lab["S1.table"] == "Le tableau compte 491 840 lignes et 14 colonnes (Windows-1252, séparateur « ; »)."
    assert lab["S2"] == "Sur 491 840 lignes, 1 475 sont des doublons exacts (0,3 %) ; il reste 490 365 lignes distinctes."
    assert lab["S3.every"].startswith("Toutes les lignes portent le nom de famille, le prénom, le NIR")
    assert lab["S3.every"].endswith(" et la date de naissance.")
    assert lab["S3.sometimes"].endswith("l'adresse e-mail (11,9 %, 58 529 lignes).")
    assert lab["S3.practitioner"] == "Sur les praticiens : nom de famille (97,1 %), code postal (97 %)."
    assert lab["S3.absent"] == "N'ont pas été trouvés : IBAN, carte bancaire, numéro de passeport."
    assert "grossesse (6 204) ; traitements (3 977) ; cancer (210) ; VIH et IST (124)" in lab["S4.themes"]
    assert lab["S5.by_content"].startswith("L'en-tête de la colonne ne l'annonçait pas")
    assert lab["S6"] == (
        "Les dates de dernière visite (colonne « DDV ») vont de janvier 2015 à octobre 2020 ; "
        "90 % sont comprises entre janvier 2018 et décembre 2019."
    )
    assert lab["S7"] == (
        "Sur 477 200 codes postaux de praticiens (97 % des lignes), 36 % se situent dans le 56 (Morbihan), 22 % dans le 45 (Loiret), "
        "20,3 % dans le 27 (Eure), 6 % dans le 22 (Côtes-d'Armor), 6 % dans le 35 (Ille-et-Vilaine), 3,1 % dans le 41 (Loir-et-Cher) ; "
        "ces 6 départements en réunissent 93,4 %."
    )
    assert lab["S10"].startswith("Gravité ENISA : 4 × 1 + 1 = 5,0 (très élevée), car ")


def test_lab_leak_in_english():
    lab = said(factory.lab(), "en")
    assert lab["S0"] == "491,840 rows, 479,812 distinct persons (by NIR), 13 data types; severity maximum (ENISA 5.0, very high)."
    assert lab["S6"].startswith("Last visit dates (column “DDV”) run from January 2015 to October 2020; 90% fall between January 2018 and")
    assert lab["S7"].startswith("Of 477,200 postcodes of practitioners (97% of rows), 36% lie in 56 (Morbihan), 22% in 45 (Loiret)")


def test_rows_distinct_rows_and_persons_are_three_figures():
    lab = said(factory.lab())
    assert "491 840 lignes" in lab["S0"]
    assert "490 365 lignes distinctes" in lab["S2"]
    assert "479 812 personnes distinctes (d'après le NIR)" in lab["S0"]


# --- both languages

_NUMBER = re.compile(r"\d+(?:[.,\u202f]\d+)*")


def numbers(text):
    """The numbers of a sentence, in one notation; ``1er`` and ``1`` are the same day."""
    return [n.replace("\u202f", "").replace(",", ".") for n in _NUMBER.findall(text)]


def _english(text):
    return [n.replace(",", "") for n in re.findall(r"\d+(?:[.,]\d+)*", text)]


@pytest.mark.parametrize("name", sorted(factory.SHAPES))
def test_same_figures_in_both_languages(name):
    written = summary.write(factory.SHAPES[name](), factory.TITLES)
    assert [s.id for s in written.fr] == [s.id for s in written.en]
    for french, english in zip(written.fr, written.en, strict=True):
        assert french.fields == english.fields
        assert sorted(numbers(french.text)) == sorted(_english(english.text)), french.id


def _shown(template):
    """The values that a template shows; one that only agrees with a word (``=``) does not count."""
    return {name for _, name, spec, _ in Formatter().parse(template) if name and not (spec or "").startswith("=")}


def test_the_two_languages_have_the_same_templates_and_values():
    french, english = (Voice(language, factory.TITLES) for language in ("fr", "en"))
    assert set(french._templates) == set(english._templates)
    for key, template in french._templates.items():
        assert _shown(template) == _shown(english._templates[key]), key


def test_the_two_languages_have_the_same_words():
    french, english = (Voice(language, factory.TITLES)._words for language in ("fr", "en"))
    assert set(french) - {"problem"} == set(english)
    for table in set(english):
        assert set(french[table]) == set(english[table]), table


def test_every_reason_has_its_words():
    known, voice = classes.shipped(), Voice("fr", factory.TITLES)
    codes = {f"dpc.{c.because}" for c in known.classes.values()} | {f"dpc.{o.because}" for o in known.labels.values() if o.because}
    codes |= {f"dpc.{r.because}" for r in known.raises} | {f"ei.{i.id}" for i in known.identification} | {"ei.code_alone"}
    codes |= {"dpc.controller_health", "dpc.controller_bank"}
    assert not codes - set(voice._templates)
    assert {c.cnil for c in known.classes.values()} <= set(voice._words["cnil_category"])


# --- the fields of a sentence


def _resolve(tree, path):
    """The value at a JSON path (``a.b[0].c``, ``a[].b``); KeyError or IndexError where there is none."""
    for step in path.split("."):
        name, _, index = step.partition("[")
        tree = tree[name]
        if index == "]":
            tree = tree[0]
        elif index:
            tree = tree[int(index[:-1])]
    return tree


@pytest.mark.parametrize("name", sorted(factory.SHAPES))
def test_every_field_is_in_impact_json(name):
    result = factory.SHAPES[name]()
    tree = msgspec.json.decode(msgspec.json.encode(result))
    for sentence in summary.write(result, factory.TITLES).fr:
        for path in sentence.fields:
            _resolve(tree, path)


def test_file_names_are_never_said():
    result = factory.lab()
    written = summary.write(result, factory.TITLES)
    for sentence in (*written.fr, *written.en):
        assert "Export" not in sentence.text
        assert "lab/" not in sentence.text


# --- the ladder


@pytest.mark.parametrize(
    ("rows", "name"),
    [
        (100_000, "every"), (99_999, "nearly_all"), (99_500, "nearly_all"), (99_499, "almost_always"), (90_000, "almost_always"),
        (66_000, "very_often"), (65_999, "mostly"), (50_000, "mostly"), (49_999, "often"), (25_000, "often"), (24_999, "sometimes"),
        (5_000, "sometimes"), (4_999, "rarely"), (100, "rarely"), (99, "few"), (1, "few"),
    ],
)  # fmt: skip
def test_ladder(rows, name):
    assert content.rung(rows, 100_000) == name


@given(st.integers(1, 10**7), st.integers(1, 10**7))
def test_every_count_has_a_rung_and_a_majority_is_one(a, b):
    rows, total = min(a, b), max(a, b)
    name = content.rung(rows, total)
    if name in {"every", "nearly_all", "almost_always", "very_often", "mostly"}:
        assert 2 * rows >= total


def test_rare_but_severe_is_always_named():
    """Zataz, 24/04/2025: 851 IBAN and 81 cards in 16,397,079 rows."""
    rows = 16_397_079
    columns = tuple(
        factory.column(i, label, class_id, n, rows=rows)
        for i, (label, class_id, n) in enumerate(
            [("email", "contact", 14_003_002), ("iban", "financial_id", 851), ("card", "financial_id", 81)]
        )
    )
    lines = said(factory.result(columns, rows, None))
    assert lines["S3.severe"] == "Rares mais graves : IBAN (851 lignes, 0,0052 %) et carte bancaire (81 lignes, 0,00049 %)."
    assert "S3.few" not in lines


def test_telecom_dump_reads_as_zataz_wrote_it():
    lines = said(factory.telecom())
    assert lines["S1.one_format"] == "L'examen porte sur 11 fichiers CSV (2,0 Go)."
    assert "14 003 002 adresses e-mail" in lines["S2.unique"]
    assert lines["S3.mail"].startswith(
        "52 % des adresses e-mail sont en .fr ; premiers domaines : hotmail.fr (2 962 078, 21,2 %) et gmail.com"
    )
    assert lines["S7.communes"] == "Premières communes des personnes : Paris (42 977), Marseille (20 114)."


# --- what is not known is not said


def test_no_persons():
    columns = (factory.column(0, "city", "address", 10, rows=10),)
    lines = said(factory.result(columns, 10, None))
    assert "nombre de personnes non déterminé" in lines["S0.no_persons"]
    assert not [key for key in lines if key.startswith(("S4", "S5", "S6", "S7", "S8", "S9"))]


def test_every_row_was_read_is_not_said_where_a_file_was_not():
    lab = factory.lab()
    assert "S1.read" in said(lab)
    files = (*lab.inputs.files, msgspec.structs.replace(lab.inputs.files[0], status="unreadable"))
    lines = said(msgspec.structs.replace(lab, inputs=msgspec.structs.replace(lab.inputs, files=files)))
    assert lines["S1.incomplete"].startswith("1 fichier n'a pas été lu")
    assert not {"S1.read", "S1.repaired"} & set(lines)


def test_empty_result():
    lines = said(factory.result((), 0, None, tables=(), types=()))
    assert lines["S0.nothing"].startswith("0 ligne")
    assert "S2" not in lines


def test_appointments_are_counted_as_appointments():
    lines = said(factory.appointments())
    assert lines["S0"].startswith(
        "6 128 rendez-vous, environ 5 450 personnes distinctes (d'après l'adresse e-mail, à défaut d'autres clés)"
    )
    assert lines["S2.keys"] == (
        "Deux lignes sont de la même personne si elles ont en commun l'adresse e-mail, à défaut le numéro de téléphone."
    )
    assert lines["S2.claim"] == (
        "Selon l'organisme (Doctolib), il y aurait 6 158 rendez-vous ; les fichiers examinés contiennent "
        "6 128 lignes (99,5 % de ce chiffre)."
    )


def test_estimates_are_rounded_and_counts_are_not():
    size = msgspec.structs.replace(
        factory.lab().size,
        persons=model.Persons(estimate=5_678_901, low=None, high=None, basis="email", exact=False, standard_error=1500.0),
    )
    lines = said(factory.lab(size=size))
    assert "environ 5 680 000 personnes distinctes (d'après l'adresse e-mail)" in lines["S0"]
    assert "S2.bracket" not in lines


def test_assumptions_are_printed():
    columns = (factory.column(0, "last_name", "identity", 10, rows=10), factory.column(1, "email", "contact", 10, rows=10))
    lines = said(factory.result(columns, 10, 10, context=Context(exposure="known", malicious=False, controller="health")))
    assert lines["S10.assumed"] == (
        "Supposé, car les fichiers ne le disent pas : destinataires en nombre connu, absence d'intention malveillante, "
        "responsable du secteur de la santé."
    )


def test_passwords_hashed():
    credentials = model.Credentials(
        rows_password=1000, clear=100, hashed=900, algorithms=(model.Algorithm(id="bcrypt", rows=900),), pairs=0, detected_by="header"
    )
    lines = said(factory.lab(credentials=credentials))
    assert lines["S5"] == "1 000 lignes (0,2 %) contiennent un mot de passe, 10 % en clair et 90 % hachés (bcrypt : 900)."
    assert "S5.pairs" not in lines
    assert "S5.by_content" not in lines


def test_bank_data_checks_and_clues():
    lines = said(factory.everything())
    assert lines["S5.iban"] == "851 lignes portent un IBAN, dont 850 à clé juste."
    assert lines["S5.card"] == "1 ligne porte un numéro de carte bancaire complet, dont 0 à clé juste."
    assert lines["S8.first"].startswith("28 organismes distincts apparaissent, le premier sur 22 % des lignes")
    assert lines["S9"] == "1 contrôle de cohérence réussi sur 2 : clé du NIR 99,8 %, clé du RPPS 60 %. Ensemble : partagé."
    assert lines["S9.overlap"].startswith("59 % des lignes se retrouvent dans a�b")
    assert lines["S1.unread"] == "1 ligne (0,0002 %) n'a pas pu être lue."
    assert lines["S12.limits"].startswith("Limites de cet examen : une partie des fichiers")


def test_counters_clues_and_glued_sources():
    lines = said(factory.everything())
    assert "NUMDOS, dont 42 % des numéros sont présents (17 trous)" in lines["S8.sequences"]
    assert lines["S8.clues"] == "Indices techniques : logiciel DXLAB ; ils ne suffisent pas à désigner la source."
    assert lines["S9.breaks"].startswith("1 rupture dans")


def test_units_scale_minors_zones_bodies_and_signs():
    lines = said(factory.everything())
    assert lines["S2.units"] == "On y distingue 169 950 comptes."
    assert lines["S2.at_scale"].endswith(
        "ce que rien n'établit, il compterait : adresse e-mail, environ 585 290 lignes (entre 580 001 et 590 002)."
    )
    assert lines["S4.minors"] == "36 personnes mineures ont une donnée de santé."
    assert lines["S7.zones"] == "Sur 477 200 indicatifs de téléphone : quart nord-ouest 63 %."
    assert lines["S7.one_in"].endswith("environ un habitant de la France sur 142.")
    assert "1 204 personnes décédées" in lines["S7.who"]
    assert lines["S8.kinds"] == "Parmi ces organismes, à en juger par leurs noms : laboratoires."
    assert lines["S9.signs"] == "Signes de données fabriquées : trop peu de noms de famille différents."


def test_the_five_questions_of_hibp_stand_open():
    lines = said(factory.lab())
    asked = lines["S12.hibp"].partition(" pas : ")[2]
    assert asked.count(",") == 5  # four between them, one within
    assert "moyen du vol" in asked
    assert lines["S12"] == "Non établi par l'examen des fichiers : la source, la date du vol, la confirmation par les personnes."


def test_a_check_on_too_few_values_is_not_counted():
    checks = (
        model.Check(id="nir_key", n=1000, passed=998, rate=0.998, verdict="consistent"),
        model.Check(id="iban_key", n=8, passed=8, rate=1.0, verdict="undetermined"),
    )
    lines = said(factory.lab(authenticity=model.Authenticity(checks=checks, verdict="consistent", schema_breaks=())))
    assert lines["S9"] == "1 contrôle de cohérence réussi sur 1 : clé du NIR 99,8 %. Ensemble : cohérent."


def test_health_texts_are_not_absent_where_health_is_mentioned():
    assert said(factory.lab(absent=("health_text", "iban")))["S3.absent"] == "N'a pas été trouvé : IBAN."
    silent = factory.lab(absent=("health_text",), health=factory.empty_health())
    assert said(silent)["S3.absent"] == "N'a pas été trouvé : commentaire médical."


# --- grammar


@pytest.mark.parametrize(
    ("phrase", "articled"),
    [
        ("NIR", "le NIR"), ("IBAN", "l’IBAN"), ("INS", "l’INS"), ("UUID", "le UUID"), ("date de naissance", "la date de naissance"),
        ("adresse postale", "l’adresse postale"), ("groupe sanguin", "le groupe sanguin"), ("ordonnance", "l’ordonnance"),
        ("numéro de téléphone", "le numéro de téléphone"), ("prescription", "la prescription"), ("hôpital", "l’hôpital"),
        ("handicap", "le handicap"), ("mot de passe", "le mot de passe"), ("carte bancaire", "la carte bancaire"),
        ("coordonnées géographiques", "les coordonnées géographiques"), ("permis de conduire", "le permis de conduire"),
        ("plaque d’immatriculation", "la plaque d’immatriculation"), ("nationalité", "la nationalité"), ("sexe", "le sexe"),
        ("commune", "la commune"), ("posologie", "la posologie"), ("état civil", "l’état civil"), ("", "le "),
    ],
)  # fmt: skip
def test_definite_article(phrase, articled):
    assert grammar.definite(phrase, Voice("fr", factory.TITLES)._nouns) == articled


@pytest.mark.parametrize(
    ("iso", "preposition", "french", "english"),
    [
        ("2015", "from", "de 2015", "from 2015"), ("2020-10", "of", "d’octobre 2020", "October 2020"),
        ("2020-10", "to", "à octobre 2020", "to October 2020"), ("2015-01-01", "from", "du 1er janvier 2015", "from 1 January 2015"),
        ("2015-08-09", "to", "au 9 août 2015", "to 9 August 2015"), ("2015-08-09", "the", "le 9 août 2015", "9 August 2015"),
        ("2015-08", "", "août 2015", "August 2015"), ("2015-04", "from", "d’avril 2015", "from April 2015"),
    ],
)  # fmt: skip
def test_dates(iso, preposition, french, english):
    assert grammar.day(iso, "fr", preposition) == french
    assert grammar.day(iso, "en", preposition) == english


@pytest.mark.parametrize(("n", "french", "english"), [(0, "0 ligne", "0 rows"), (1, "1 ligne", "1 row"), (2, "2 lignes", "2 rows")])
def test_plural(n, french, english):
    assert Voice("fr", factory.TITLES)._show(f.Count(n, unit="rows"), "") == french
    assert Voice("en", factory.TITLES)._show(f.Count(n, unit="rows"), "") == english


def test_lists():
    assert grammar.enumerate_words([], "fr") == ""
    assert grammar.enumerate_words(["a"], "fr") == "a"
    assert grammar.enumerate_words(["a", "b", "c"], "fr") == "a, b et c"
    assert grammar.enumerate_words(["a", "b"], "en") == "a and b"
    assert grammar.enumerate_words(["a", "b"], "fr", ",") == "a, b"
    assert grammar.enumerate_words(["a", "b"], "fr", ";") == "a\u202f; b"
    assert grammar.enumerate_words(["a", "b"], "en", ";") == "a; b"
    assert grammar.enumerate_words(["a"], "en", "else|then") == "a"
    assert grammar.enumerate_words(["a", "b", "c"], "en", "else|then") == "a, else b, then c"


def test_typography():
    assert grammar.typeset("l'a : « b » ; 5 % !", "fr") == "l’a\u00a0: «\u00a0b\u00a0»\u202f; 5\u00a0%\u202f!"
    assert grammar.typeset("it's 5%: a; b", "en") == "it’s 5%: a; b"


def test_a_column_name_is_said_as_it_is():
    field = msgspec.structs.replace(factory.lab().period.fields[0], column="l'a ; b")
    period = msgspec.structs.replace(factory.lab().period, fields=(field,))
    sentence = next(s for s in summary.write(factory.lab(period=period), factory.TITLES).fr if s.id == "S6")
    assert "l'a ; b" in sentence.text


def test_every_section_of_a_plain_sentence_ends_with_a_full_stop():
    for shape in factory.SHAPES.values():
        written = summary.write(shape(), factory.TITLES)
        assert all(s.text.endswith(".") and not re.search(r"[{}]|\.\.| ,|\( ", s.text) for s in (*written.fr, *written.en))


def test_unknown_words_and_labels_are_said_by_their_id():
    voice = Voice("fr", titles.Titles({}, {}))
    assert voice.word("kind", "some_kind") == "some kind"
    assert voice.title("vital_sign") == "vital sign"


def test_a_value_that_no_voice_knows_is_an_error():
    with pytest.raises(TypeError):
        Voice("fr", factory.TITLES)._show(object(), "")


# --- titles


def test_titles_come_from_rule_files(tmp_path):
    (tmp_path / "contact").mkdir()
    (tmp_path / "themes").mkdir()
    (tmp_path / "contact" / "email.toml").write_text("id = 'email'\ntitle = {fr = 'adresse', en = 'address'}\n")
    (tmp_path / "themes" / "cancer.toml").write_text("id = 'cancer'\ntitle = {fr = 'cancer', en = 'cancer'}\n")
    (tmp_path / "contact" / "notes.toml").write_text("a = 1\n")
    found = titles.load(tmp_path)
    assert set(found.labels) == {"email"}
    assert set(found.themes) == {"cancer"}


def test_every_shipped_title_takes_an_article():
    """Prints nothing, changes nothing: only that each title is a noun phrase without article or capital of its own."""
    nouns = Voice("fr", factory.TITLES)._nouns
    for label, title in titles.load(resources.rules_dir()).labels.items():
        french = title.singular["fr"]
        assert not re.match(r"(?i)(le|la|les|un|une|des|l['’])\b", french), label
        assert grammar.definite(french, nouns).startswith(("le ", "la ", "les ", "l’")), label

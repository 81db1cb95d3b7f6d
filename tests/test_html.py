"""The HTML report: one file that asks for nothing, where a hostile name stays a name; the views behind its charts."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import msgspec
import pytest
import result_factory as factory

from triage import model, report
from triage.options import Context
from triage.report import to_html
from triage.report.page import atlas, cards, france, matrix, timeline
from triage.report.sections import Words
from triage.summary import judgement

HOSTILE = (
    "<script>alert(1)</script>", '"><svg onload=alert(1)>', "javascript:alert(1)", "\u202egpj.exe", "=cmd()", "{{ 7 * 7 }}", "</style>",
    "<img src=https://evil.example/x>", "' onmouseover='alert(1)", "\x1b]0;x\x07", "]]>", "-->",
)  # fmt: skip
WORDS = Words(factory.lab(), "fr")


class _Page(HTMLParser):
    """Elements, attributes and text of a page."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.attributes, self.text, self.ids = [], [], [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        self.ids += [value for name, value in attrs if name == "id"]

    def handle_data(self, data):
        self.text.append(data)


def _page(result, language="fr"):
    return _Page(report.render(result, "html", language))


def _hostile(names):
    """A result whose columns, table and claimant bear these names."""
    columns = tuple(factory.column(i, "last_name", "identity", 10, rows=10, name=name) for i, name in enumerate(names))
    field = msgspec.structs.replace(factory.lab().period.fields[0], column=names[0], histogram=_months("2018-01", "2018-02"), n=41)
    base = factory.result(columns, 10, 10)
    claim = model.Claim(by=names[1], role="seller", count=1, unit="rows", measured=10, measured_unit="rows", ratio=10.0)
    return factory.written(
        msgspec.structs.replace(
            base,
            tables=(factory.table(10, len(columns), table=names[0]),),
            claims=(claim,),
            period=msgspec.structs.replace(factory.lab().period, fields=(field,)),
        ),
    )


def _months(*months):
    return tuple(model.MonthCount(month=m, n=20 + i) for i, m in enumerate(months))


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("shape", sorted(factory.SHAPES))
def test_a_page_asks_for_nothing_and_runs_nothing(shape, language):
    page = _page(factory.written(factory.SHAPES[shape]()), language)
    assert not {"script", "link", "img", "iframe", "object", "embed", "form", "base"} & set(page.tags)
    names = {name for name, _ in page.attributes}
    assert not {n for n in names if n.startswith("on")} | {"src", "style", "action"} & names
    assert {value[:1] for name, value in page.attributes if name == "href"} == {"#"}
    assert len(page.ids) == len(set(page.ids))
    assert {value[1:] for name, value in page.attributes if name == "href"} <= set(page.ids)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_sentence_is_on_the_page(language):
    result = factory.written(factory.everything())
    text = " ".join("".join(_page(result, language).text).split())
    for sentence in getattr(result.summary, language):
        assert " ".join(sentence.text.replace("\x1b", "\ufffd").split()) in text


def test_hostile_names_create_no_element():
    plain, hostile = _page(_hostile([f"name {n}" for n, _ in enumerate(HOSTILE)])), _page(_hostile(HOSTILE))
    assert plain.tags == hostile.tags
    assert [n for n, _ in plain.attributes] == [n for n, _ in hostile.attributes]
    text = "".join(hostile.text)
    assert "<script>alert(1)</script>" in text
    assert "{{ 7 * 7 }}" in text
    assert not re.search("[\u202e\x1b\x07]", text)


def test_the_policy_knows_the_style_sheet_by_its_hash():
    page = report.render(factory.written(factory.lab()), "html", "fr")
    css = page.split("<style>")[1].split("</style>")[0]
    told = re.search(r'Content-Security-Policy" content="([^"]+)"', page).group(1)
    assert told.replace("&#39;", "'") == to_html.policy(css)
    assert "unsafe" not in told
    assert "script-src" not in told


def test_the_same_result_is_the_same_page_and_names_no_file():
    result = factory.written(factory.lab())
    assert report.render(result, "html", "fr") == report.render(result, "html", "fr")
    assert "Export" not in report.render(result, "html", "fr")


def test_every_word_of_the_templates_is_in_both_languages():
    used = set()
    for path in to_html._TEMPLATES.glob("*.html"):
        used |= set(re.findall(r"""w\(["'](\w+)["'], ["'](\w+)["']\)""", path.read_text("utf-8")))
    assert len(used) > 50
    for language in ("fr", "en"):
        words = Words(factory.lab(), language)
        assert not [(table, key) for table, key in used if key not in words.table(table)]


def test_two_thousand_columns_and_five_thousand_files_fit():
    columns = tuple(factory.column(i, "last_name", "identity", 10, rows=10, name=f"COLUMN_{i}") for i in range(2000))
    base = factory.result(columns, 10, 10)
    files = tuple(
        model.InputFile(path=f"{i}.csv", bytes=i, sha256=f"{i:064x}", kind="csv", status="partial",
                        problems=(model.FileProblem(code="truncated", entry=f"{i}.csv", count=1),))
        for i in range(5000)
    )  # fmt: skip
    result = factory.written(msgspec.structs.replace(base, inputs=msgspec.structs.replace(base.inputs, files=files, files_count=5000)))
    page = report.render(result, "html", "fr")
    assert len(page.encode()) < 5_000_000
    assert page.count(">COLUMN_") == 2000


# --- the views


def test_the_map_has_every_departement_once_and_its_classes_follow_its_shares():
    found = next(iter(atlas.atlases(factory.lab().geography, WORDS)))
    assert len(found.mainland) == len({a.code for a in found.mainland}) == 96
    assert [a.code for a in found.overseas] == list(france.OVERSEAS)
    styles = {a.code: a.style for a in found.mainland}
    assert styles["56"] == styles["45"] == styles["27"] == "q4"
    assert styles["22"] == "q2"
    assert styles["75"] == "q0"
    assert styles["01"] == atlas.NONE
    assert {s.style for s in found.legend} == {"q4", "q2", "q1", "q0", "none"}
    assert [r.code for r in found.rows] == ["56", "45", "27", "22", "35", "41", "75"]
    assert "75" not in [m.code for m in found.marks]


def test_suppressed_places_are_hatched_and_a_map_of_none_but_those_is_not_drawn():
    places = (
        model.Place(code="56", name="Morbihan", n=20, share=1.0),
        model.Place(code="2A", name="Corse-du-Sud", n=None, share=None, suppressed=True),
        model.Place(code="975", name="Saint-Pierre-et-Miquelon", n=None, share=None, suppressed=True),
    )
    base = factory.lab().geography[0]
    found = next(iter(atlas.atlases((msgspec.structs.replace(base, departments=places),), WORDS)))
    assert {a.code: a.style for a in (*found.mainland, *found.overseas)}["2A"] == atlas.HIDDEN
    assert found.overseas[-1].code == "975"
    assert "2A, 975" in found.hidden
    assert not list(atlas.atlases((msgspec.structs.replace(base, departments=places[1:]),), WORDS))


def test_where_people_were_born_comes_after_where_they_live():
    base = factory.lab().geography[0]
    sections = tuple(msgspec.structs.replace(base, basis=name) for name in ("birthplace", "practitioner", "patient"))
    assert [a.id for a in atlas.atlases(sections, WORDS)] == ["practitioner", "patient", "birthplace"]
    said = [s.text for s in factory.written(msgspec.structs.replace(factory.lab(), geography=sections)).summary.fr if s.id == "S7"]
    assert "praticiens" in said[0]
    assert "naissance" in said[2]


@pytest.mark.parametrize(("shares", "ends"), [([], ()), ([0.004], (0.0002, 0.0005, 0.001, 0.002)), ([1.0], (0.05, 0.1, 0.2, 0.5))])
def test_classes_end_at_round_shares(shares, ends):
    assert atlas.breaks(shares) == ends


@pytest.mark.parametrize(
    ("months", "bars", "first", "last"),
    [
        (("2018-11", "2019-02"), 2, "novembre 2018", "février 2019"),
        (("1980-01", "2019-02"), 2, "1980", "2019"),
        (("1931", "1999", "2003"), 3, "1931", "2003"),
        (("0990-01", "2019-02"), 2, "990-999", "2010-2019"),
    ],
)
def test_time_is_as_fine_as_can_be_drawn(months, bars, first, last):
    field = msgspec.structs.replace(factory.lab().period.fields[0], histogram=_months(*months), n=90, min=months[0], max=months[-1])
    found = timeline._timeline("x", field, WORDS)
    assert len(found.bars) == bars
    assert (found.rows[0][0], found.rows[-1][0]) == (first, last)
    assert all(0 <= float(b.x.rstrip("%")) <= 100 and float(b.height) > 0 for b in found.bars)
    assert 1 <= len(found.ticks) <= 9
    assert found.note


def test_months_too_small_to_be_told_keep_their_place():
    field = msgspec.structs.replace(
        factory.lab().period.fields[0], histogram=_months("2018-01", "2018-02"), n=50, min="2015-01", max="2020-10"
    )
    found = timeline._timeline("x", field, WORDS)
    assert found.bars[0].x == f"{36 / 70:.2%}"
    assert [t.said for t in found.ticks] == ["2015", "2016", "2017", "2018", "2019", "2020"]


def test_one_month_is_no_course_of_time():
    few = msgspec.structs.replace(factory.lab().period.fields[0], histogram=_months("2018-11"), n=20)
    assert timeline._timeline("x", few, WORDS) is None
    most_untold = msgspec.structs.replace(few, histogram=_months("2018-10", "2018-11"), n=1000)
    assert timeline._timeline("x", most_untold, WORDS) is None


def test_combinations_cross_the_fields_they_join():
    result = msgspec.structs.replace(
        factory.lab(),
        combinations=(
            model.Combination(id="identity_sensitive_theme", labels=(), rows=None, persons=None, suppressed=True),
            model.Combination(id="email_password", labels=(), rows=122, persons=None),
        ),
    )
    found = matrix.matrix(result, WORDS)
    assert found.fields == ("nom", "e-mail ou identifiant", "mot de passe", "thème sensible")
    assert [x.joined for x in found.lines] == [(False, True, True, False), (True, False, False, True)]
    assert [(x.rows, x.persons) for x in found.lines] == [("122", "non déterminé"), ("moins de 11", "moins de 11")]
    assert len(found.absent) == 8


def _context(**context):
    return factory.lab(severity=factory.severity_of(factory.lab_columns(), factory.LAB_ROWS, factory.LAB_PERSONS, Context(**context)))


def test_severity_names_the_columns_behind_each_term_and_what_would_change_it():
    found = cards.severity(_context(), WORDS)
    plain = [re.sub("[\u202f\u00a0]", " ", c) for c in found.changes]
    assert "C13" in found.terms[0].columns
    assert "C2" in found.terms[1].columns
    assert plain[:3] == [
        "Si les destinataires étaient en nombre connu : 4,75 (très élevée).",
        "Si personne n’y avait eu accès : 4,5 (très élevée).",
        "Sans intention malveillante : 4,5 (très élevée).",
    ]
    assert plain[3].startswith("Sans ")
    assert len(plain) == 4
    assert not any("malveillante" in c for c in cards.severity(_context(malicious=False), WORDS).changes)
    assert len(cards.severity(_context(exposure="none", malicious=False), WORDS).changes) == 1


@pytest.mark.parametrize(
    ("context", "columns", "cases", "duty"),
    [
        ({}, None, (4, 5), "persons"),
        ({"malicious": False, "exposure": "known"}, None, (14,), "persons"),
        ({"malicious": False, "exposure": "none"}, None, (11,), "persons"),
        ({}, ("password_hash",), (6,), "register"),
    ],
)
def test_the_nearest_cases_of_the_edpb(context, columns, cases, duty):
    result = _context(**context)
    if columns:
        held = tuple(factory.column(i, name, "credential", 10, rows=10) for i, name in enumerate(columns))
        result = factory.result(held, 10, None, context=Context(**context))
    assert tuple(judgement.nearest(result)) == (cases, duty)


def test_a_leak_that_resembles_no_case_has_none():
    assert judgement.nearest(_context(malicious=False, exposure="unknown")) is None


def test_the_aepd_of_the_lab_leak_made_public_is_64_and_tells_persons():
    result = factory.written(_context(exposure="public"))
    said = {s.id: s.text for s in result.summary.en}["S10.aepd"]
    assert (
        said
        == "AEPD score: 4 (volume) × 2 (nature) × 8 (exposure) = 64, 3 criteria exceeded of 3; the authority and the persons would be told."
    )

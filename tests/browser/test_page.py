"""impact.html in a browser: opens everywhere it should, tells nobody, hides nothing from a keyboard or a screen reader."""

from __future__ import annotations

import msgspec
import pytest
import result_factory as factory

import triage
from triage import report, resources
from triage.samples import make

HOSTILE = (
    "<script>document.title='x'</script>", '"><svg onload=alert(1)>', "javascript:alert(1)", "\u202egpj.exe", "=cmd()", "</style><b>",
    "<img src=https://evil.example/x onerror=alert(1)>", "' onmouseover='alert(1)", "{{ 7 * 7 }}",
)  # fmt: skip
RECIPES = sorted(path.stem for path in resources.recipes_dir().glob("*.toml"))
ROWS = 300


@pytest.fixture(scope="session")
def scanned(tmp_path_factory):
    """The result of each recipe, scanned once."""
    known = {}

    def of(recipe):
        if recipe not in known:
            folder = tmp_path_factory.mktemp("evidence") / recipe
            folder.mkdir()
            make(recipe, ROWS, folder)
            for truth in folder.rglob("*.truth.json"):
                truth.unlink()
            known[recipe] = triage.scan([folder], triage.Options())
        return known[recipe]

    return of


@pytest.fixture
def opened(browser, tmp_path):
    """Opens a result's page; collects what the page says and asks for."""
    contexts = []

    def of(result, language="fr", scheme="light", width=1440):
        path = tmp_path / "impact.html"
        path.write_text(report.render(result, "html", language), "utf-8")
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=False)
        contexts.append(context)
        page = context.new_page()
        page.said, page.asked = [], []
        page.on("console", lambda message: page.said.append(message.text))
        page.on("pageerror", lambda error: page.said.append(str(error)))
        page.on("dialog", lambda dialog: page.said.append(dialog.message))
        page.on("request", lambda request: page.asked.append(request.url))
        page.goto(path.as_uri())
        return page

    yield of
    for context in contexts:
        context.close()


def _quiet(page):
    assert page.said == []
    assert [url for url in page.asked if not url.startswith("file://")] == []
    assert len(page.asked) == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]


@pytest.mark.parametrize("width", [360, 1440])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("recipe", RECIPES)
def test_every_recipe_opens_quietly_and_fits(opened, scanned, recipe, language, scheme, width):
    page = opened(scanned(recipe), language, scheme, width)
    _quiet(page)
    assert page.locator("h1").inner_text()


@pytest.mark.parametrize("width", [360, 1440])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("recipe", ["lab", "clinic"])
def test_axe_finds_no_violation(opened, scanned, axe, recipe, scheme, width):
    _audit(opened(scanned(recipe), "fr", scheme, width), axe)


@pytest.mark.parametrize("shape", sorted(factory.SHAPES))
def test_axe_finds_none_whatever_is_missing(opened, axe, shape):
    page = opened(factory.written(factory.SHAPES[shape]()), "en")
    _quiet(page)
    _audit(page, axe)


def _audit(page, axe):
    """Runs axe through the browser's own channel: the page's policy would not let it in."""
    page.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")
    page.evaluate(axe)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    assert [(v["id"], v["help"], [n["html"][:120] for n in v["nodes"][:3]]) for v in found] == []


def test_hostile_names_run_nothing_and_make_no_element(opened):
    def named(names):
        columns = tuple(factory.column(i, "last_name", "identity", 10, rows=10, name=name) for i, name in enumerate(names))
        base = factory.result(columns, 10, 10)
        return factory.written(msgspec.structs.replace(base, tables=(factory.table(10, len(columns), table=names[0]),)))

    count = "document.querySelectorAll('*').length"
    plain = opened(named([f"n{n}" for n in range(len(HOSTILE))])).evaluate(count)
    page = opened(named(HOSTILE))
    _quiet(page)
    assert page.evaluate(count) == plain
    assert page.title() == "Résumé d’impact · triage"
    assert HOSTILE[0] in page.inner_text("body")


def test_the_policy_stops_a_script_that_would_get_in(opened):
    page = opened(factory.written(factory.lab()))
    page.evaluate("const s = document.createElement('script'); s.textContent = 'window.ran = 1'; document.body.append(s)")
    page.evaluate("const i = document.createElement('img'); i.src = 'https://evil.example/x'; document.body.append(i)")
    page.wait_for_timeout(200)
    assert page.evaluate("window.ran") is None
    assert not [url for url in page.asked if "evil" in url and not any("evil" in said for said in page.said)]


def test_the_keyboard_reaches_the_content_first_and_then_every_link(opened):
    page = opened(factory.written(factory.lab()))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#content"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('nav') !== null")
    hrefs = page.evaluate("[...document.querySelectorAll('a')].map(a => a.getAttribute('href'))")
    assert all(page.locator(href).count() == 1 for href in hrefs)


def test_it_prints_to_a4_with_what_is_folded(opened, scanned):
    page = opened(scanned("lab"))
    page.emulate_media(media="print")
    assert page.locator("table.columns").first.is_visible()
    pdf = page.pdf(format="A4")
    assert pdf.startswith(b"%PDF-")
    assert 4 <= pdf.count(b"/Type /Page\n") + pdf.count(b"/Type /Page ") + pdf.count(b"/Type/Page/") <= 25

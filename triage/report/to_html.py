"""impact.html: the report that people read: one file, no script, from a USB key or on paper.

The page brings its own style and drawings and asks for nothing else; a policy in its head forbids the browser to run
or fetch anything, whatever a name in the evidence holds. Jinja escapes every text on its way
in; the style sheet alone is put in as it is.
"""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from triage.report.page.view import view
from triage.report.sections import Words

if TYPE_CHECKING:
    from triage.model import Result
    from triage.report import Style

FILE = "impact.html"
_TEMPLATES = Path(__file__).parent / "page" / "templates"
# Nothing runs, nothing is fetched, nothing is sent; the one style sheet is known by its hash.
_POLICY = "default-src 'none'; style-src 'sha256-{}'; base-uri 'none'; form-action 'none'"


def render(result: Result, style: Style) -> str:
    """The page; the same result gives the same bytes."""
    words = Words(result, style.language)
    css = _css()
    return _environment().get_template("page.html").render(view(result, words), w=words.said, css=css, policy=policy(css)) + "\n"


def policy(css: str) -> str:
    """The content security policy of a page with this style sheet (CSP level 2: the hash is of the element's text)."""
    return _POLICY.format(base64.b64encode(hashlib.sha256(css.encode()).digest()).decode())


@lru_cache(maxsize=1)
def _css() -> str:
    return (_TEMPLATES / "style.css").read_text("utf-8")


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )

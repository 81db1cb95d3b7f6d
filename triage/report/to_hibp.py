"""hibp.json: the breach model of Have I Been Pwned, as far as the files can fill it.

PwnCount is e-mail addresses, neither rows nor persons. What only the submitter knows (name, domain, dates, whether it
was verified) is null: a reader of JSON must not take an empty text for an answer.
"""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

import msgspec

from triage.report.sections import Words
from triage.summary import sample
from triage.text import escaped

if TYPE_CHECKING:
    from triage.model import Result
    from triage.report import Style

FILE = "hibp.json"
_TOLD = ("S2.unique", "S3.")  # sections whose sentences make a description
_SUBMITTER = ("Name", "Title", "Domain", "BreachDate", "AddedDate", "ModifiedDate")
_SUBMITTER_FLAGS = ("IsFabricated", "IsRetired", "IsSpamList", "IsMalware", "IsStealerLog", "IsSubscriptionFree")


def render(result: Result, style: Style) -> str:
    """JSON with the model's own names and order; the description is HTML, as the model wants it."""
    words = Words(result, style.language)
    told = [words.headline(), *(text for key, text in words.sentences() if key.startswith(_TOLD))]
    breach = {
        **dict.fromkeys(_SUBMITTER),
        "PwnCount": None if sample.taken(result) else result.hibp.PwnCount,
        "Description": "<p>" + " ".join(html.escape(text) for text in told if text) + "</p>",
        "LogoPath": None,
        "Attribution": None,
        "DataClasses": sorted(result.hibp.DataClasses),
        "IsVerified": False,
        "IsSensitive": result.hibp.IsSensitive,
        **dict.fromkeys(_SUBMITTER_FLAGS),
    }
    return escaped(msgspec.json.format(msgspec.json.encode(breach), indent=2).decode()) + "\n"

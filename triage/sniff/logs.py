r"""Logs whose lines have a form: access logs of web servers, syslog, key=value, and what programs write with a time and a level.

The first are the Common and Combined Log Format (Apache's ``mod_log_config``, nginx's default), syslog as RFC 3164 and RFC 5424
describe it. Patterns are in the dialect that Python and Rust share: named groups are the columns.
"""

from __future__ import annotations

import re

_QUOTED = r'(?:[^"\\]|\\.)*'
_DAY = r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?: ?(?:Z|UTC|[+-]\d\d:?\d\d))?"
KEY = r"[A-Za-z_@][\w.@-]{0,60}"
_PAIR = rf'{KEY}=(?:"{_QUOTED}"|[^\s"]\S*|)'
FORMS = {
    "log_access": (
        rf"^(?:(?P<host>[\w.-]+(?::\d+)?) )?(?P<ip>[0-9A-Fa-f:.]{{3,45}}|[\w.-]+) \S+ (?P<user>\S+) \[(?P<time>[^\]]{{10,40}})\] "
        rf'"(?:(?P<method>[A-Z]{{3,12}}) )?(?P<url>[^"\s]*){_QUOTED}" (?P<status>\d{{3}}|-) (?P<size>\d+|-)'
        rf'(?: "(?P<referer>{_QUOTED})" "(?P<user_agent>{_QUOTED})")?(?P<more>.*)$'
    ),
    "log_keys": rf"^(?P<before>(?:[^\s=]+ +){{0,12}})(?P<pairs>{_PAIR}(?: +{_PAIR}){{2,}}) *(?P<more>.*)$",
    "log_syslog": (
        rf"^(?:<\d{{1,3}}>)?(?:1 )?(?P<time>[A-Z][a-z]{{2}} [ \d]\d \d\d:\d\d:\d\d|{_DAY}) (?P<host>[\w.:-]+) "
        r"(?P<process>[\w./@-]+(?:\[\d+\])?)(?::| \S+ \S+ (?:-|\[.*?\])) ?(?P<message>.*)$"
    ),
    "log_app": (
        rf"^\[?(?P<time>{_DAY})\]?,? +(?:\S+ +)?\[?(?P<level>TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|FATAL|CRITICAL|SEVERE)\]?:? +"
        r"(?P<message>.*)$"
    ),
}
_PATTERNS = {name: re.compile(pattern) for name, pattern in FORMS.items()}
# Lines that a log may hold beside: traces and continued messages.
_SHARE = {"log_access": 0.9, "log_keys": 0.9, "log_syslog": 0.8, "log_app": 0.5}
_ENOUGH, _SAMPLE, _LONGEST = 3, 500, 4000
_ENDS = re.compile(r"\r\n|\r|\n")


def of(text: str) -> str | None:
    """The form of the log, None for any other text. The last line may be cut and is left out."""
    lines = _ENDS.split(text, _SAMPLE)
    filled = [line[:_LONGEST] for line in (lines[:-1] if len(lines) > _ENOUGH else lines) if line.strip()]
    if len(filled) < _ENOUGH:
        return None
    for name, pattern in _PATTERNS.items():
        if pattern.match(filled[0]) and sum(pattern.match(line) is not None for line in filled) >= _SHARE[name] * len(filled):
            return name
    return None


def columns(name: str) -> tuple[str, ...]:
    """The columns of a form, in the order of its groups."""
    return tuple(_PATTERNS[name].groupindex)

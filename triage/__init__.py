"""Says what a leaked file holds, about how many people and how bad it is, without showing a value of it.

    >>> import triage
    >>> result = triage.scan(["samples/lab.csv"])  # doctest: +SKIP
    >>> result.size.persons.estimate  # doctest: +SKIP

The public names load when they are asked for, so that ``import triage`` and ``triage --help`` cost nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from triage.version import __version__

if TYPE_CHECKING:
    from triage.driver import scan
    from triage.limits import Limits
    from triage.model import Result
    from triage.options import Context, Options, Reading

_HOMES = {
    "Context": "triage.options",
    "Limits": "triage.limits",
    "Options": "triage.options",
    "Reading": "triage.options",
    "Result": "triage.model",
    "scan": "triage.driver",
}
__all__ = ["Context", "Limits", "Options", "Reading", "Result", "__version__", "scan"]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - the module protocol of PEP 562
    if name not in _HOMES:
        raise AttributeError(name)
    return getattr(import_module(_HOMES[name]), name)

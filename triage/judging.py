"""What a run is judged with: the same in the command and in each of its workers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from triage import resources, rules, worker
from triage.detect.texts import scanner

if TYPE_CHECKING:
    from triage.options import Options


def tools(options: Options) -> worker.Tools:
    """The shipped rules and the user's, less the labels that ``--only`` and ``--except`` leave out; the scanner of texts."""
    found = rules.load(resources.rules_dir(), *options.rules)
    for label in set(found) - (options.only or set(found)) | options.excluded:
        found.pop(label, None)
    return with_rules(options, found)


def with_rules(options: Options, found: rules.Rules) -> worker.Tools:
    """As ``tools``, with rules that were read and checked before."""
    return worker.Tools(options, found, scanner(resources.rules_dir()))

"""The census: the pass over every row that counts what the plan asks.

``take(rows, plan, …)`` turns one segment into a ``TableTally``; tallies of the same plan merge in any order to the
same result. No value is kept: counts, closed vocabularies and keyed hashes only.
"""

from triage.census.segment import Setting, take

__all__ = ["Setting", "take"]

"""The closed list of problems: what may go wrong, at which stage, and what the reader can do.

A problem is data: a code, a place and a count. Texts of libraries never pass (they quote cells), so everything a
user reads about a failure is written here. ``incomplete`` tells whether it makes the run incomplete (exit 3).
"""

from __future__ import annotations

from typing import NamedTuple


class Problem(NamedTuple):
    """One code of the list."""

    code: str
    stage: str
    incomplete: bool
    meaning: str
    remedy: str


# Whether a problem makes the run incomplete.
_STOPS, _GOES_ON = True, False

_ALL = (
    Problem("empty", "read", _GOES_ON, "the file holds no row", "nothing to do"),
    Problem("not_regular", "inventory", _STOPS, "not a regular file (pipe, device, socket)", "copy its content to a file"),
    Problem(
        "link_not_followed",
        "inventory",
        _GOES_ON,
        "a symbolic link was listed, not followed",
        "--follow, if it stays within the given paths",
    ),
    Problem("too_many_files", "inventory", _STOPS, "more files than the limit; the first ones were scanned", "--limit table_members=N"),
    Problem("unreadable", "inventory", _STOPS, "the file could not be opened", "check its permissions"),
    Problem("io_error", "read", _STOPS, "reading stopped on an input error", "copy the file to sound storage and scan it again"),
    Problem(
        "changed_during_scan", "custody", _STOPS, "size, time or inode changed while it was read", "scan a copy that nothing writes to"
    ),
    Problem(
        "changed_between_runs",
        "custody",
        _GOES_ON,
        "size, times or inode are not those that an interrupted run had found; it was read again",
        "find out who writes to it",
    ),
    Problem("not_text", "sniff", _GOES_ON, "an image, an executable or another kind without text", "nothing to do"),
    Problem("unsupported", "sniff", _STOPS, "no reader for this kind", "triage formats lists what is read"),
    Problem("no_dialect", "sniff", _GOES_ON, "no delimiter stood out; read as one column of text", "--delimiter"),
    Problem("encoding_guessed", "sniff", _GOES_ON, "not UTF-8 and no mark; a single-byte encoding was chosen", "--encoding"),
    Problem(
        "bad_bytes",
        "read",
        _GOES_ON,
        "bytes that the encoding does not allow, replaced by U+FFFD",
        "--encoding, or nothing: the rows are counted",
    ),
    Problem(
        "segment_repaired",
        "read",
        _GOES_ON,
        "a segment did not balance and was read again record by record",
        "nothing to do: its rows are counted",
    ),
    Problem("rows_short", "read", _GOES_ON, "rows with fewer fields than columns", "nothing to do: they are read and counted"),
    Problem(
        "rows_long",
        "read",
        _GOES_ON,
        "rows with more fields than columns; the rest went to the overflow column",
        "nothing to do: they are read and counted",
    ),
    Problem("rows_rejected", "read", _STOPS, "records that could not be read as rows", "look at the file around the places named"),
    Problem("truncated", "read", _STOPS, "the file ends inside a record", "ask for the whole file"),
    Problem("corrupt", "unpack", _STOPS, "it is damaged; what came before the damage was scanned", "ask for a sound copy"),
    Problem("encrypted", "unpack", _STOPS, "it is encrypted", "--password-file, if the password is known"),
    Problem("ratio", "unpack", _STOPS, "it unpacks to far more than its size, like a bomb; the rest was not read", "--limit ratio=N"),
    Problem("too_deep", "unpack", _STOPS, "containers, or what is in them, nested deeper than the limit", "--limit nesting=N, depth=N"),
    Problem("too_many_members", "unpack", _STOPS, "more members than the limit; the first ones were scanned", "--limit members=N"),
    Problem(
        "overlap",
        "unpack",
        _STOPS,
        "members of an archive that share their bytes, like a bomb; the first was read",
        "ask how it was made",
    ),
    Problem("skipped_special", "unpack", _GOES_ON, "links and devices in an archive, named and not followed", "nothing to do"),
    Problem("too_large", "read", _STOPS, "a database inside an archive, too large for memory", "unpack it and scan the file itself"),
    Problem(
        "columns_unread",
        "read",
        _STOPS,
        "columns that are damaged or in a newer encoding; the others were read",
        "convert the file to CSV",
    ),
    Problem(
        "split_volume",
        "unpack",
        _STOPS,
        "one volume of a file in several, inside an archive",
        "unpack the archive around it and scan the folder: parts side by side are read as one",
    ),
    Problem(
        "missing_part",
        "unpack",
        _STOPS,
        "a part of a file in several is not there (the entry names it); what lies in the others was read",
        "put the part beside the others and scan again",
    ),
    Problem("trailing_bytes", "unpack", _GOES_ON, "bytes that belong to nothing follow the end of a container", "nothing to do"),
    Problem("missing_library", "unpack", _STOPS, "the library that reads this kind is not installed", "pip install 'leak-triage[all]'"),
    Problem(
        "not_repeatable",
        "unpack",
        _STOPS,
        "a format with an index came through standard input, too large for memory",
        "scan the file by its path",
    ),
    Problem(
        "attachments_unread",
        "unpack",
        _STOPS,
        "mails came through standard input, too large for memory: they were read, what is attached to them was not",
        "scan the file by its path",
    ),
    Problem("cell_cut", "detect", _GOES_ON, "a cell above the limit was judged on its beginning", "--limit cell_bytes=N"),
    Problem("too_many_columns", "read", _STOPS, "more columns than the limit; the first ones were scanned", "--limit columns=N"),
    Problem("record_too_long", "read", _STOPS, "a record above the limit was rejected", "--limit record_bytes=N"),
    Problem("stalled", "worker", _STOPS, "reading it got nowhere for too long and was ended", "--limit stall_seconds=N; report the code"),
    Problem(
        "out_of_memory",
        "worker",
        _STOPS,
        "reading it took more memory than a worker may have",
        "--limit worker_bytes=N, window_bytes=N for an archive",
    ),
    Problem("bad_answer", "worker", _STOPS, "its worker said what no worker says, and was ended", "look at the file: it may be an attack"),
    Problem("crashed", "worker", _STOPS, "the reader failed on this entry", "scan the entry alone; report the code"),
    # Of the run, not of its result: told on standard error and in run.json.
    Problem("key_missing", "case", _GOES_ON, "the key of this case is not here: all is read anew under another key", "nothing to do"),
    Problem(
        "journal_damaged",
        "case",
        _GOES_ON,
        "the journal of an interrupted run is damaged or was written with another key: all is read anew",
        "nothing to do",
    ),
    Problem("journal_other_version", "case", _GOES_ON, "another version of triage was interrupted: all is read anew", "nothing to do"),
    Problem("journal_other_rules", "case", _GOES_ON, "a run with other rules was interrupted: all is read anew", "nothing to do"),
    Problem("journal_other_options", "case", _GOES_ON, "a run with other options was interrupted: all is read anew", "nothing to do"),
)
PROBLEMS = {p.code: p for p in _ALL}

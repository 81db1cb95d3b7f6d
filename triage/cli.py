"""The command line: click, and nothing else. Parses, calls, prints, and chooses the exit code.

What a command needs is imported when it runs, so that ``triage --help`` answers at once.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

import click

from triage import arguments
from triage.files import make_directory, refuse_among_evidence, write
from triage.shell import INTERNAL, Command, Decorator, InternalError, Parsed
from triage.shell import option as _option
from triage.version import __version__

if TYPE_CHECKING:
    from triage.casefolder import CaseFolder
    from triage.hiring import Begun
    from triage.model import Result
    from triage.rules import Rules
    from triage.sandbox import Rung

USAGE = 2
INTERRUPTED = 130
"""What shells call a command ended by Ctrl-C: no code of the contract, so that none is mistaken for it."""

_FOLDER = click.Path(file_okay=False, path_type=Path)
_LANGUAGE = click.Choice(["fr", "en"])
_RULES_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_RULES = click.option("--rules", type=_RULES_FOLDER, multiple=True, metavar="DIR", help="More rules, beside those of the package.")

SCAN_OPTIONS = (
    _option("Output", "-o", "--output", type=_FOLDER, metavar="DIR",
            help="Write all reports there; without it one report is printed."),
    _option("Output", "-f", "--format", "formats", multiple=True, metavar="FORMAT",
            help="Report to print, or reports to write; 'text' if none."),
    _option("Output", "--lang", "language", type=_LANGUAGE, default="fr", show_default=True, help="Language of the summary."),
    _option("Output", "--excel", is_flag=True, help="CSV as French Excel reads it: semicolons, decimal commas, a byte order mark."),
    _option("Output", "-q", "--quiet", is_flag=True, help="No progress and no headline."),
    _option("Reading", "--encoding", type=Parsed("E", arguments.encoding), help="Encoding of delimited text; found if not given."),
    _option("Reading", "--delimiter", type=Parsed("D", arguments.delimiter), help="Delimiter, one character or several, or 'tab'."),
    _option("Reading", "--quote", type=Parsed("Q|none", arguments.quote), help="Quote character, or 'none'."),
    _option("Reading", "--header/--no-header", default=None, help="Whether the first record names the columns."),
    _option("Reading", "--password-file", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="F",
            help="Passwords to try on encrypted archives, one a line."),
    _option("Reading", "--follow", is_flag=True, help="Follow symbolic links that stay within the given paths."),
    _option("Judging", "--rules", type=_RULES_FOLDER, multiple=True, metavar="DIR",
            help="More rules, beside those of the package."),
    _option("Judging", "--only", multiple=True, metavar="LABEL", help="Look for these labels alone."),
    _option("Judging", "--except", "excluded", multiple=True, metavar="LABEL", help="Do not look for these labels."),
    _option("Judging", "--allow", "allowed", multiple=True, metavar="COLUMN-OR-PATH",
            help="Columns and files put aside: counted, not judged."),
    _option("Judging", "--sample", type=click.IntRange(100), metavar="N",
            help="Judge some N rows of each table only, spread over it where its size is known; figures of the whole are estimates."),
    _option("Context", "--claim", "claims", type=Parsed("N:UNIT:WHO[:ROLE]", arguments.claim), multiple=True,
            help="What was announced, to compare: 323069:patients:Dumpsec."),
    _option("Context", "--exposure", type=click.Choice(["unknown", "known", "public", "none"]), default="unknown", show_default=True,
            help="Who has the data: unknown or known recipients, the public, nobody."),
    _option("Context", "--malicious/--no-malicious", default=True, show_default=True, help="Whether it was taken on purpose."),
    _option("Context", "--controller", type=click.Choice(["health", "bank", "none"]), default="none", show_default=True,
            help="Trade of the organisation, where being its client says something."),
    _option("Context", "--date", type=click.DateTime(["%Y-%m-%d"]), metavar="YYYY-MM-DD", help="Day the data was taken, if known."),
    _option("Running", "--jobs", type=click.IntRange(1, 256), default=2, show_default=True, help="Segments read at the same time."),
    _option("Running", "--resume/--no-resume", default=True, show_default=True,
            help="Go on with a run of the same command into DIR that was interrupted, or read everything anew."),
    _option("Running", "--key-file", type=click.Path(dir_okay=False, path_type=Path), metavar="F",
            help="Key of the hashes that 'triage diff' compares; scans to be compared share it. Made if it is not there."),
    _option("Running", "--verify", is_flag=True, help="Hash every file again at the end."),
    _option("Running", "--require-sandbox", is_flag=True, help="Scan only if the workers can be restricted as 'triage doctor' tells."),
    _option("Running", "--no-sandbox", is_flag=True, help="Do not restrict the workers: for files you made yourself."),
    _option("Running", "--limit", "limits", type=Parsed("NAME=VALUE", arguments.limit), multiple=True,
            help="Change a limit; docs/limits.md lists them."),
    _option("Gating", "--fail-on", type=click.Choice(["low", "medium", "high", "very_high"]), help="Exit 1 from this severity up."),
    _option("Gating", "--skip-unreadable", is_flag=True, help="Exit 0 where 3 would say that something was not read; the report says so."),
    _option("Gating", "--debug", is_flag=True, help="Tell an internal error by all its places (never by values)."),
)  # fmt: skip


def _all(options: Iterable[Decorator]) -> Decorator:
    """One decorator for many options; the help shows them in the order given."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        for decorator in reversed(tuple(options)):
            function = decorator(function)
        return function

    return decorate


def _say(text: str) -> None:
    """Prints a report; a reader that has seen enough (``| head``) is no error."""
    try:
        click.echo(text, nl=not text.endswith("\n"))
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _check_formats(formats: tuple[str, ...], *, several: bool) -> None:
    from triage import report

    if unknown := sorted(set(formats) - set(report.names())):
        raise click.UsageError(f"no report is called {unknown[0]!r}; there are {', '.join(report.names())}")
    if len(formats) > 1 and not several:
        raise click.UsageError("several reports need -o DIR")


def _load_rules(folders: tuple[Path, ...] = ()) -> Rules:
    from triage import resources, rules

    try:
        return rules.load(resources.rules_dir(), *folders)
    except rules.RuleError as error:
        raise click.UsageError(str(error)) from None


def _check_labels(rules: Rules, labels: Iterable[str]) -> None:
    if unknown := sorted(set(labels) - set(rules)):
        raise click.UsageError(f"no label is called {unknown[0]!r}; 'triage rules list' names them")


def _version(ctx: click.Context, _param: click.Parameter, value: bool) -> None:  # noqa: FBT001 - click's own signature
    if not value or ctx.resilient_parsing:
        return
    from importlib.metadata import version

    _say(f"triage {__version__} (polars {version('polars')}, rules {_load_rules().hash[:12]})")
    ctx.exit()


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--version", is_flag=True, expose_value=False, is_eager=True, callback=_version, help="Version, polars, hash of the rules.")
def cli() -> None:
    """Says what a leaked file holds, about how many people and how bad it is, without showing a value of it."""


@cli.command("scan", cls=Command)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path(exists=True, allow_dash=True, path_type=Path))
@_all(SCAN_OPTIONS)
@click.pass_context
def scan_command(ctx: click.Context, paths: tuple[Path, ...], **given: Unpack[arguments.Scan]) -> None:
    """Counts what files and folders hold ('-' is standard input) and sums it up.

    Exit code: 4 internal error, 2 usage, 3 something could not be read whole, 1 --fail-on reached, else 0.
    """
    from triage import hiring

    started, options, output = datetime.now(UTC), arguments.options(given), given["output"]
    begun = ctx.with_resource(hiring.begin(paths, options))
    from triage import casefolder, outcome, report, sandbox
    from triage.record import FILE, record

    _check_formats(given["formats"], several=output is not None)
    _check_labels(_load_rules(given["rules"]), (*given["only"], *given["excluded"]))
    sandbox.without_dumps()
    if output is None:
        result, _ = _scanned(begun, given, None)
        _print(result, given["formats"], given["language"], excel=given["excel"])
        ctx.exit(outcome.exit_code(result, given["fail_on"]))
    evidence = [p for p in paths if str(p) != "-"]
    refuse_among_evidence(output, evidence)
    make_directory(output)
    say = partial(click.echo, err=True)
    with casefolder.opened(output, given["key_file"], evidence, resume=given["resume"], say=say) as folder:
        result, rungs = _scanned(begun, given, folder)
        code = outcome.exit_code(result, given["fail_on"])
        report.write(result, output, given["formats"], excel=given["excel"])
        write(output / FILE, record(started, paths, output, options, code, rungs, folder.starts, folder.notes))
        folder.end()
    if not given["quiet"]:
        say(f"{outcome.headline(result)}\n→ {output}")
    ctx.exit(code)


def _scanned(begun: Begun, given: arguments.Scan, folder: CaseFolder | None) -> tuple[Result, tuple[Rung, ...]]:
    """The result, as the user waived it, and what its workers reached."""
    from triage import driver, outcome, pool, progress, sandbox

    circumstances = driver.Circumstances()
    try:
        with progress.shown(quiet=given["quiet"]) as seen:
            result = driver.scan(begun.paths, begun.options, seen, folder, circumstances, begun)
    except pool.IsolationError as error:
        raise click.UsageError(str(error)) from None
    except KeyboardInterrupt:
        if folder is not None:
            click.echo("Interrupted; the same command goes on from here.", err=True)
        raise
    if circumstances.rungs and not sandbox.whole(circumstances.rungs):
        click.echo("The readers were not fully isolated; triage doctor says what is missing.", err=True)
    return outcome.waive(result) if given["skip_unreadable"] else result, circumstances.rungs


def _print(
    result: Result, formats: tuple[str, ...], language: arguments.Language, output: Path | None = None, *, excel: bool = False
) -> None:
    from triage import report

    text = report.render(result, next(iter(formats), "text"), language, tty=output is None and sys.stdout.isatty(), excel=excel)
    _say(text) if output is None else write(output, text.encode())


@cli.command("report", cls=Command)
@click.argument("impact", required=False, metavar="DIR/impact.json", type=click.Path(exists=True, path_type=Path))
@click.option("-f", "--format", "formats", metavar="FORMAT", multiple=True, help="Report to print; 'text' if none.")
@click.option("--lang", "language", type=_LANGUAGE, help="Language of the summary; that of the scan if not given.")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write there instead of printing.")
@click.option("--excel", is_flag=True, help="CSV as French Excel reads it: semicolons, decimal commas, a byte order mark.")
@click.option("--schema", is_flag=True, help="Print the JSON Schema of impact.json instead.")
def report_command(
    *, impact: Path | None, formats: tuple[str, ...], language: arguments.Language | None, output: Path | None, excel: bool, schema: bool
) -> None:
    """Prints another report of a finished scan; nothing is scanned again."""
    from triage import report

    _check_formats(formats, several=False)
    if schema:
        _say(report.schema())
        return
    if impact is None:
        raise click.UsageError("give the impact.json of a scan, or --schema")
    result = _load(impact)
    _print(result, formats, language or result.language, output, excel=excel)


def _load(impact: Path) -> Result:
    """The result in an impact.json, or in the folder that holds one."""
    from triage import outcome

    path = impact / "impact.json" if impact.is_dir() else impact
    try:
        return outcome.load(path)
    except ValueError as error:
        raise click.UsageError(f"{click.format_filename(path)}: {error}") from None


@cli.command("explain", cls=Command)
@click.argument("impact", metavar="DIR/impact.json", type=click.Path(exists=True, path_type=Path))
@click.argument("column")
@click.option("--lang", "language", type=_LANGUAGE, help="Language; that of the scan if not given.")
@click.option("--rules", type=_RULES_FOLDER, multiple=True, metavar="DIR", help="The rules of the scan, beside those of the package.")
def explain_command(impact: Path, column: str, language: arguments.Language | None, rules: tuple[Path, ...]) -> None:
    """Says why a column got its label: COLUMN is its name, its number, or TABLE:NUMBER, as the report counts them."""
    from triage.report import explain

    result = _load(impact)
    found = explain.find(result, column)
    if not found:
        raise click.UsageError("no column is called so; give its name or number as columns are listed in the report")
    _say("\n".join(explain.explain(result, one, language or result.language, _load_rules(rules)) for one in found))


@cli.command("diff", cls=Command)
@click.argument("first", metavar="A/impact.json", type=click.Path(exists=True, path_type=Path))
@click.argument("second", metavar="B/impact.json", type=click.Path(exists=True, path_type=Path))
@click.option("-f", "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="How to print it.")
@click.option("--lang", "language", type=_LANGUAGE, default="fr", show_default=True, help="Language.")
def diff_command(first: Path, second: Path, form: str, language: arguments.Language) -> None:
    """Sets a scan beside another: growth, new columns, what both share.

    Persons are compared where both scans had the same --key-file and hold 1,000 persons or more.
    """
    from triage import casefile, compare

    sketches = [casefile.load(path if path.is_dir() else path.parent) for path in (first, second)]
    found = compare.compare(_load(first), _load(second), *sketches)
    _say(compare.as_json(found) if form == "json" else compare.as_text(found, language))


@cli.group("rules")
def rules_group() -> None:
    """What is looked for."""


@rules_group.command("list", cls=Command)
@_RULES
def rules_list(rules: tuple[Path, ...]) -> None:
    """Every label with its class and its title."""
    for label, rule in sorted(_load_rules(rules).items()):
        _say(f"{label:<20} {rule.class_:<20} {rule.title.en}")


@rules_group.command("show", cls=Command)
@click.argument("label")
@_RULES
def rules_show(label: str, rules: tuple[Path, ...]) -> None:
    """The file of one label, as it is."""
    from triage import rulekit

    _check_labels(_load_rules(rules), [label])
    _say(rulekit.shown(label, rules))


@rules_group.command("new", cls=Command)
@click.argument("label")
@click.option("-o", "--output", type=_FOLDER, metavar="DIR", help="Write DIR/LABEL.toml instead of printing.")
def rules_new(label: str, output: Path | None) -> None:
    """A rule file to start from, with a comment on each key."""
    from triage import rulekit

    _say(rulekit.skeleton(label) if output is None else rulekit.write_new(label, output))


def _rules_check(name: str, about: str) -> None:
    @rules_group.command(name, cls=Command, help=f"{about}; exit code 1 if there is anything.")
    @_RULES
    @click.pass_context
    def check(ctx: click.Context, rules: tuple[Path, ...]) -> None:
        from triage import rulekit

        found = rulekit.lint(rules, _load_rules()) if name == "lint" else rulekit.test(_load_rules(rules))
        _say("\n".join((*found, f"{len(found)} complaints")))
        ctx.exit(1 if found else 0)


_rules_check("lint", "Everything wrong or lacking in the rules of DIR, with what to type")
_rules_check("test", "Examples of the rules that the engine judges otherwise than their file says")


@cli.command("doctor", cls=Command)
@click.pass_context
def doctor_command(ctx: click.Context) -> None:
    """What keeps the readers of evidence apart on this machine; exit code 1 if something that matters is missing."""
    from triage import pool, sandbox

    rungs = pool.rungs()
    _say(sandbox.told(rungs))
    ctx.exit(0 if sandbox.whole(rungs) else 1)


@cli.command("forget", cls=Command)
@click.argument("directory", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
def forget_command(directory: Path) -> None:
    """Destroys the key of a case: what lies in DIR/.case can then be read by nobody, nor compared; the reports stay."""
    from triage import casefolder

    _say(casefolder.forget(directory))


@cli.command("formats", cls=Command)
def formats_command() -> None:
    """What is read, by what, and whether what it needs is here."""
    from triage import formats

    _say(formats.told())


@cli.group("samples")
def samples_group() -> None:
    """Synthetic leaks with their truth: nothing in them comes from a real person."""


@samples_group.command("list", cls=Command)
def samples_list() -> None:
    """The recipes."""
    from triage import samples

    for name, title in samples.recipes().items():
        _say(f"{name:<12} {title['en']}")


@samples_group.command("make", cls=Command)
@click.argument("recipe")
@click.option("--rows", type=click.IntRange(1), required=True, metavar="N", help="Rows to write.")
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, metavar="FILE|DIR", help="The leak; its truth goes beside.")
@click.option("--seed", type=int, default=1, show_default=True, help="Another seed, other persons.")
def samples_make(recipe: str, rows: int, output: Path, seed: int) -> None:
    """Writes a synthetic leak and, beside it, what is true of it."""
    from triage import samples

    if recipe not in samples.recipes():
        raise click.UsageError(f"no recipe is called {recipe!r}; there are {', '.join(samples.recipes())}")
    try:
        samples.make(recipe, rows, output, seed)
    except samples.RecipeError as error:
        raise click.UsageError(f"{output}: {error}") from None
    except OSError as error:
        raise click.UsageError(f"{output}: cannot write ({os.strerror(error.errno or 0)})") from None


def main() -> None:
    """Runs the command and ends the process with a code of the contract."""
    try:
        code = cli.main(prog_name="triage", standalone_mode=False)
    except click.Abort:
        code = INTERRUPTED
    except click.ClickException as error:
        error.show()
        code = INTERNAL if isinstance(error, InternalError) else USAGE
    sys.exit(code)

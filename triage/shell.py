"""How the commands of the command line behave: their errors, their help, their options' values.

Beside ``cli.py`` the only module that knows click.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import click

from triage.files import CaseError, WriteError

Decorator: TypeAlias = Callable[[Callable[..., Any]], Callable[..., Any]]

_PACKAGE = Path(__file__).parent
INTERNAL = 4


class Parsed(click.ParamType[Any]):
    """A value that one function of ``arguments.py`` reads."""

    def __init__(self, name: str, parse: Callable[[str], object]) -> None:
        self.name = name
        self._parse = parse

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> object:  # noqa: ANN401 - click's own signature
        """The value; what the function expected otherwise."""
        try:
            return self._parse(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)


class InternalError(click.ClickException):
    """A fault of this program: told by type and place, because the text of an exception may quote a cell."""

    exit_code = INTERNAL

    def __init__(self, error: BaseException, *, whole: bool) -> None:
        frames = ((Path(frame.f_code.co_filename), line) for frame, line in traceback.walk_tb(error.__traceback__))
        places = [f"{path.relative_to(_PACKAGE)}:{line}" for path, line in frames if path.is_relative_to(_PACKAGE)]
        super().__init__(f"internal error ({type(error).__name__}) in {' > '.join(places if whole else places[-1:])}")


class Command(click.Command):
    """A command whose faults are told without values, and whose help groups its options as the manual does."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's own signature
        """Runs the command; polars' panics derive from BaseException, so nothing less is caught."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.Abort, click.exceptions.Exit, KeyboardInterrupt, SystemExit):
            raise
        except (WriteError, CaseError) as error:
            raise click.UsageError(str(error), ctx) from None
        except BaseException as error:  # noqa: BLE001 - see above
            raise InternalError(error, whole=bool(ctx.params.get("debug"))) from None

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The options under the headings of their groups."""
        groups: dict[str, list[tuple[str, str]]] = {}
        for parameter in self.get_params(ctx):
            if isinstance(parameter, click.Option) and (record := parameter.get_help_record(ctx)):
                groups.setdefault(getattr(parameter, "group", "") or "Other", []).append(record)
        for title, records in groups.items():
            with formatter.section(title):
                formatter.write_dl(records)


class Option(click.Option):
    """An option that belongs to a group of the help."""

    def __init__(self, *args: Any, group: str = "", **attributes: Any) -> None:  # noqa: ANN401 - click's own signature
        super().__init__(*args, **attributes)
        self.group = group


def option(group: str, *names: str, **attributes: Any) -> Decorator:  # noqa: ANN401 - click's own
    """An option under a heading of the help."""
    return click.option(*names, cls=Option, group=group, **attributes)

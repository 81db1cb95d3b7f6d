"""HTML as text: what a reader of the page sees, a line a block; scripts and styles are not seen."""

from __future__ import annotations

from html.parser import HTMLParser

_OPEN = 1 << 12
_HIDDEN = frozenset({"script", "style", "template", "noscript"})
_BLOCKS = frozenset("p div br li ul ol tr table h1 h2 h3 h4 h5 h6 section article header footer blockquote pre dt dd hr title".split())  # noqa: SIM905 - tags read better in a line


class Page(HTMLParser):
    """The lines of a page, and the rows of its tables; a table within a table is a part of its cell."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = []
        self.tables: list[list[list[str]]] = []
        self._hidden = self._depth = 0
        self._text: list[str] = []
        self._cell: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - the parser's
        """As HTMLParser's."""
        self._hidden += tag in _HIDDEN
        if tag in _BLOCKS:
            self._flush()
        if tag == "table":
            self._depth += 1
            if self._depth == 1:
                self.tables.append([])
        elif self._depth == 1 and tag == "tr":
            self._end_cell()
            self.tables[-1].append([])
        elif self._depth == 1 and tag in {"td", "th"}:
            self._end_cell()
            self._cell = []

    def handle_endtag(self, tag: str) -> None:
        """As HTMLParser's."""
        self._hidden = max(0, self._hidden - (tag in _HIDDEN))
        if self._depth == 1 and tag in {"td", "th", "tr", "table"}:
            self._end_cell()
        if tag == "table":
            self._depth = max(0, self._depth - 1)
        if tag in _BLOCKS:
            self._flush()

    def handle_data(self, data: str) -> None:
        """As HTMLParser's."""
        if not self._hidden:
            (self._text if self._cell is None else self._cell).append(data)

    def close(self) -> None:
        """As HTMLParser's, which takes what is open at the end for text, and looks for its end again from each of its brackets."""
        if len(self.rawdata) > _OPEN:
            self.rawdata = self.rawdata.replace("<", "&lt;")
        super().close()
        self._end_cell()
        self._flush()

    def _end_cell(self) -> None:
        if self._cell is not None:
            rows = self.tables[-1] or [[]]
            self.tables[-1] = rows
            rows[-1].append(" ".join("".join(self._cell).split()))
            self._cell = None

    def _flush(self) -> None:
        if self._cell is not None:
            self._cell.append(" ")
        elif line := " ".join("".join(self._text).split()):
            self.lines.append(line)
        if self._cell is None:
            self._text = []


def stripped(html: str) -> str:
    """The text of a page, its tables too."""
    page = Page()
    page.feed(html)
    page.close()
    cells = (" ".join(row) for table in page.tables for row in table if any(row))
    return "\n".join([*page.lines, *cells])

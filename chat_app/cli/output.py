"""What a command prints: its result to standard output, everything about it to standard error."""

from __future__ import annotations

import os
import shutil
import sys
from typing import TYPE_CHECKING, Any, Literal, TextIO

from chat_app.cli.printable import in_json, one_line, shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chat_app.cli.interruption import Interruption

Colour = Literal["auto", "always", "never"]

_HIGHLIGHTED = 20_000
"""Characters of a line; longer ones are printed without colours."""
_GAP = "  "
"""Between two columns."""
_NARROWEST = 12
"""The last column; on a terminal without room for it, lines are longer than the terminal."""
_RED = "\x1b[1;31m{}\x1b[0m"
_DIM = "\x1b[2m{}\x1b[0m"


def has_colour(choice: Colour, stream: TextIO, environment: Mapping[str, str] = os.environ) -> bool:
    """Whether to write colours: where a person has not chosen, on a terminal that can show them."""
    if choice != "auto":
        return choice == "always"
    is_plain = environment.get("NO_COLOR") or environment.get("TERM") == "dumb"
    return stream.isatty() and not is_plain


class Output:
    """Where a command prints.

    Args:
        colour: see `has_colour`.
        is_json: the result is JSON, one value a line, without colours.
        is_quiet: only the result and errors are printed.
    """

    def __init__(
        self,
        *,
        colour: Colour = "auto",
        is_json: bool = False,
        is_quiet: bool = False,
        out: TextIO | None = None,
        err: TextIO | None = None,
    ) -> None:
        self._out, self._err = out or sys.stdout, err or sys.stderr
        self.is_json, self._is_quiet = is_json, is_quiet
        self._out_colour = has_colour(colour, self._out) and not is_json
        self._err_colour = has_colour(colour, self._err)
        self.interruption: Interruption | None = None
        """Breaks off a write that waits."""

    def event(self, name: str, data: str) -> None:
        """An event of a run, as the how-to prints it; both are printable."""
        heading = f"Receiving new event of type: {name}..."
        if not self._out_colour:
            self._write(f"{heading}\n{data}\n\n\n\n")
            return
        from rich.text import Text  # noqa: PLC0415 - not needed in a pipe

        self._rich([Text(heading, style="bold cyan"), self._highlighted(data), Text("\n\n")])

    def json(self, value: Any) -> None:
        """A value as JSON on a line of its own."""
        self._write(in_json(value) + "\n")

    def text(self, text: str) -> None:
        """Printable text as it is."""
        self._write(text)

    def table(self, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Rows below their `head`; only on a terminal the last column is cut where it is too long.

        In a pipe the columns are apart by tabs, and there is no head, as programs read it.
        """
        cells = [[one_line(cell) for cell in row] for row in rows]
        if not self._out.isatty():
            self._write("".join("\t".join(row) + "\n" for row in cells))
            return
        from rich.cells import cell_len  # noqa: PLC0415
        from rich.text import Text  # noqa: PLC0415

        widths = [max(map(cell_len, column)) for column in zip(head, *cells, strict=True)][:-1]
        room = shutil.get_terminal_size().columns - sum(widths) - len(_GAP) * len(widths)
        lines = []
        for row in (head, *cells):
            last = Text(row[-1])
            last.truncate(max(room, _NARROWEST), overflow="ellipsis")
            before = (
                cell + " " * (width - cell_len(cell))
                for cell, width in zip(row, widths, strict=False)
            )
            lines.append(Text(_GAP.join((*before, last.plain)).rstrip()))
        lines[0].stylize("bold")
        self._rich(lines)

    def note(self, sentence: str) -> None:
        """Something about the result, which is no part of it."""
        if not self._is_quiet:
            self._say(_DIM, one_line(sentence))

    def fail(self, sentence: str, words: str = "") -> None:
        """Why it did not work, and the server's words below."""
        self._say(_RED, shown(sentence))
        if words.strip():
            print(shown(words), file=self._err, flush=True)

    def abandon(self) -> None:
        """Print no more to standard output, and lose what was not taken of it."""
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, self._out.fileno())
        os.close(nothing)

    def _say(self, look: str, sentence: str) -> None:
        print(look.format(sentence) if self._err_colour else sentence, file=self._err, flush=True)

    def _highlighted(self, data: str) -> Any:
        from rich.highlighter import ReprHighlighter  # noqa: PLC0415
        from rich.text import Text  # noqa: PLC0415

        return ReprHighlighter()(Text(data)) if len(data) <= _HIGHLIGHTED else Text(data)

    def _rich(self, parts: Sequence[Any]) -> None:
        """Draw, then write: rich itself would leave a line half written where it is broken off."""
        from rich.console import Console  # noqa: PLC0415

        console = Console(
            file=self._out,
            force_terminal=self._out_colour,
            color_system="auto" if self._out_colour else None,
            highlight=False,
            markup=False,
            emoji=False,
            legacy_windows=False,
        )
        with console.capture() as drawn:
            for part in parts:
                console.print(part, soft_wrap=True)
        self._write(drawn.get())

    def _write(self, text: str) -> None:
        if self.interruption is None:
            self._out.write(text)
            self._out.flush()
            return
        with self.interruption.writing():
            self._out.write(text)
            self._out.flush()

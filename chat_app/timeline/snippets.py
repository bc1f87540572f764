"""The request of a run as code to paste: Python with ``langgraph_sdk`` or `chat_app.client`, curl.

No secret is in it: each stands as the name of a variable of the environment.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

from chat_app.timeline.written_json import written

if TYPE_CHECKING:
    from collections.abc import Callable

    from chat_app.client.events import Json

API_KEY = "LANGSMITH_API_KEY"
_WIDTH = 60
"""Characters of what stands in one line."""
_LONGEST_ARGUMENT = 100_000
"""Characters of JSON that are an argument of curl; Linux allows 128 KiB in one."""


class Variable(NamedTuple):
    """A value that stands in the environment, under this name."""

    name: str


class Header(NamedTuple):
    """A header whose value is secret: `before` it, and the variable that has the rest."""

    name: str
    variable: Variable
    before: str = ""


@dataclass(frozen=True)
class Request:
    """``POST {url}/threads/{thread_id}/runs/stream``, or ``/runs/stream`` without a thread.

    `body` is JSON in which a `Variable` may stand for a text; it has an ``assistant_id``.
    """

    url: str
    thread_id: str
    body: Json
    has_key: bool = False
    """The server is given a key, as ``x-api-key``."""
    headers: tuple[Header, ...] = ()

    @property
    def address(self) -> str:
        """Where it goes."""
        thread = f"/threads/{quote(self.thread_id, safe='')}" if self.thread_id else ""
        return f"{self.url.rstrip('/')}{thread}/runs/stream"


def python_sdk(request: Request) -> str:
    """A program that sends it with ``langgraph_sdk`` and prints what comes."""
    return _program("langgraph_sdk", [f"client = {_client(request)}", *_stream(request)], request)


def python_client(request: Request) -> str:
    """A program that sends it with `chat_app.client` and prints what comes."""
    lines = [f"async with {_client(request)} as client:", *map(_indented, _stream(request))]
    return _program("chat_app.client", lines, request)


def curl(request: Request) -> str:
    """A command for a shell as POSIX describes it."""
    variables: dict[str, str] = {}

    def placed(variable: Variable) -> str:
        mark = f"VARIABLE-{len(variables)}-{_unused(request.body)}"
        variables[mark] = f"'\"${variable.name}\"'"
        return mark

    body = shlex.quote(_json(request.body, placed))
    for mark, shell in variables.items():
        body = body.replace(mark, shell)
    is_long = len(body) > _LONGEST_ARGUMENT
    key = (Header("x-api-key", Variable(API_KEY)),) if request.has_key else ()
    parts = [
        f"curl --no-buffer --request POST {shlex.quote(request.address)}",
        "--header 'Content-Type: application/json'",
        *(f"--header {_header(one)}" for one in (*key, *request.headers)),
        f"--data-binary {'@-' if is_long else body}",
    ]
    command = " \\\n  ".join(parts)
    # `printf` is a part of the shell, which puts no limit on its arguments.
    return f"printf '%s' {body} |\n{command}\n" if is_long else f"{command}\n"


def _header(header: Header) -> str:
    said = f"{header.name}: {header.before}"
    if re.fullmatch(r"[\w :.-]*", said, re.ASCII):
        return f'"{said}${header.variable.name}"'
    return f'{shlex.quote(said)}"${header.variable.name}"'


# Python. No text in it holds a break between lines, so that lines can be moved to the right.


def _program(package: str, main: list[str], request: Request) -> str:
    """A whole file; `main` stands in its main function."""
    lines = [
        "import asyncio",
        *(["import os"] if _has_variables(request) else []),
        "",
        f"from {package} import get_client",
        "",
        "",
        "async def main() -> None:",
        *map(_indented, main),
        "",
        "",
        "asyncio.run(main())",
    ]
    return "\n".join(lines) + "\n"


def _client(request: Request) -> str:
    arguments = [f"url={_literal(request.url)}"]
    if request.has_key:
        arguments.append(f"api_key={_literal(Variable(API_KEY))}")
    if request.headers:
        named = [
            f"{_text(one.name)}: {_text(one.before) + ' + ' if one.before else ''}"
            f"{_literal(one.variable)}"
            for one in request.headers
        ]
        arguments.append(f"headers={_bracketed('{', named, '}')}")
    return _bracketed("get_client(", arguments, ")")


def _stream(request: Request) -> list[str]:
    """The loop over the stream."""
    body = {name: value for name, value in request.body.items() if name != "assistant_id"}
    arguments = [
        _literal(request.thread_id or None),
        _literal(request.body.get("assistant_id", "")),
        *(f"{name}={_literal(value)}" for name, value in body.items()),
    ]
    called = _bracketed("client.runs.stream(", arguments, ")", is_long=True)
    return [f"async for part in {called}:", "    print(part.event, part.data)"]


def _indented(code: str) -> str:
    return "\n".join(f"    {line}" for line in code.split("\n"))


def _literal(value: Any) -> str:
    """JSON as Python writes it, in one line where that is short."""
    match value:
        case Variable():
            return f'os.environ["{value.name}"]'
        case str():
            return _text(value)
        case dict():
            items = [f"{_text(str(name))}: {_literal(one)}" for name, one in value.items()]
            return _bracketed("{", items, "}")
        case list() | tuple():
            return _bracketed("[", list(map(_literal, value)), "]")
    return repr(value)


def _bracketed(begin: str, items: list[str], end: str, *, is_long: bool = False) -> str:
    inline = f"{begin}{', '.join(items)}{end}"
    if not is_long and "\n" not in inline and len(inline) <= _WIDTH:
        return inline
    return "\n".join([begin, *(_indented(f"{one},") for one in items), end])


def _text(text: str) -> str:
    """A text between double quotes; what cannot be seen is written as an escape."""
    quoted = repr(text)
    if quoted.startswith('"'):
        return quoted
    return '"' + quoted[1:-1].replace('"', '\\"').replace("\\'", "'") + '"'


def _has_variables(request: Request) -> bool:
    if request.has_key or request.headers:
        return True
    found: list[Variable] = []
    _json(request.body, lambda variable: found.append(variable) or "")
    return bool(found)


# JSON.


def _json(body: Json, placed: Callable[[Variable], str]) -> str:
    def plain(value: Any) -> Any:
        match value:
            case Variable():
                return placed(value)
            case dict():
                return {str(name): plain(one) for name, one in value.items()}
            case list() | tuple():
                return [plain(one) for one in value]
        return value

    return written(plain(body))


def _unused(body: Json) -> str:
    """A word that is nowhere in a body."""
    whole, number = str(body), 0
    while f"-{number}-" in whole:
        number += 1
    return f"{number}-"

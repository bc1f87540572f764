"""Tools that a model's provider runs itself: calls and results among the blocks of one message.

Read are LangChain's standard blocks (``server_tool_call``, ``server_tool_result``), Anthropic's
(``server_tool_use``, ``mcp_tool_use``, ``*_tool_result``), OpenAI's, where one item is call and
result (``web_search_call``...), and Google's (``executable_code``, ``code_execution_result``). Each
becomes a `ToolCall` with its result, as those of the agent's own tools are.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from chat_app.transcript import terminal, tools
from chat_app.transcript.message import ToolCall, ToolResult, ToolStatus

if TYPE_CHECKING:
    from collections.abc import Callable

    from chat_app.client.events import Json
    from chat_app.transcript.message import Part

_WORKING = {"in_progress", "searching", "interpreting", "generating", "queued", "calling"}
_BAD = {"failed", "error", "incomplete", "cancelled"}
_ERRORS = ("error_message", "message", "error_code", "error")
_STREAMS = ("stdout", "stderr", "logs")
"""Where the output of code is: of several the texts follow each other."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The result of a call in a block of its own. `call_id` may be empty: of the last call."""

    call_id: str
    name: str
    result: ToolResult


def call_of(block: Json, *, complete: bool) -> ToolCall | None:
    """The call in a block, with its result where that is in the same block; None for others."""
    kind = str(block.get("type"))
    if read := _ITEMS.get(kind):
        return read(block)
    if kind in _CALLS:
        name, args = block.get("name"), block.get("partial_json")
        for key in ("input", "args", "arguments"):
            args = args or block.get(key)
        more = block.get("extras")
        if name == "remote_mcp" and isinstance(more, dict):
            name = more.get("tool_name") or name
        is_whole = complete or (isinstance(args, dict) and bool(args))
        return _call(block, name, args, complete=is_whole)
    for key in ("executable_code", "executableCode"):
        if key in block:
            code = block[key]
            code, kept = (code, block) if isinstance(code, str) else (_in(code, "code"), code)
            language = _in(kept, "language")
            about = {"language": str(language).lower()} if language else {}
            return _call(block, "code_interpreter", {"code": code, **about}, complete=True)
    return None


def answer_of(block: Any) -> Answer | None:
    """The result in a block that holds nothing else; None for others."""
    if not isinstance(block, dict):
        return None
    kind = str(block.get("type"))
    if kind == "server_tool_result":
        extras = block.get("extras")
        error = block.get("status") == "error" or (isinstance(extras, dict) and "error" in extras)
        output = block.get("output")
        if output is None and isinstance(extras, dict):
            output = extras.get("error")
        return Answer(_word(block.get("tool_call_id")), "", result_of(output, error=error))
    if kind == "tool_search_output":
        return Answer(_word(block.get("id")), "tool_search", _listed(block.get("tools")))
    if kind.endswith("_tool_result"):
        name = kind.removesuffix("_tool_result")
        result = result_of(block.get("content"), error=block.get("is_error") is True)
        return Answer(_word(block.get("tool_use_id")), name, result)
    for key in ("code_execution_result", "codeExecutionResult"):
        if key in block:
            said = block[key]
            outcome = block.get("outcome", _in(said, "outcome"))
            output = said if isinstance(said, str) else _in(said, "output")
            error = outcome not in {None, 1, "OUTCOME_OK"} if _is_plain(outcome) else True
            result = result_of(output, error=error)
            return Answer(_word(block.get("tool_call_id")), "code_interpreter", result)
    return None


def join(parts: list[Part], answer: Answer) -> None:
    """Put a result to its call among `parts`; a result whose call is not there stands alone."""
    for place in range(len(parts) - 1, -1, -1):
        call = parts[place]
        if not isinstance(call, ToolCall) or not call.by_provider:
            continue
        if call.id == answer.call_id if answer.call_id else call.result is None:
            parts[place] = _answered(call, answer.result)
            return
    alone = ToolCall(answer.call_id, answer.name, "{}", ToolStatus.RUNNING, by_provider=True)
    parts.append(_answered(alone, answer.result))


def result_of(output: Any, *, error: bool = False) -> ToolResult:
    """What a provider's tool gave, as text where it is text, else as JSON without its ciphers."""
    if isinstance(output, dict) and output:
        return _of_fields(output, error=error)
    if isinstance(output, list) and output:
        return _of_list(output, error=error)
    words = output if isinstance(output, str) else _as_json(output) if output else ""
    return ToolResult(terminal.plain(words), error)


def _of_fields(output: Json, *, error: bool) -> ToolResult:
    is_error = str(output.get("type")).endswith("_error") or bool(output.get("error_code"))
    if is_error:
        said = (output.get(name) for name in _ERRORS)
        words = next((word for word in said if isinstance(word, str) and word), "")
        return ToolResult(words or _as_json(output), error=True)
    if any(name in output for name in _STREAMS):
        texts = [text for name in _STREAMS if isinstance(text := output.get(name), str) and text]
        code = output.get("return_code")
        failed = error or (isinstance(code, int) and code != 0)
        blocks = tuple(block for block in _dicts(output.get("content")) if "data" in block)
        return ToolResult(terminal.plain("\n".join(texts)), failed, blocks=blocks)
    return ToolResult(_as_json(output), error)


def _of_list(output: list[Any], *, error: bool) -> ToolResult:
    texts, blocks, others = [], [], []
    for item in output:
        match item:
            case {"type": "text", "text": str(text)} | {"type": "logs", "logs": str(text)}:
                texts.append(text)
            case {"type": "image"}:
                blocks.append(item)
            case _:
                others.append(item)
    if others:
        texts.append(_as_json(others))
    return ToolResult(terminal.plain("\n".join(texts)), error, blocks=tuple(blocks))


def _listed(output: Any, *, error: bool = False) -> ToolResult:
    return result_of(output if isinstance(output, list) else [], error=error)


def _as_json(value: Any) -> str:
    try:
        return json.dumps(_readable(value), ensure_ascii=False, default=str)
    except (RecursionError, ValueError):
        return ""


def _readable(value: Any) -> Any:
    """`value` without what only its provider can read, and without what is empty."""
    match value:
        case dict():
            return {
                key: _readable(item)
                for key, item in value.items()
                if not str(key).startswith("encrypted") and item is not None
            }
        case list():
            return [_readable(item) for item in value]
    return value


def _call(block: Json, name: Any, args: Any, *, complete: bool, key: str = "id") -> ToolCall:
    call = tools.call_of_block(
        {"id": block.get(key), "name": name, "args": args}, complete=complete
    )
    return replace(call, by_provider=True)


def _answered(call: ToolCall, result: ToolResult) -> ToolCall:
    status = ToolStatus.ERROR if result.error else ToolStatus.DONE
    return replace(tools.completed(call), result=result, status=status)


def _item(block: Json, name: Any, args: Any, output: Any, error: Any = None) -> ToolCall:
    """A call of OpenAI's, which is result as well as soon as its status says so."""
    call = _call(block, name, args, complete=True)
    status = block.get("status")
    if status in _WORKING if isinstance(status, str) else False:
        return call
    failed = bool(error) or (isinstance(status, str) and status in _BAD)
    return _answered(call, result_of(error or output, error=failed))


def _web_search(block: Json) -> ToolCall:
    action = block.get("action")
    action = action if isinstance(action, dict) else {}
    asked = {key: item for key, item in action.items() if key not in {"type", "sources"}}
    if asked.get("query"):
        asked.pop("queries", None)
    return _item(block, "web_search", asked, action.get("sources"), block.get("error"))


def _file_search(block: Json) -> ToolCall:
    found = [
        {key: item[key] for key in ("filename", "score", "text") if key in item}
        for item in _dicts(block.get("results"))
    ]
    return _item(block, "file_search", {"queries": block.get("queries") or []}, found)


def _code_interpreter(block: Json) -> ToolCall:
    outputs = _dicts(block.get("outputs"))
    return _item(block, "code_interpreter", {"code": block.get("code") or ""}, outputs)


def _mcp_call(block: Json) -> ToolCall:
    args = block.get("arguments")
    return _item(block, block.get("name"), args, block.get("output"), block.get("error"))


def _mcp_list_tools(block: Json) -> ToolCall:
    server = block.get("server_label")
    names = [_word(tool.get("name")) for tool in _dicts(block.get("tools"))]
    args = {"server": server} if server else {}
    return _item(block, "mcp_list_tools", args, "\n".join(filter(None, names)), block.get("error"))


def _mcp_approval(block: Json) -> ToolCall:
    return _call(block, block.get("name"), block.get("arguments"), complete=True)


def _tool_search(block: Json) -> ToolCall:
    return _call(block, "tool_search", block.get("arguments"), complete=True)


def _image(block: Json) -> ToolCall | None:
    """None where the picture is there: then it is what is to be seen."""
    if block.get("result"):
        return None
    prompt = block.get("revised_prompt")
    return _item(block, "image_generation", {"prompt": prompt} if prompt else {}, None)


def _of_client(name: str) -> Callable[[Json], ToolCall]:
    """A tool that OpenAI names and the agent runs: its result is a message, as ever."""

    def read(block: Json) -> ToolCall:
        action = block.get("action", block.get("operation"))
        given: Json = action if isinstance(action, dict) else {}
        args = {field: item for field, item in given.items() if field != "env"}
        key = "call_id" if block.get("call_id") else "id"
        return replace(_call(block, name, args, complete=True, key=key), by_provider=False)

    return read


def _dicts(value: Any) -> list[Json]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _in(value: Any, key: str) -> Any:
    return value.get(key) if isinstance(value, dict) else None


def _is_plain(value: Any) -> bool:
    return value is None or isinstance(value, str | int)


def _word(value: Any) -> str:
    return value if isinstance(value, str) else ""


_CALLS = {"server_tool_call", "server_tool_call_chunk", "server_tool_use", "mcp_tool_use"}
_ITEMS: dict[str, Callable[[Json], ToolCall | None]] = {
    "web_search_call": _web_search,
    "file_search_call": _file_search,
    "code_interpreter_call": _code_interpreter,
    "mcp_call": _mcp_call,
    "mcp_list_tools": _mcp_list_tools,
    "mcp_approval_request": _mcp_approval,
    "tool_search_call": _tool_search,
    "image_generation_call": _image,
    "computer_call": _of_client("computer"),
    "local_shell_call": _of_client("local_shell"),
    "shell_call": _of_client("shell"),
    "apply_patch_call": _of_client("apply_patch"),
}

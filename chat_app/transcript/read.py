"""One message as a server writes it in JSON, read into a `Message` or a `ToolResult`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chat_app.transcript import beside, citations, content, handoffs, terminal, think_tags, tools
from chat_app.transcript.cut_off import cut_off
from chat_app.transcript.message import (
    Failure,
    Forgotten,
    Message,
    Raw,
    Reasoning,
    Role,
    Text,
    ToolCall,
    ToolResult,
    Usage,
)

if TYPE_CHECKING:
    from chat_app.client.events import Json
    from chat_app.transcript.message import Part

PROVISIONAL = "#"
"""First character of an id that we made, from the position, for a message that has none."""

CONTINUES = "chat_continues"
"""In the ``additional_kwargs`` of a message: true if it asks for the rest of an answer."""

UNSEEN = "do-not-render-"
"""How the id of a message begins that is not to be shown, neither live nor later."""

_ROLES = {
    "human": Role.HUMAN,
    "user": Role.HUMAN,
    "ai": Role.ASSISTANT,
    "assistant": Role.ASSISTANT,
    "system": Role.SYSTEM,
    "developer": Role.SYSTEM,
}
_PERSONS = {"user", "human", "you", "me"}
"""Names under which programs write the person's own messages."""
_MOVED = {"usage_metadata", "invalid_tool_calls"}
_NO_ROLES = {"none", "chat", "generic", "tool", "function", "base", "message", ""}


def unwrapped(message: Json) -> Json:
    """The fields of a message, also where it comes as a serialised LangChain constructor."""
    fields, path = message.get("kwargs"), message.get("id")
    if isinstance(fields, dict) and isinstance(path, list) and path:
        return {"type": str(path[-1]), **fields}
    return _restored(message)


def _restored(message: Json) -> Json:
    """`message` with the fields that a server keeps elsewhere when a message is written to a state.

    LangChain reads a message of JSON with what it does not know among the ``additional_kwargs``.
    """
    extra = message.get("additional_kwargs")
    if not isinstance(extra, dict) or not (_MOVED & extra.keys()):
        return message
    moved = {name: extra[name] for name in _MOVED & extra.keys() if not message.get(name)}
    kept = {name: value for name, value in extra.items() if name not in moved}
    return {**message, **moved, "additional_kwargs": kept}


def kind_of(message: Json) -> str:
    """``ai``, ``human``, ``tool``, ``remove``...: whatever spelling the server has for it."""
    kind = message.get("type")
    if not isinstance(kind, str) or kind in {"chat", "ChatMessage", "ChatMessageChunk", "generic"}:
        kind = message.get("role")
    return str(kind).removesuffix("Chunk").removesuffix("Message").lower()


def id_of(message: Json) -> str:
    """The message's own id, empty where it has none."""
    return _word(message.get("id"))


def is_unseen(message: Json) -> bool:
    """Whether the id of a message says that it is not for the reader."""
    return id_of(message).startswith(UNSEEN)


def is_complete(message: Json) -> bool:
    """Whether a message says of itself that it is written to its end."""
    if message.get("chunk_position") == "last":
        return True
    about = message.get("response_metadata")
    return isinstance(about, dict) and bool(about.get("finish_reason") or about.get("stop_reason"))


def read(message: Json, *, id: str, complete: bool = True) -> Message:
    """One message that is no tool result. While not `complete`, its calls are being written."""
    about = message.get("response_metadata")
    about = about if isinstance(about, dict) else {}
    role, name = _speaker(message)
    if _source(message) == "summarization":
        words = content.parts(message.get("content"))
        said = "".join(part.text for part in words if isinstance(part, Text))
        return Message(id, Role.OTHER, (Forgotten(said or " "),))
    return Message(
        id=id,
        role=role,
        parts=_parts(message, of_person=role is Role.HUMAN, complete=complete),
        name=name,
        usage=_usage(message.get("usage_metadata"), about),
        model=_word(about.get("model_name")) or _word(about.get("model")),
        stopped=was_stopped(message),
        cut=cut_off(about),
        continues=role is Role.SYSTEM and continues(message),
    )


def _speaker(message: Json) -> tuple[Role, str]:
    """The role and the name. A graph speaks in the person's role for its agents, by a name."""
    kind, name = kind_of(message), _word(message.get("name"))
    role = _ROLES.get(kind, Role.OTHER)
    if role is Role.HUMAN and (_source(message) or continues(message)):
        return Role.SYSTEM, name
    if role is Role.HUMAN and name and name.lower() not in _PERSONS:
        return Role.ASSISTANT, name
    if role is Role.OTHER and not name and kind not in _NO_ROLES:
        return role, kind
    return role, name


def continues(message: Json) -> bool:
    """Whether this asks for the rest of an answer: see `CONTINUES`."""
    extra = message.get("additional_kwargs")
    return isinstance(extra, dict) and extra.get(CONTINUES) is True


def was_stopped(message: Json) -> bool:
    """Whether this stands for what a stop kept unwritten: see `chat_app.runs.save_partial`."""
    about = message.get("response_metadata")
    return isinstance(about, dict) and about.get("stopped") is True


def was_dismissed(message: Json) -> bool:
    """Whether this stands for the result of a call that a person left: see `runs.dismissing`."""
    about = message.get("response_metadata")
    return isinstance(about, dict) and about.get("dismissed") is True


def failed_with(message: Json) -> Failure | None:
    """The failure that ended this message, where one is noted: see `chat_app.runs.save_partial`."""
    about = message.get("response_metadata")
    failed = about.get("failed") if isinstance(about, dict) else None
    if not isinstance(about, dict) or not isinstance(failed, dict):
        return None
    words = _word(failed.get("error")), _word(failed.get("message"))
    return Failure(*words, checkpoint_id=_word(about.get("checkpoint_id")))


def _source(message: Json) -> str:
    """What of LangChain wrote a message in the person's role, such as ``summarization``."""
    extra = message.get("additional_kwargs")
    return _word(extra.get("lc_source")) if isinstance(extra, dict) else ""


def _parts(message: Json, *, of_person: bool, complete: bool) -> tuple[Part, ...]:
    """Content first; a call stands where its block stands, else after the content."""
    found = content.parts(message.get("content"), complete=complete, of_person=of_person)
    calls = tools.calls(message, complete=complete)
    if calls:
        found = [_as_parsed(part, calls) for part in found]
    if of_person:
        return (*found, *calls)
    found = _without_tags(found, complete=complete)
    if not any(isinstance(part, ToolCall) and part.by_provider for part in found):
        found = [*beside.tools(message), *found]
    thought = beside.thought(message)
    if thought and not any(isinstance(part, Reasoning) for part in found):
        found.insert(0, thought)
    found += beside.parts(message, found, complete=complete)
    # Not before the end: what stands last is what is being written.
    search = citations.search_of(message) if complete else None
    cited = citations.sources_of(message, found) if complete else None
    parts = (*found, *calls, *filter(None, (search, cited)))
    if handoffs.is_return(message) or handoffs.only_returns(parts):
        return handoffs.without_return(parts)
    return parts


def _without_tags(found: list[Part], *, complete: bool) -> list[Part]:
    """The parts, with the thoughts that stand in a text as parts of their own."""
    parts: list[Part] = []
    for part in found:
        if isinstance(part, Text) and not part.refused:
            is_open = not complete and part is found[-1]
            parts += think_tags.split(terminal.in_answer(part.text), complete=not is_open)
        else:
            parts.append(part)
    return parts


def _as_parsed(part: Part, calls: list[ToolCall]) -> Part:
    """A call of the content as the server parsed it, which is taken from `calls`."""
    if not isinstance(part, ToolCall) or part.by_provider:
        return part
    parsed = next((call for call in calls if call.id == part.id), None)
    if parsed is None:
        return part
    calls.remove(parsed)
    return parsed


def _usage(counted: Any, about: Json) -> Usage | None:
    """LangChain's own count, else what the provider sent (two common spellings)."""
    for usage in (counted, about.get("token_usage"), about.get("usage")):
        if isinstance(usage, dict) and usage:
            details = usage.get("output_token_details") or usage.get("completion_tokens_details")
            details = details if isinstance(details, dict) else {}
            return Usage(
                input=_count(usage, "input_tokens", "prompt_tokens"),
                output=_count(usage, "output_tokens", "completion_tokens"),
                reasoning=_count(details, "reasoning", "reasoning_tokens"),
            )
    return None


def _count(usage: Json, *names: str) -> int:
    found = (usage.get(name) for name in names)
    return next((value for value in found if isinstance(value, int)), 0)


def result(message: Json) -> ToolResult:
    """The result in a tool message."""
    found = content.parts(message.get("content"), of_tool=True)
    return ToolResult(
        content=terminal.plain("".join(part.text for part in found if isinstance(part, Text))),
        error=message.get("status") == "error",
        message_id=id_of(message),
        blocks=tuple(part.block for part in found if isinstance(part, Raw)),
        artifact=message.get("artifact"),
        handed_to=handoffs.destination_in(message.get("response_metadata")),
    )


def call_id_of(message: Json) -> str:
    """Which call a tool message answers, empty where it does not say."""
    if call_id := _word(message.get("tool_call_id")):
        return call_id
    # A function's result of the older kind: it names the function.
    name = _word(message.get("name")) if kind_of(message) == "function" else ""
    return tools.FUNCTION + name if name else ""


def is_result(message: Json) -> bool:
    """Whether a message is what a tool or a function returned."""
    return kind_of(message) in {"tool", "function"}


def alone(message: Json, *, id: str) -> Message:
    """A result whose call is nowhere: it reads like a call with its result."""
    name = _word(message.get("name"))
    bare = Message(id=id, role=Role.OTHER, name=name, stopped=was_stopped(message))
    return tools.alone(bare, call_id_of(message), name, result(message))


def _word(value: Any) -> str:
    return value if isinstance(value, str) else ""

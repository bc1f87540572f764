"""The request of a thread's last run, and the one that its next run would be started with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chat_app.client import NotFoundError
from chat_app.client.modes import FOR_A_CHAT
from chat_app.runs import langsmith
from chat_app.timeline.sent_request import body_of

if TYPE_CHECKING:
    from chat_app.client import LangGraphClient
    from chat_app.client.events import Json
    from chat_app.client.schema import RunOptions
    from chat_app.transcript.shapes import Shape


async def last(client: LangGraphClient, thread_id: str) -> tuple[str, Json]:
    """The id of the newest run of a thread, and the body that it was asked for with.

    Both are empty where there is none.

    Raises:
        LangGraphError: the server does not tell.
    """
    try:
        heads = await client.runs.list(thread_id, limit=1, select=("run_id",))
        if not heads:
            return "", {}
        run = await client.runs.get(thread_id, heads[0]["run_id"])
    except NotFoundError:
        return "", {}
    return str(run["run_id"]), body_of(run)


def following(  # noqa: PLR0913 - all that a run of a chat is made of
    client: LangGraphClient,
    assistant_id: str,
    shape: Shape,
    *,
    message: str,
    options: RunOptions,
    checkpoint_id: str = "",
) -> Json:
    """The body that the next message would be sent with, `message` in its place.

    Args:
        client: the server's client, which knows what the server understands.
        assistant_id: the assistant that answers.
        shape: of its graph.
        message: what is to be sent.
        options: what the thread asks for beside.
        checkpoint_id: where the run begins, if that is not the newest checkpoint.
    """
    asked: RunOptions = {
        "input": _input(shape, message),
        **FOR_A_CHAT,
        "on_disconnect": "continue",
        "multitask_strategy": "enqueue",
        **langsmith.options(client),
        **options,
    }
    if checkpoint_id:
        asked["checkpoint_id"] = checkpoint_id
    return client.runs.request_of(assistant_id, **asked)


def _input(shape: Shape, message: str) -> Any:
    if shape.takes == "text":
        return message
    if shape.takes == "form":
        return {}
    messages = [{"type": "human", "content": message}]
    return {shape.key: messages} if shape.key else messages

r"""The result of a person's review of a call, read from its tool message.

LangChain's human-in-the-loop middleware leaves the call as the model wrote it, and says the rest in
the words of the result (`langchain.agents.middleware.human_in_the_loop`, seen in 1.4):

- rejected: an error, ``User rejected the tool call for `send_email` with …``;
- edited: ``<notice> Executed instead: send_email with arguments {…}.``, then, where the tool said
  anything, ``\n\nTool response:\n`` and what it said. The notice can be set, also to nothing:
  then there is no such text.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from chat_app.client.events import Json

_REJECTED = "User rejected the tool call for `"
_EDITED = re.compile(r"\bExecuted instead: (\S{1,200}) with arguments (?={)")
_NOTICE = 2_000
"""Characters at the beginning of a result among which a notice is looked for."""
_RESPONSE = re.compile(r"\.(?:\s*Tool response:\n?)?")


class Edit(NamedTuple):
    """The call that ran in the place of the model's, and what the tool said."""

    name: str
    args: Json
    said: str


def is_rejection(error: str) -> bool:
    """Whether an error of a call is that a person did not let it run."""
    return error.startswith(_REJECTED)


def edit_in(content: str) -> Edit | None:
    """What a person made of the call that has this result; None where it ran as it was."""
    if not (notice := _EDITED.search(content, 0, _NOTICE)):
        return None
    try:
        args, end = json.JSONDecoder().raw_decode(content, notice.end())
    except (ValueError, RecursionError):
        return None
    if not (response := _RESPONSE.match(content, end)):
        return None
    return Edit(notice[1], args, content[response.end() :])

"""A client for LangGraph servers: httpx and server-sent events, no Reflex and no settings.

```
async with get_client(url=..., api_key=...) as client:
    thread = await client.threads.create()
    async for chunk in client.runs.stream(thread["thread_id"], "agent", input=...):
        print(chunk.event, chunk.data)
```

`get_client` gives a `LangGraphClient` with `assistants`, `threads`, `runs`, `crons` and `store`.
Their methods are named and called as those of `langgraph_sdk`. What a run streams are the classes
of `events`, always closed by one `RunEnd`; every error is a `LangGraphError` (the tree is
drawn in `errors`). The shapes of answers are in `schema`.
"""

from chat_app.client.client import LangGraphClient, get_client
from chat_app.client.errors import (
    AccessError,
    BadRequestError,
    Cause,
    ConflictError,
    InvalidError,
    LangGraphError,
    NotFoundError,
    NotLangGraphError,
    PersonRefusedError,
    RateLimitError,
    RunFailedError,
    ServerError,
    StatusError,
    TooLargeError,
    UnreachableError,
    UnsupportedError,
)
from chat_app.client.events import (
    Custom,
    Event,
    MessageDelta,
    MessagesComplete,
    MessagesMetadata,
    MessagesPartial,
    Metadata,
    Outcome,
    Reconnecting,
    RunEnd,
    RunError,
    Updates,
    Values,
)
from chat_app.client.lifecycle import Lifecycle
from chat_app.client.retry import RetryPolicy

__all__ = [
    "AccessError",
    "BadRequestError",
    "Cause",
    "ConflictError",
    "Custom",
    "Event",
    "InvalidError",
    "LangGraphClient",
    "LangGraphError",
    "Lifecycle",
    "MessageDelta",
    "MessagesComplete",
    "MessagesMetadata",
    "MessagesPartial",
    "Metadata",
    "NotFoundError",
    "NotLangGraphError",
    "Outcome",
    "PersonRefusedError",
    "RateLimitError",
    "Reconnecting",
    "RetryPolicy",
    "RunEnd",
    "RunError",
    "RunFailedError",
    "ServerError",
    "StatusError",
    "TooLargeError",
    "UnreachableError",
    "UnsupportedError",
    "Updates",
    "Values",
    "get_client",
]

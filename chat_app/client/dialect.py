"""The optional fields that a server does not support, learnt from its refusals and cached.

Servers of different versions and vendors accept different fields. A request that is refused with
the name of an optional field is retried without it, and later requests leave the field out.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from chat_app.client.errors import BadRequestError, InvalidError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from chat_app.client.schema import Json

_REFUSALS = (InvalidError, BadRequestError)


class Dialect:
    """Of one server. `route` names a kind of request, whatever ids are in its path."""

    def __init__(self) -> None:
        self._refused: dict[str, set[str]] = {}

    def refuses(self, route: str, field: str) -> bool:
        """Whether the server has refused this field there."""
        return field in self._refused.get(route, ())

    def remember(self, route: str, fields: Iterable[str]) -> None:
        """Leave these fields out from now on: a request was accepted without them."""
        self._refused.setdefault(route, set()).update(fields)

    async def ask(
        self,
        route: str,
        send: Callable[[Json], Awaitable[Any]],
        fields: Json,
        *,
        optional: Iterable[str],
    ) -> Any:
        """`send` the fields, without those of `optional` that the server refuses.

        Raises:
            LangGraphError: as `send`, where no optional field is the cause.
        """
        left_out = {field for field in optional if self.refuses(route, field)}
        while True:
            try:
                answer = await send({k: v for k, v in fields.items() if k not in left_out})
            except _REFUSALS as refused:
                blamed = named(refused, (fields.keys() & {*optional}) - left_out)
                if not blamed:
                    raise
                left_out |= blamed
            else:
                self.remember(route, left_out & fields.keys())
                return answer


def named(refused: InvalidError | BadRequestError, fields: Iterable[str]) -> set[str]:
    """Those of the fields that a refusal speaks of."""
    return {field for field in fields if re.search(rf"\b{field}\b", refused.detail)}

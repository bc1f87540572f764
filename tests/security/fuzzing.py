"""Packets that no page would send, drawn from a seed: odd events, and what is no event at all."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from reflex_base.registry import RegistrationContext

if TYPE_CHECKING:
    from random import Random

_LETTERS = "abz09 \0\x1b[31m\r\n\u202e\ud7ff\uffff🎈'\"<>{}$%\\/é"
_DEEPEST = 6
_BREAKING = 0.001
"""The share of packets that may close the socket."""


def handlers() -> dict[str, list[str]]:
    """All that a page may call by name, and the names of its arguments."""
    import chat_app.chat_app  # noqa: F401, PLC0415 - registers them

    found = {}
    for name, registered in RegistrationContext.get().event_handlers.items():
        arguments = registered.handler.fn.__code__
        found[name] = list(arguments.co_varnames[1 : arguments.co_argcount])
    return found


class Fuzzer:
    """Makes packets. `ids` are those of others, which an attacker has learned somewhere."""

    def __init__(self, dice: Random, ids: list[str]) -> None:
        self._dice = dice
        self._ids = ids
        self._handlers = handlers()
        self._names = sorted(self._handlers)

    def packet(self) -> str:
        """The text of one frame of a socket that is connected."""
        kind = self._dice.random()
        if kind < _BREAKING:
            return self._broken()
        if kind < 0.05:
            return f"42/_event,{json.dumps([self._text(), self._value()])}"
        return f"42/_event,{json.dumps(['event', self._event()])}"

    def _event(self) -> Any:
        if self._dice.random() < 0.03:
            return self._value()
        name = self._dice.choice(self._names)
        payload = {key: self._value() for key in self._handlers[name]}
        shape = self._dice.random()
        if shape < 0.1:
            name = self._dice.choice(
                [self._text(), name + "._x", name.rpartition(".")[0], "__init__"]
            )
        elif shape < 0.2:
            payload = self._dice.choice([self._value(), {}, payload | {self._text(): 1}])
        path = self._dice.choice(["/", f"/t/{self._id()}", self._text()])
        router = {"pathname": path, "asPath": path}
        return {
            "name": name,
            "payload": payload,
            "router_data": router if self._dice.random() < 0.9 else self._value(),
        }

    def _broken(self) -> str:
        whole = f"42/_event,{json.dumps(['event', self._event()])}"
        cut = whole[: self._dice.randrange(len(whole))]
        return self._dice.choice(
            [
                cut,
                "",
                "42",
                "42[]",
                "43/_event,1[]",
                "44/_event",
                "451-/_event,[]",
                "2probe",
                "41/_event,",
            ]
        )

    def _id(self) -> str:
        return self._dice.choice(self._ids)

    def _text(self) -> str:
        longest = self._dice.choice([0, 3, 40, 3000])
        return "".join(self._dice.choices(_LETTERS, k=longest))

    def _value(self, depth: int = 0) -> Any:
        simple = [
            lambda: None,
            lambda: self._dice.choice([True, False]),
            lambda: self._dice.choice([0, -1, 2**63, 10**400, 1.5, -1e308]),
            self._text,
            self._id,
            lambda: self._dice.choice(["__proto__", "constructor", "../..", "*", "0"]),
        ]
        if depth >= _DEEPEST or self._dice.random() < 0.7:
            return self._dice.choice(simple)()
        size = self._dice.choice([0, 1, 3])
        values = [self._value(depth + 1) for _ in range(size)]
        if self._dice.random() < 0.5:
            return values
        return {
            self._dice.choice([self._text(), "id", "type", "key", "text"]): value
            for value in values
        }

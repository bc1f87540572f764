"""The same as in `test_machine`, while people edit, regenerate and switch versions."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import rule

from chat_app.runs.machine import events
from tests.helpers.examples import examples
from tests.helpers.scripted_server import queued
from tests.runs import test_machine
from tests.runs.test_machine import Sent, picks, who


class ForkedThreads(test_machine.Threads):
    """One thread at a server, and two processes that show it."""

    @rule(process=who, pick=picks)
    def edit_sent(self, process: int, pick: int) -> None:
        message_id = f"m{len(self.sent)}"
        self.sent[message_id] = Sent(process, is_moved=True, senders=frozenset({process}))
        event = events.EditMessage(self.answered_id(pick), queued(message_id), message_id, "tab")
        self.do(process, event)

    @rule(process=who, pick=picks)
    def regenerate(self, process: int, pick: int) -> None:
        turn_id = f"regenerate {process} {self.fresh(process)}"
        self.do(process, events.Regenerate(self.answered_id(pick), turn_id))

    @rule(process=who, pick=picks, number=st.integers(1, 3))
    def show_version(self, process: int, pick: int, number: int) -> None:
        self.do(process, events.ShowVersion(self.answered_id(pick), number))

    def answered_id(self, pick: int) -> str:
        known = self.server.inputs
        return known[pick % len(known)] if known else "none"


TestForkedThreads = ForkedThreads.TestCase
TestForkedThreads.settings = examples(60, stateful_step_count=40)

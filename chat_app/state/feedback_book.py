"""The feedback of one person in one thread, shared by all tabs of that person which show it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from weakref import WeakSet, WeakValueDictionary

if TYPE_CHECKING:
    from chat_app.runs.feedback import Feedback


class Book:
    """As the server has it, and what is on its way there."""

    def __init__(self, person: str, thread_id: str) -> None:
        self.person = person
        self.thread_id = thread_id
        self.version = 0
        """Counts the changes."""
        self.given: dict[str, Feedback] = {}
        """By the id of the answer."""
        self.turns = asyncio.Lock()
        """What is pressed is written in this order."""
        self._subscribers: WeakSet[asyncio.Event] = WeakSet()

    @property
    def key(self) -> tuple[str, int]:
        """What is another one after each change, and in another thread."""
        return self.thread_id, self.version

    def subscribe(self, changed: asyncio.Event) -> None:
        """Set this event after each change, for as long as it exists."""
        self._subscribers.add(changed)

    def set(self, given: dict[str, Feedback]) -> None:
        """Show this in all tabs."""
        self.given = given
        self.version += 1
        for changed in self._subscribers:
            changed.set()


_books: WeakValueDictionary[tuple[str, str], Book] = WeakValueDictionary()


def book_of(person: str, thread_id: str) -> Book:
    """That of a person (by id) and a thread: the same one for as long as a tab has it."""
    book = _books.get((person, thread_id))
    if book is None:
        book = _books[person, thread_id] = Book(person, thread_id)
    return book

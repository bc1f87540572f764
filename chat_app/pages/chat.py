"""The one page: `/` is a new chat, `/t/<thread id>` a thread; `/inspect` after it its inspector.

All are one route, so that a new chat becomes a thread without the page being built anew: the
composer keeps its focus and the first message stays in its place.
"""

from __future__ import annotations

import reflex as rx

from chat_app import text
from chat_app.components.cards.ask import asking
from chat_app.components.composer.composer import composer
from chat_app.components.connection.connection import connection
from chat_app.components.connection.notice import notice
from chat_app.components.conversation.announcer import announcer
from chat_app.components.conversation.compare import comparison
from chat_app.components.conversation.find import find
from chat_app.components.conversation.new_chat import headline, starters
from chat_app.components.conversation.scroll import Scroll
from chat_app.components.conversation.transcript import transcript
from chat_app.components.inbox.inbox import inbox
from chat_app.components.inbox.schedules import schedules
from chat_app.components.inspector.inspector import inspector
from chat_app.components.navigation.header import header
from chat_app.components.navigation.import_chat import import_preview
from chat_app.components.navigation.replay import replay_bar
from chat_app.components.navigation.sidebar import sidebar
from chat_app.components.navigation.skip import skip_link
from chat_app.components.palette.palette import commands
from chat_app.components.panel.panel import panel
from chat_app.components.panel.workspace import workspace
from chat_app.components.prose.files import file_names
from chat_app.components.prose.image import ImageHosts
from chat_app.components.shared.words import WORDS, WordsProvider
from chat_app.components.sharing.share import share_dialogs
from chat_app.state.inbox import InboxState
from chat_app.state.replay import ReplayState
from chat_app.state.run import RunState
from chat_app.state.transcript import TranscriptState
from chat_app.state.view import ViewState

ROUTE = "/[[place]]/[[thread]]/[[view]]"


def chat() -> rx.Component:
    """Sidebar, the column of the conversation, the composer below it."""
    is_chat = InboxState.place == ""
    is_empty = TranscriptState.is_empty & (RunState.thread_id == "")
    is_new = is_chat & is_empty & ~ReplayState.active
    page = rx.el.div(
        skip_link(),
        sidebar(),
        rx.el.main(
            header(),
            rx.cond(InboxState.place == "inbox", inbox()),
            rx.cond(InboxState.place == "schedules", schedules()),
            Scroll.create(
                rx.cond(is_new, headline(), transcript()),
                thread=RunState.thread_id,
                sent=RunState.sent,
                count=TranscriptState.count,
                earlier=TranscriptState.earlier,
                more=text.EARLIER,
                latest=text.LATEST,
                label=text.CONVERSATION,
                on_earlier=TranscriptState.show_earlier,
            ),
            rx.el.div(
                connection(),
                notice(),
                replay_bar(),
                rx.cond(is_chat, rx.fragment(workspace(), composer()), asking()),
                class_name="foot",
            ),
            rx.cond(is_new, starters()),
            class_name="column",
            data_new=is_new,
            data_place=InboxState.place,
            data_selected=RunState.thread_id != "",
        ),
        panel(),
        inspector(),
        comparison(),
        share_dialogs(),
        import_preview(),
        announcer(),
        find(),
        commands(),
        file_names(),
        ImageHosts.create(hosts=ViewState.image_hosts),
        class_name="page",
        data_replay=rx.cond(ReplayState.active, "true", ""),
    )
    return WordsProvider.create(page, words=WORDS)

"""Every sentence and label that a person reads, by feature. A translation changes this folder only.

All of them are used as `text.NAME`. The JavaScript gets them as props (see
`chat_app.components.words` and the `words` of single components). A name in braces is filled in by
`str.format`, or by the browser. What is for operators and developers is not here: settings, logs,
and the exceptions of wrong calls.
"""

from chat_app.text.amounts import *  # noqa: F403 - this module is nothing but their names
from chat_app.text.announcements import *  # noqa: F403
from chat_app.text.branches import *  # noqa: F403
from chat_app.text.cards import *  # noqa: F403
from chat_app.text.commands import *  # noqa: F403
from chat_app.text.composer import *  # noqa: F403
from chat_app.text.conversation import *  # noqa: F403
from chat_app.text.errors import *  # noqa: F403
from chat_app.text.exporting import *  # noqa: F403
from chat_app.text.feedback import *  # noqa: F403
from chat_app.text.graphs import *  # noqa: F403
from chat_app.text.inbox import *  # noqa: F403
from chat_app.text.inspector import *  # noqa: F403
from chat_app.text.inspector_tabs import *  # noqa: F403
from chat_app.text.page import *  # noqa: F403
from chat_app.text.panel import *  # noqa: F403
from chat_app.text.prose import *  # noqa: F403
from chat_app.text.providers import *  # noqa: F403
from chat_app.text.questions import *  # noqa: F403
from chat_app.text.refusals import *  # noqa: F403
from chat_app.text.schedules import *  # noqa: F403
from chat_app.text.searching import *  # noqa: F403
from chat_app.text.sharing import *  # noqa: F403
from chat_app.text.signing_in import *  # noqa: F403
from chat_app.text.streams import *  # noqa: F403
from chat_app.text.temporary import *  # noqa: F403
from chat_app.text.threads import *  # noqa: F403
from chat_app.text.time_travel import *  # noqa: F403
from chat_app.text.timeline import *  # noqa: F403
from chat_app.text.titles import *  # noqa: F403

"""All times of the layer that starts, stops and reads runs, and its one retry policy.

Times are in seconds. The longest Stop follows from them: the cancel is sent at once and is retried
for `CANCEL_FOR`; after `CONFIRMED_WITHIN` the person is told that there is no answer yet; once it
is confirmed the stream may tell the rest for `STREAM_ENDS_WITHIN`, and the answer is saved within
`SAVED_WITHIN`. The pauses of a broken stream are those of the client (`chat_app.client.retry`).
"""

from __future__ import annotations

from chat_app.client import RetryPolicy

VIEW = 0.04
"""Between two views, of a run and of a tab: below it the eye sees no difference."""
LONGEST_VIEW = 0.25
"""The same where the process is too busy to keep up."""

CONFIRMED_WITHIN = 10.0
"""A cancel without an answer for so long is said to be unconfirmed."""
CANCEL_FOR = 60.0
"""A cancel is retried for so long where the server does not answer."""
STREAM_ENDS_WITHIN = 1.0
"""The stream of a cancelled run is read for so long, then it is closed."""
HEARD_WITHIN = 2.0
"""A run that is over at the server has so long to say so in its stream."""

SAVED_WITHIN = 15.0
"""What a stopped run wrote is saved within this, or not before the next run starts."""
SAVE_PAUSES = (0.2, 0.5, 1.0, 2.0, 4.0, 8.0)
"""Between the attempts to save it, while the server has yet to end the run."""
SAVED_ELSEWHERE_WITHIN = 1.0
"""Who stopped a run elsewhere has saved what it wrote by then."""

BUSY_FOR = 2.0
"""A thread that was busy with a run of another program is tried again after this."""
ENQUEUE_WITHIN = 60.0
"""A request to queue a message that is not answered for so long has failed."""

LINGER = 2.0
"""A thread without a tab is followed for so long. A tab itself may be away for longer, for a reload
or a short loss of the network: see `chat_app.state.presence`."""
RETURNED_FOR = 3600.0
"""A message that no browser has taken back is kept for so long."""
REPLAY = 1.0
"""A joined run tells its past within this; what begins later begins now."""
NOTE_EVERY = 2.0
"""Between two notes on the subgraphs of a run that goes on."""

SHAPE_FRESH_FOR = 60.0
"""The schemas of an assistant are read again after this: a server may load a graph anew."""
SHAPE_WITHIN = 5.0
"""A server must tell them within this; a chat does not wait longer."""
INFO_PAUSES = (0, 2, 10, 30, 120)
"""Before each request for what the server says of itself."""

LISTEN_SILENCE = 15.0
"""A notification stream without a byte for so long is dead; heartbeats come every 5."""
POLL = 2.0
"""Between two looks at a server that has no notification stream."""
POLL_FOR = 60.0
"""After this such a server is asked for the stream again."""
TEMPORARY_AWAY = 900.0
"""A temporary thread is kept for so long for a page that lost its connection and did not say that
it is closed."""
TITLE_WITHIN = 60.0
"""An assistant must have made a title within this."""
DELETE_AGAIN = (0.0, 1.0, 3.0, 10.0, 30.0, 60.0)
"""Before each attempt to delete it."""
DELETE_FOR = 180.0
"""After this it is left to the next sweep."""
TEMPORARY_FOR = 12 * 3600.0
"""One that no tab shows is deleted so long after its last change."""
SWEEP_EVERY = 3600.0
"""Between two looks for such threads."""
LIST = 2.0
"""Between two requests for the list of threads while a tab is visible."""
LIST_HIDDEN = 10.0
"""The same while all tabs are hidden."""
LIST_SHARE = 4.0
"""A request that takes long is made less often: after so many times as long as it took."""
ALONE = 4.0
"""Between two looks at a thread that is open and in no list."""
REST_SHARE = 0.1
"""Where nothing has happened for long it is asked less often: after this share of that time. Ten
minutes later a row of another program is up to a minute late, unless the person does something."""
REST_MOST = 600.0
"""But after this at the latest,"""
REST_SEEN = 60.0
"""or after this where a page is visible: a person may watch it from afar."""
LIST_PINNED = 30.0
"""Between two requests for the pinned ones, however old."""
LIST_LAG = 1.0
"""The server's list may lag behind the stream of a run for so long."""
INBOX_REFRESH, INBOX_REFRESH_HIDDEN = 30.0, 300.0
"""What waits for a person is read again after this, if the list of threads tells nothing of it."""
DELETED_AFTER = 9.0
"""A deleted thread is deleted at the server after this; the page offers to undo it for a second
less."""
DELETED_LATEST = 60.0
"""Another process that was to delete a thread has done so after this, or will never."""
REFRESH = 300.0
"""A page at rest renews its state after this: see ``rxconfig.py``."""

LIST_RETRY = RetryPolicy(pauses=(2, 2, 5, 10, 30))
"""Of the list of threads while requests for it fail."""
PROBE = RetryPolicy(pauses=(*[5.0] * 12, *[10.0] * 12, 15), jitter=0)
"""Of a server that is missing: every 5 seconds for a minute, then less often. Without jitter, for
there is one probe per process, and its countdown is shown."""
RETRY = RetryPolicy(tries=45, pauses=(0.5, 1, 2, 5, 10), silence=LISTEN_SILENCE)
"""Of every request that may be repeated: what it does is the same the second time."""

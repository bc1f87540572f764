"""How often the index asks the server, in seconds."""

from __future__ import annotations

from chat_app.client import RetryPolicy

BEGIN = 5.0
"""After a page was opened, unless the person searches before."""
CHECK = 60.0
"""Between two looks at the newest threads."""
BETWEEN_CHECKS = 1.0
"""The same at least, while the person is searching."""
SEARCHING_FOR = 20.0
"""After the last query the person is taken to be searching."""
SWEEP = 1800.0
"""Between two looks at all threads, to see which are gone."""
PAGE = 200
"""Threads that are listed at a time."""
AT_ONCE, BATCH = 50, 1.0
"""So many threads are read before what they say is written, or as many as in so long."""
SHARE, SHARE_SEARCHING = 3.0, 0.2
"""It rests for so many times as long as a request took; and while the person is searching."""
SHORTEST_REST = 0.005
UNWRITABLE = 300.0
"""After this a file that could not be written is tried again."""
RETRY = RetryPolicy(pauses=(2, 5, 10, 30, 60))
"""Of a server that does not answer."""
